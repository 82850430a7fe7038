/* SPDX-License-Identifier: MIT */
/* The C samples of README.md and docs/embedding.md do what is said about them there. */
#include "samples_c.inc"
#include "tests/engine/c/check.h"

#include <math.h>

enum { frame = 160, line_length = 8000 };

/* µ-law by its definition: 14 bits, eight segments of 16 steps. */
static uint8_t to_ulaw(double sample) {
    const double magnitude = fmin(fabs(sample) / 4.0, 8158.0) + 33.0;
    int segment = 0;
    while (segment < 7 && magnitude >= 64 << segment) {
        ++segment;
    }
    return (uint8_t) ~((sample < 0.0 ? 0x80 : 0) | segment << 4 | (((int)magnitude >> (segment + 1)) & 15));
}

/* 200 ms of silence, the key 5 for 100 ms, silence. */
static void key_5(uint8_t codes[line_length]) {
    const double step = 2.0 * 3.14159265358979 / 8000.0;
    for (int i = 0; i < line_length; ++i) {
        const double tone = 8000.0 * (sin(770.0 * step * i) + sin(1336.0 * step * i));
        codes[i] = to_ulaw(i >= 1600 && i < 2400 ? tone : 0.0);
    }
}

static void the_readme_hears_a_digit(void) {
    keytone_detector* detector = NULL;
    uint8_t codes[line_length];
    char heard[8] = "";
    key_5(codes);
    CHECK_ERROR(keytone_detector_create(NULL, &detector), KEYTONE_OK);
    for (size_t at = 0; at < line_length; at += frame) {
        const char key = digit_of(detector, codes + at);
        if (key != 0 && strlen(heard) < 7) {
            heard[strlen(heard)] = key;
        }
    }
    CHECK(strcmp(heard, "5") == 0);
    keytone_detector_destroy(detector);
}

static void a_listening_leg_hears_a_key_once(void) {
    struct listening_leg leg;
    uint8_t codes[line_length];
    key_5(codes);
    CHECK_ERROR(leg_open(&leg, 7999), KEYTONE_ERROR_RATE);
    CHECK_ERROR(leg_open(&leg, 8000), KEYTONE_OK);
    for (size_t at = 0; at < line_length; at += frame) {
        if (at == 1920) {
            CHECK_ERROR(leg_lost(&leg, frame), KEYTONE_OK);
        } else {
            CHECK_ERROR(leg_packet(&leg, codes + at, frame), KEYTONE_OK);
        }
    }
    CHECK_ERROR(leg_packet(&leg, codes, 481), KEYTONE_ERROR_ARGUMENT);
    leg_close(&leg);
    CHECK(strcmp(leg.keys, "5") == 0);
}

static void append_key(void* user, const keytone_report* report) {
    char* keys = user;
    if (report->kind == KEYTONE_REPORT_BEGIN && strlen(keys) < 7) {
        keys[strlen(keys)] = report->key;
    }
}

static void a_call_presses_its_keys(void) {
    keytone_session* session = call_begin();
    keytone_detector* far_side = NULL;
    char keys[8] = "";
    int done = 0;
    CHECK(session != NULL);
    CHECK_ERROR(keytone_detector_create(NULL, &far_side), KEYTONE_OK);
    for (int i = 0; i < 100 && !done; ++i) {
        int16_t sent[frame] = {0};
        call_tick(session, NULL, sent, frame);
        CHECK_ERROR(keytone_detector_process(far_side, sent, frame, append_key, keys), KEYTONE_OK);
        done = call_poll(session);
    }
    CHECK(done);
    CHECK(strcmp(keys, "1*0") == 0);
    keytone_detector_destroy(far_side);
    keytone_session_destroy(session);
}

/* The key 5 as a tone, as events in the sample's own bytes, or as both: reported once. */
static void a_key_of_two_kinds_comes_out_once(int as_tone, int as_events) {
    static const uint32_t first = 0xFFFFFC00U; /* wraps during the key */
    struct rtp_leg leg;
    uint8_t codes[line_length];
    const int16_t silence[frame] = {0};
    key_5(codes);
    CHECK_ERROR(rtp_leg_open(&leg, first), KEYTONE_OK);
    for (size_t at = 0; at < line_length; at += frame) {
        const uint32_t now = first + (uint32_t)at;
        int16_t samples[frame];
        keytone_ulaw_decode(codes + at, frame, samples);
        if (as_events && at > 1600 && at <= 2400) {
            const unsigned duration = (unsigned)at - 1600;
            const uint8_t payload[4] = {5, at == 2400 ? 0x8a : 0x0a, (uint8_t)(duration >> 8),
                                        (uint8_t)(duration & 255)};
            for (int times = at == 2400 ? 3 : 1; times > 0; --times) {
                rtp_leg_event(&leg, first + 1600, at == 1760, payload, sizeof payload);
            }
        }
        if (at == 5 * 160) {
            rtp_leg_audio(&leg, now, NULL, frame);
        } else {
            rtp_leg_audio(&leg, now, as_tone ? samples : silence, frame);
        }
    }
    CHECK(strcmp(leg.keys, as_tone || as_events ? "5" : "") == 0);
    rtp_leg_close(&leg);
}

int main(void) {
    for (int kinds = 0; kinds < 4; ++kinds) {
        a_key_of_two_kinds_comes_out_once(kinds & 1, kinds & 2);
    }
    the_readme_hears_a_digit();
    a_listening_leg_hears_a_key_once();
    a_call_presses_its_keys();
    return report_checks();
}
