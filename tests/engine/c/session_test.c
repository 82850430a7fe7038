/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <keytone/keytone.h>
#include <stdlib.h>

enum { block = 160 };

static const char header[] = "{\"v\":1,\"call\":\"c1\",\"rate\":8000}";

static void submit(keytone_session* session, const char* line) {
    CHECK_ERROR(keytone_session_submit(session, line, strlen(line)), KEYTONE_OK);
    CHECK(keytone_session_message(session)[0] == '\0');
}

/* Processes both legs for one block; what leg a sends is heard by `far_side`. */
static void tick(keytone_session* session, keytone_detector* far_side, keytone_report_sink sink, void* user) {
    int16_t heard[block] = {0};
    int16_t sent[block] = {0};
    int16_t other[block] = {0};
    CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_A, heard, sent, block), KEYTONE_OK);
    CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_B, NULL, other, block), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_process(far_side, sent, block, sink, user), KEYTONE_OK);
}

static void take(void* user, const keytone_report* report) {
    char* keys = user;
    if (report->kind == KEYTONE_REPORT_BEGIN && strlen(keys) < 30) {
        const size_t length = strlen(keys);
        keys[length] = report->key;
        keys[length + 1] = '\0';
    }
}

/* Whether an outcome that contains both texts was among those that came. */
static int polled(keytone_session* session, const char* a, const char* b) {
    int found = 0;
    for (;;) {
        const char* line = NULL;
        size_t length = 0;
        CHECK_ERROR(keytone_session_poll(session, &line, &length), KEYTONE_OK);
        if (line == NULL) {
            return found;
        }
        CHECK(length == strlen(line) && line[length - 1] == '\n');
        found = found || (strstr(line, a) != NULL && strstr(line, b) != NULL);
    }
}

static void presses_keys(void) {
    keytone_session_config config;
    keytone_session* session = NULL;
    keytone_detector* far_side = NULL;
    char keys[32] = "";
    char message[200];
    int done = 0;
    keytone_session_config_init(&config);
    config.header = header;
    CHECK_ERROR(keytone_session_create(&config, &session, message, sizeof message), KEYTONE_OK);
    CHECK(message[0] == '\0');
    CHECK_ERROR(keytone_detector_create(NULL, &far_side), KEYTONE_OK);
    submit(session, "{\"at\":0,\"ev\":\"leg.answered\",\"leg\":\"a\"}\n");
    submit(session, "{\"type\":\"based_call\",\"id\":\"b1\",\"name\":\"click_ivr\",\"args\":[\"1*0\"]}");
    for (int i = 0; i < 100 && !done; ++i) {
        tick(session, far_side, take, keys);
        done = polled(session, "\"action.completed\"", "\"b1\"");
    }
    CHECK(done);
    CHECK(strcmp(keys, "1*0") == 0);
    CHECK(keytone_session_position(session, KEYTONE_LEG_A) > 0);
    CHECK(keytone_session_position(session, KEYTONE_LEG_A) ==
          keytone_session_position(session, KEYTONE_LEG_B));
    keytone_detector_destroy(far_side);
    keytone_session_destroy(session);
}

struct voice {
    int spoken;
    int loaded;
};

static void speak(void* user, const char* text, int32_t rate_hz, keytone_prompt* prompt) {
    struct voice* voice = user;
    int16_t samples[800];
    for (size_t i = 0; i < 800; ++i) {
        samples[i] = (int16_t)(i % 2 == 0 ? 8000 : -8000);
    }
    ++voice->spoken;
    CHECK(strcmp(text, "Hello") == 0 && rate_hz == 8000);
    CHECK_ERROR(keytone_prompt_set(prompt, samples, (size_t)-1 / 4), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_prompt_set(prompt, samples, 800), KEYTONE_OK);
}

static void load(void* user, const char* name, int32_t rate_hz, keytone_prompt* prompt) {
    struct voice* voice = user;
    ++voice->loaded;
    CHECK(strcmp(name, "nothing") == 0 && rate_hz == 8000 && prompt != NULL);
}

static void speaks_by_the_host(void) {
    keytone_session_config config;
    keytone_prompt_source source = {sizeof source, NULL, speak, load};
    keytone_session* session = NULL;
    keytone_detector* far_side = NULL;
    struct voice voice = {0, 0};
    char keys[32] = "";
    source.user = &voice;
    keytone_session_config_init(&config);
    config.header = header;
    config.prompts = &source;
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_create(NULL, &far_side), KEYTONE_OK);
    submit(session, "{\"at\":0,\"ev\":\"leg.answered\",\"leg\":\"a\"}");
    submit(session, "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"say\",\"input\":{\"text\":\"Hello\"}}");
    for (int i = 0; i < 20; ++i) {
        tick(session, far_side, take, keys);
    }
    CHECK(voice.spoken == 1);
    CHECK(polled(session, "\"action.completed\"", "\"t1\""));
    submit(session, "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"say\",\"input\":{\"text\":\"Hi\","
                    "\"prompt\":\"nothing\"}}");
    CHECK(voice.loaded == 1);
    CHECK(polled(session, "nothing", "\"t2\""));
    keytone_detector_destroy(far_side);
    keytone_session_destroy(session);
}

