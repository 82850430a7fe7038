/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <keytone/keytone.h>
#include <math.h>
#include <stdlib.h>

static void sends_the_same_samples_in_any_blocks(void) {
    enum { count = 8 * 200 * 8 };
    keytone_generator* generator = NULL;
    static int16_t whole[count];
    static int16_t parts[count];
    size_t written = 0;
    size_t at = 0;
    CHECK_ERROR(keytone_generator_create("12w3#", NULL, &generator), KEYTONE_OK);
    /* Four tones, gaps after the first and third, and a pause of half a second after the second. */
    CHECK(keytone_generator_length(generator) == 4 * 800 + 2 * 800 + 4000);
    CHECK_ERROR(keytone_generator_generate(generator, whole, count, &written), KEYTONE_OK);
    CHECK(written == (size_t)keytone_generator_length(generator));
    CHECK_ERROR(keytone_generator_reset(generator), KEYTONE_OK);
    for (size_t block = 1; at < written; block = block % 331 + 7) {
        size_t now = 0;
        CHECK_ERROR(keytone_generator_generate(generator, parts + at, block, &now), KEYTONE_OK);
        CHECK(now == block || at + now == written);
        at += now;
    }
    CHECK(memcmp(whole, parts, sizeof whole) == 0);
    CHECK(whole[400] != 0 || whole[401] != 0);
    keytone_generator_destroy(generator);
}

static void each_mistake_has_its_error(void) {
    keytone_tone_config tone;
    keytone_generator* generator = NULL;
    char many[130];
    size_t written;
    int16_t sample;
    memset(many, '1', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    keytone_tone_config_init(&tone);
    CHECK_ERROR(keytone_generator_create(NULL, &tone, &generator), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_generator_create("", &tone, &generator), KEYTONE_ERROR_EMPTY_DIGITS);
    CHECK_ERROR(keytone_generator_create(many, &tone, &generator), KEYTONE_ERROR_TOO_MANY_DIGITS);
    CHECK_ERROR(keytone_generator_create("12x", &tone, &generator), KEYTONE_ERROR_INVALID_DIGIT);
    CHECK_ERROR(keytone_generator_create("ww", &tone, &generator), KEYTONE_ERROR_PAUSE_ALONE);
    tone.tone_ms = 4.0;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_TONE);
    tone.tone_ms = NAN;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_TONE);
    keytone_tone_config_init(&tone);
    tone.gap_ms = 6001.0;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_GAP);
    keytone_tone_config_init(&tone);
    tone.edge_ms = 51.0;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_EDGE);
    keytone_tone_config_init(&tone);
    tone.low_dbm0 = 4.0;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_LEVEL);
    tone.low_dbm0 = 3.0;
    tone.high_dbm0 = 3.0;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_LEVEL_CLIPS);
    keytone_tone_config_init(&tone);
    tone.rate_hz = 8001;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_RATE);
    tone.size = 0;
    CHECK_ERROR(keytone_generator_create("1", &tone, &generator), KEYTONE_ERROR_ARGUMENT);
    CHECK(generator == NULL);
    CHECK_ERROR(keytone_generator_generate(NULL, &sample, 1, &written), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_generator_reset(NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK(keytone_generator_length(NULL) == 0);
    keytone_generator_destroy(NULL);
}

static void g711_there_and_back(void) {
    uint8_t codes[256];
    uint8_t again[256];
    int16_t samples[256];
    for (int i = 0; i < 256; ++i) {
        codes[i] = (uint8_t)i;
    }
    CHECK_ERROR(keytone_ulaw_decode(codes, 256, samples), KEYTONE_OK);
    CHECK(samples[0] == -32124 && samples[0x80] == 32124 && samples[0xff] == 0); /* Table 2b/G.711, times 4 */
    CHECK_ERROR(keytone_ulaw_encode(samples, 256, again), KEYTONE_OK);
    again[0x7f] = codes[0x7f]; /* negative zero */
    CHECK(memcmp(codes, again, 256) == 0);
    CHECK_ERROR(keytone_alaw_decode(codes, 256, samples), KEYTONE_OK);
    CHECK(samples[0xaa] == 32256 && samples[0x2a] == -32256); /* Table 1b/G.711, times 8 */
    CHECK_ERROR(keytone_alaw_encode(samples, 256, again), KEYTONE_OK);
    CHECK(memcmp(codes, again, 256) == 0);
    CHECK_ERROR(keytone_ulaw_decode(NULL, 1, samples), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_alaw_encode(samples, 1, NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_ulaw_encode(NULL, 0, NULL), KEYTONE_OK);
}

int main(void) {
    sends_the_same_samples_in_any_blocks();
    each_mistake_has_its_error();
    g711_there_and_back();
    return report_checks();
}
