/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <keytone/keytone.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LINES 600

static const char digits[] = "159D#*0A";

struct heard {
    char keys[64];
    size_t count;
    int64_t onset[64];
    int64_t duration[64];
};

static void take(void* user, const keytone_report* report) {
    struct heard* heard = user;
    CHECK(report->size == sizeof *report);
    if (report->kind == KEYTONE_REPORT_END && heard->count + 1 < sizeof heard->keys) {
        heard->onset[heard->count] = report->onset;
        heard->duration[heard->count] = report->duration;
        heard->keys[heard->count++] = report->key;
        heard->keys[heard->count] = '\0';
        CHECK(report->low_dbm0 > -11.0 && report->low_dbm0 < -9.0);
        CHECK(report->high_dbm0 > -9.0 && report->high_dbm0 < -7.0);
        CHECK(report->low_hz > 690.0 && report->high_hz < 1640.0);
        CHECK(report->snr_db > 30.0);
    }
}

static void count_key(void* user, const keytone_report* report) {
    struct heard* heard = user;
    heard->count += report->kind == KEYTONE_REPORT_BEGIN;
}

static void take_of_line(void* user, size_t index, const keytone_report* report) {
    struct heard* heard = user;
    CHECK(index < LINES);
    take(&heard[index], report);
}

/* The keys above as samples, followed by a second of silence. */
static size_t key_samples(int32_t rate_hz, int16_t** samples) {
    keytone_tone_config tone;
    keytone_generator* generator = NULL;
    size_t written = 0;
    size_t count;
    keytone_tone_config_init(&tone);
    tone.rate_hz = rate_hz;
    CHECK_ERROR(keytone_generator_create(digits, &tone, &generator), KEYTONE_OK);
    count = (size_t)keytone_generator_length(generator) + (size_t)rate_hz;
    *samples = calloc(count, sizeof **samples);
    CHECK_ERROR(keytone_generator_generate(generator, *samples, count, &written), KEYTONE_OK);
    CHECK(written == (size_t)keytone_generator_length(generator));
    keytone_generator_destroy(generator);
    return count;
}

static void hears_its_keys_at_every_rate(void) {
    static const int32_t rates[] = {8000,  11025, 12000, 16000, 22050, 24000,
                                    32000, 44100, 48000, 88200, 96000, 192000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; ++i) {
        keytone_detector_config config;
        keytone_detector* detector = NULL;
        struct heard heard = {{0}, 0, {0}, {0}};
        int16_t* samples = NULL;
        const size_t count = key_samples(rates[i], &samples);
        size_t at = 0;
        keytone_detector_config_init(&config);
        config.rate_hz = rates[i];
        config.profile = "q24";
        CHECK_ERROR(keytone_detector_create(&config, &detector), KEYTONE_OK);
        for (size_t block = 1; at < count; block = block % 977 + 1) {
            const size_t now = block < count - at ? block : count - at;
            CHECK_ERROR(keytone_detector_process(detector, samples + at, now, take, &heard), KEYTONE_OK);
            at += now;
        }
        CHECK_ERROR(keytone_detector_finish(detector, take, &heard), KEYTONE_OK);
        CHECK(strcmp(heard.keys, digits) == 0);
        CHECK(llabs(heard.onset[1] - rates[i] / 5) <= rates[i] / 500);
        CHECK(llabs(heard.duration[1] - rates[i] / 10) <= rates[i] / 250);
        keytone_detector_destroy(detector);
        free(samples);
    }
}

static void bridges_a_loss_and_counts_it(void) {
    keytone_detector* detector = NULL;
    struct heard heard = {{0}, 0, {0}, {0}};
    int16_t* samples = NULL;
    const size_t count = key_samples(8000, &samples);
    CHECK_ERROR(keytone_detector_create(NULL, &detector), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_process(detector, samples, 400, take, &heard), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_process_lost(detector, 160, take, &heard), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_process(detector, samples + 560, count - 560, take, &heard), KEYTONE_OK);
    CHECK(keytone_detector_position(detector) == (int64_t)count);
    CHECK(strcmp(heard.keys, digits) == 0);
    CHECK_ERROR(keytone_detector_reset(detector), KEYTONE_OK);
    CHECK(keytone_detector_position(detector) == 0);
    keytone_detector_destroy(detector);
    free(samples);
}

static void a_batch_hears_what_each_would(void) {
    static struct heard heard[LINES];
    static keytone_frame frames[LINES];
    int16_t* samples = NULL;
    const size_t count = key_samples(8000, &samples);
    memset(heard, 0, sizeof heard);
    for (size_t i = 0; i < LINES; ++i) {
        CHECK_ERROR(keytone_detector_create(NULL, &frames[i].detector), KEYTONE_OK);
        frames[i].count = 160;
    }
    for (size_t at = 0; at + 160 <= count; at += 160) {
        for (size_t i = 0; i < LINES; ++i) {
            frames[i].samples = samples + at;
        }
        CHECK_ERROR(keytone_process_batch(frames, LINES, take_of_line, heard), KEYTONE_OK);
    }
    for (size_t i = 0; i < LINES; ++i) {
        CHECK(strcmp(heard[i].keys, digits) == 0);
    }
    frames[LINES - 1].samples = NULL;
    CHECK_ERROR(keytone_process_batch(frames, LINES, take_of_line, heard), KEYTONE_ERROR_ARGUMENT);
    CHECK(keytone_detector_position(frames[0].detector) == (int64_t)(count / 160 * 160));
    CHECK_ERROR(keytone_process_batch(NULL, 0, take_of_line, heard), KEYTONE_OK);
    for (size_t i = 0; i < LINES; ++i) {
        keytone_detector_destroy(frames[i].detector);
    }
    free(samples);
}