static void says_what_is_wrong_with_a_line(void) {
    static const char* const bad_headers[] = {"", "{", "{\"v\":1}",
                                              "{\"at\":0,\"ev\":\"leg.answered\",\"leg\":\"a\"}",
                                              "{\"v\":1,\"call\":\"c\",\"rate\":7999}"};
    keytone_session_config config;
    keytone_session* session = NULL;
    char message[200];
    char tiny[4];
    static const int none = 3;
    keytone_session_config_init(&config);
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_ERROR_ARGUMENT);
    for (size_t i = 0; i < sizeof bad_headers / sizeof *bad_headers; ++i) {
        config.header = bad_headers[i];
        CHECK_ERROR(keytone_session_create(&config, &session, message, sizeof message), KEYTONE_ERROR_LINE);
        CHECK(strlen(message) > 10);
        CHECK_ERROR(keytone_session_create(&config, &session, tiny, sizeof tiny), KEYTONE_ERROR_LINE);
        CHECK(strlen(tiny) == 3 && strncmp(tiny, message, 3) == 0);
    }
    config.header = header;
    config.max_block_ms = 0.0;
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_ERROR_ARGUMENT);
    config.max_block_ms = 20.0;
    config.profile = "none";
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_ERROR_PROFILE);
    config.profile = NULL;
    CHECK(config.sensitivity == KEYTONE_SENSITIVITY_NORMAL);
    memcpy(&config.sensitivity, &none, sizeof none);
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_ERROR_ARGUMENT);
    config.sensitivity = KEYTONE_SENSITIVITY_STRICT;
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_OK);
    CHECK_ERROR(keytone_session_submit(session, "{\"ev\":1}", 8), KEYTONE_ERROR_LINE);
    CHECK(strlen(keytone_session_message(session)) > 10);
    CHECK_ERROR(keytone_session_submit(session, header, strlen(header)), KEYTONE_ERROR_LINE);
    CHECK(strstr(keytone_session_message(session), "keytone_session_create") != NULL);
    submit(session, "{\"at\":0,\"ev\":\"leg.answered\",\"leg\":\"a\"}");
    keytone_session_destroy(session);
}

static void refuses_what_cannot_be(void) {
    keytone_session_config config;
    keytone_session* session = NULL;
    const char* line;
    static int16_t samples[192001];
    keytone_session_config_init(&config);
    config.header = header;
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_OK);
    CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_A, NULL, samples, 0), KEYTONE_ERROR_BLOCK);
    CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_A, NULL, samples, 192001), KEYTONE_ERROR_BLOCK);
    CHECK_ERROR(keytone_session_process(session, (keytone_leg)2, NULL, samples, 1), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_A, samples, NULL, 1), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_process(NULL, KEYTONE_LEG_A, samples, samples, 1), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_submit(NULL, header, 1), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_submit(session, NULL, 1), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_poll(session, NULL, NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_poll(NULL, &line, NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_prompt_set(NULL, samples, 1), KEYTONE_ERROR_ARGUMENT);
    CHECK(keytone_session_position(NULL, KEYTONE_LEG_A) == 0);
    CHECK(keytone_session_message(NULL)[0] == '\0');
    keytone_session_destroy(session);
    keytone_session_destroy(NULL);
}