/* How many of 60 keys are heard; the noise rises by a third of a decibel from key to key. */
static size_t heard_in_noise(const keytone_detector_config* config) {
    static char many[61];
    keytone_tone_config tone;
    keytone_generator* generator = NULL;
    keytone_detector* detector = NULL;
    struct heard heard = {{0}, 0, {0}, {0}};
    static int16_t samples[60 * 1600];
    uint32_t random = 1;
    double amplitude = 2000.0;
    size_t written = 0;
    memset(many, '5', sizeof many - 1);
    keytone_tone_config_init(&tone);
    tone.low_dbm0 = tone.high_dbm0 = -16.0;
    CHECK_ERROR(keytone_generator_create(many, &tone, &generator), KEYTONE_OK);
    CHECK_ERROR(keytone_generator_generate(generator, samples, sizeof samples / sizeof *samples, &written),
                KEYTONE_OK);
    keytone_generator_destroy(generator);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; ++i) {
        random = random * 1664525U + 1013904223U;
        samples[i] = (int16_t)(samples[i] + amplitude * ((double)(random >> 8) / 8388608.0 - 1.0));
        amplitude *= i % 1600 == 0 ? 1.04 : 1.0;
    }
    CHECK_ERROR(keytone_detector_create(config, &detector), KEYTONE_OK);
    CHECK_ERROR(
        keytone_detector_process(detector, samples, sizeof samples / sizeof *samples, count_key, &heard),
        KEYTONE_OK);
    keytone_detector_destroy(detector);
    return heard.count;
}

static void hears_by_its_sensitivity(void) {
    static const int none = 3;
    keytone_detector_config config;
    keytone_detector* detector = NULL;
    size_t normal;
    keytone_detector_config_init(&config);
    CHECK(config.sensitivity == KEYTONE_SENSITIVITY_NORMAL);
    normal = heard_in_noise(&config);
    CHECK(normal == heard_in_noise(NULL));
    config.sensitivity = KEYTONE_SENSITIVITY_STRICT;
    CHECK(heard_in_noise(&config) < normal);
    config.sensitivity = KEYTONE_SENSITIVITY_SENSITIVE;
    CHECK(heard_in_noise(&config) > normal);
    /* A program that was compiled without this member: its structure ends before it. */
    config.sensitivity = KEYTONE_SENSITIVITY_STRICT;
    config.size = offsetof(keytone_detector_config, sensitivity);
    CHECK(heard_in_noise(&config) == normal);
    config.size = sizeof config;
    memcpy(&config.sensitivity, &none, sizeof none);
    CHECK_ERROR(keytone_detector_create(&config, &detector), KEYTONE_ERROR_ARGUMENT);
    CHECK(detector == NULL);
}

static void refuses_what_cannot_be(void) {
    keytone_detector_config config;
    keytone_detector* detector = NULL;
    struct heard heard = {{0}, 0, {0}, {0}};
    const int16_t sample = 0;
    keytone_detector_config_init(&config);
    CHECK(config.size == sizeof config && config.rate_hz == 8000);
    CHECK_ERROR(keytone_detector_create(&config, NULL), KEYTONE_ERROR_ARGUMENT);
    config.rate_hz = 11000;
    CHECK_ERROR(keytone_detector_create(&config, &detector), KEYTONE_ERROR_RATE);
    config.rate_hz = 8000;
    config.profile = "q25";
    CHECK_ERROR(keytone_detector_create(&config, &detector), KEYTONE_ERROR_PROFILE);
    config.profile = NULL;
    config.size = 4;
    CHECK_ERROR(keytone_detector_create(&config, &detector), KEYTONE_ERROR_ARGUMENT);
    CHECK(detector == NULL);
    /* The structure of a later version is longer. */
    config.size = sizeof config + 64;
    CHECK_ERROR(keytone_detector_create(&config, &detector), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_process(NULL, &sample, 1, take, &heard), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_detector_process(detector, NULL, 1, take, &heard), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_detector_process(detector, &sample, 1, NULL, NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_detector_process(detector, NULL, 0, take, &heard), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_process_lost(detector, (size_t)-1, take, &heard), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_detector_finish(NULL, take, &heard), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_detector_reset(NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK(keytone_detector_position(NULL) == 0);
    keytone_detector_config_init(NULL);
    keytone_detector_destroy(detector);
    keytone_detector_destroy(NULL);
}

static void every_error_has_a_text_of_its_own(void) {
    CHECK(keytone_version() ==
          KEYTONE_VERSION_MAJOR * 10000 + KEYTONE_VERSION_MINOR * 100 + KEYTONE_VERSION_PATCH);
    for (int error = KEYTONE_OK; error <= KEYTONE_ERROR_BUSY; ++error) {
        const char* text = keytone_error_text((keytone_error)error);
        CHECK(strlen(text) > 5 && strchr(text, '\n') == NULL);
        for (int other = KEYTONE_OK; other < error; ++other) {
            CHECK(strcmp(text, keytone_error_text((keytone_error)other)) != 0);
        }
    }
}

int main(void) {
    hears_its_keys_at_every_rate();
    bridges_a_loss_and_counts_it();
    a_batch_hears_what_each_would();
    hears_by_its_sensitivity();
    refuses_what_cannot_be();
    every_error_has_a_text_of_its_own();
    return report_checks();
}