/* Two keys as packets: the samples are silent. */
static void sends_keys_as_packets(void) {
    static const char answered[] = "{\"ev\":\"leg.answered\",\"leg\":\"a\"}";
    static const char press[] =
        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"click_ivr\",\"input\":{\"digits\":\"5#\"}}";
    keytone_session_config config;
    keytone_session* session = NULL;
    keytone_telephone_event_packet packet;
    int32_t has_packet = 1;
    size_t markers = 0;
    int loudest = 0;
    keytone_session_config_init(&config);
    config.header = "{\"v\":1,\"call\":\"c1\",\"rate\":8000,\"options\":{\"keys\":\"events\"}}";
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_OK);
    CHECK_ERROR(keytone_session_submit(session, answered, strlen(answered)), KEYTONE_OK);
    CHECK_ERROR(keytone_session_submit(session, press, strlen(press)), KEYTONE_OK);
    for (int i = 0; i < 50; ++i) {
        int16_t sent[160] = {0};
        CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_A, NULL, sent, 160), KEYTONE_OK);
        for (int j = 0; j < 160; ++j) {
            loudest = abs(sent[j]) > loudest ? abs(sent[j]) : loudest;
        }
        for (has_packet = 1; has_packet;) {
            CHECK_ERROR(keytone_session_next_telephone_event(session, KEYTONE_LEG_A, &packet, &has_packet),
                        KEYTONE_OK);
            if (has_packet && packet.marker) {
                CHECK(packet.payload[0] == (markers == 0 ? 5 : 11));
                ++markers;
            }
        }
    }
    CHECK(markers == 2 && loudest == 0);
    CHECK_ERROR(keytone_session_next_telephone_event(NULL, KEYTONE_LEG_A, &packet, &has_packet),
                KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_next_telephone_event(session, KEYTONE_LEG_A, NULL, &has_packet),
                KEYTONE_ERROR_ARGUMENT);
    keytone_session_destroy(session);
}

/* A key that came as packets is heard, and the far end's answer says how keys go out. */
static void hears_keys_from_packets(void) {
    static const char answered[] = "{\"ev\":\"leg.answered\",\"leg\":\"a\"}";
    static const char press[] =
        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"click_ivr\",\"input\":{\"digits\":\"5\"}}";
    keytone_session_config config;
    keytone_session* session = NULL;
    keytone_key_report event = {0};
    keytone_telephone_event_packet packet;
    int32_t has_packet = 0;
    const char* line = NULL;
    int heard = 0;
    int packets = 0;
    keytone_session_config_init(&config);
    config.header = "{\"v\":1,\"call\":\"c1\",\"rate\":8000}";
    CHECK_ERROR(keytone_session_create(&config, &session, NULL, 0), KEYTONE_OK);
    CHECK_ERROR(keytone_session_submit(session, answered, strlen(answered)), KEYTONE_OK);
    CHECK_ERROR(keytone_session_submit(session, press, strlen(press)), KEYTONE_OK);
    CHECK_ERROR(keytone_session_set_key_form(session, KEYTONE_LEG_A, KEYTONE_KEYS_AS_EVENTS), KEYTONE_OK);
    event.size = sizeof event;
    event.kind = KEYTONE_REPORT_BEGIN;
    event.key = '7';
    event.onset = 1600;
    event.level_dbm0 = -10.0;
    for (int i = 0; i < 100; ++i) {
        int16_t sent[160] = {0};
        if (i == 10 || i == 20) {
            CHECK_ERROR(keytone_session_hear_key_event(session, KEYTONE_LEG_A, &event), KEYTONE_OK);
            event.kind = KEYTONE_REPORT_END;
            event.duration = 1600;
        }
        CHECK_ERROR(keytone_session_process(session, KEYTONE_LEG_A, sent, sent, 160), KEYTONE_OK);
        for (has_packet = 1; has_packet; packets += has_packet) {
            CHECK_ERROR(keytone_session_next_telephone_event(session, KEYTONE_LEG_A, &packet, &has_packet),
                        KEYTONE_OK);
        }
        while (keytone_session_poll(session, &line, NULL) == KEYTONE_OK && line != NULL) {
            heard += strstr(line, "\"digit.heard\"") != NULL && strstr(line, "\"digit\":\"7\"") != NULL;
        }
    }
    CHECK(heard == 1 && packets > 0);
    CHECK_ERROR(keytone_session_hear_key_event(NULL, KEYTONE_LEG_A, &event), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_hear_key_event(session, (keytone_leg)2, &event), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_hear_key_event(session, KEYTONE_LEG_A, NULL), KEYTONE_ERROR_ARGUMENT);
    event.kind = KEYTONE_REPORT_HINT;
    CHECK_ERROR(keytone_session_hear_key_event(session, KEYTONE_LEG_A, &event), KEYTONE_ERROR_ARGUMENT);
    event.kind = KEYTONE_REPORT_END;
    event.key = 'x';
    CHECK_ERROR(keytone_session_hear_key_event(session, KEYTONE_LEG_A, &event), KEYTONE_ERROR_INVALID_DIGIT);
    CHECK_ERROR(keytone_session_set_key_form(session, KEYTONE_LEG_A, (keytone_key_form)2),
                KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_session_set_key_form(NULL, KEYTONE_LEG_A, KEYTONE_KEYS_AS_TONES),
                KEYTONE_ERROR_ARGUMENT);
    keytone_session_destroy(session);
}

int main(void) {
    presses_keys();
    speaks_by_the_host();
    says_what_is_wrong_with_a_line();
    refuses_what_cannot_be();
    sends_keys_as_packets();
    hears_keys_from_packets();
    return report_checks();
}
