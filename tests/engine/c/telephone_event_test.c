/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <keytone/keytone.h>
#include <stdlib.h>

struct told {
    size_t begins;
    size_t ends;
    char last;
    uint32_t onset;
    int64_t duration;
    int inferred;
};

static void take(void* user, const keytone_key_report* report) {
    struct told* told = user;
    CHECK(report->size == sizeof *report);
    told->begins += report->kind == KEYTONE_REPORT_BEGIN;
    told->ends += report->kind == KEYTONE_REPORT_END;
    told->last = report->key;
    told->onset = report->onset;
    told->duration = report->duration;
    told->inferred = report->end_inferred;
}

struct both {
    keytone_key_merger* merger;
    struct told* told;
};

static void merge_event(void* user, const keytone_key_report* report) {
    struct both* both = user;
    CHECK_ERROR(keytone_key_merger_hear_event(both->merger, report, take, both->told), KEYTONE_OK);
}

static void merge_tone(void* user, const keytone_report* report) {
    struct both* both = user;
    CHECK_ERROR(keytone_key_merger_hear_tone(both->merger, report, take, both->told), KEYTONE_OK);
}

/* RFC 4733, 2.5.1: a key of 70 ms, a packet every 20 ms, the end three times. */
static void sends_a_key_as_packets(void) {
    static const uint8_t durations[] = {160 & 0xff, 320 & 0xff, 480 & 0xff,
                                        560 & 0xff, 560 & 0xff, 560 & 0xff};
    keytone_telephone_event_sender_config config;
    keytone_telephone_event_sender* sender = NULL;
    keytone_telephone_event_packet packet;
    int32_t has_packet = 0;
    size_t packets = 0;
    keytone_telephone_event_sender_config_init(&config);
    config.first_timestamp = 0xffffff00u;
    CHECK_ERROR(keytone_telephone_event_sender_create(&config, &sender), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_sender_send(sender, '#', 800, 560, -10.0), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_sender_send(sender, '1', 1000, 560, -10.0), KEYTONE_ERROR_BUSY);
    for (int64_t now = 0; now < 4000; now += 80) {
        for (;;) {
            CHECK_ERROR(keytone_telephone_event_sender_next(sender, now, &packet, &has_packet), KEYTONE_OK);
            if (!has_packet) {
                break;
            }
            CHECK(packet.size == sizeof packet && packet.timestamp == (uint32_t)(0xffffff00u + 800u));
            CHECK(packet.marker == (packets == 0));
            CHECK(packet.payload[0] == 11 && packet.payload[1] == ((packets >= 3 ? 0x80 : 0) | 10));
            CHECK(packets < 6 && packet.payload[3] == durations[packets]);
            ++packets;
        }
    }
    CHECK(packets == 6);
    keytone_telephone_event_sender_destroy(sender);
}

/* Every second packet is lost, including the last one; the tone comes as well. */
static void hears_a_key_once(void) {
    keytone_telephone_event_sender* sender = NULL;
    keytone_telephone_event_receiver* receiver = NULL;
    keytone_key_merger* merger = NULL;
    keytone_generator* generator = NULL;
    keytone_detector* detector = NULL;
    keytone_telephone_events_ignored ignored;
    struct told told = {0, 0, 0, 0, 0, 0};
    struct both both;
    int count = 0;
    CHECK_ERROR(keytone_telephone_event_sender_create(NULL, &sender), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_create(NULL, &receiver), KEYTONE_OK);
    CHECK_ERROR(keytone_key_merger_create(NULL, &merger), KEYTONE_OK);
    CHECK_ERROR(keytone_generator_create("5", NULL, &generator), KEYTONE_OK);
    CHECK_ERROR(keytone_detector_create(NULL, &detector), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_sender_send(sender, '5', 0, 800, -6.0), KEYTONE_OK);
    both.merger = merger;
    both.told = &told;
    for (uint32_t now = 0; now < 8000; now += 160) {
        int16_t samples[160] = {0};
        size_t written = 0;
        keytone_telephone_event_packet packet;
        int32_t has_packet = 1;
        while (has_packet) {
            CHECK_ERROR(keytone_telephone_event_sender_next(sender, now, &packet, &has_packet), KEYTONE_OK);
            if (has_packet && ++count % 2 == 1) {
                CHECK_ERROR(keytone_telephone_event_receiver_receive(
                                receiver, packet.timestamp, packet.marker, packet.payload,
                                sizeof packet.payload, merge_event, &both),
                            KEYTONE_OK);
            }
        }
        CHECK_ERROR(keytone_telephone_event_receiver_advance(receiver, now, merge_event, &both), KEYTONE_OK);
        CHECK_ERROR(keytone_generator_generate(generator, samples, 160, &written), KEYTONE_OK);
        CHECK_ERROR(keytone_detector_process(detector, samples, 160, merge_tone, &both), KEYTONE_OK);
    }
    CHECK_ERROR(keytone_telephone_event_receiver_finish(receiver, merge_event, &both), KEYTONE_OK);
    CHECK(count == 7);
    CHECK(told.begins == 1 && told.ends == 1 && told.last == '5' && told.onset == 0 && told.duration == 800);
    CHECK_ERROR(
        keytone_telephone_event_receiver_receive(receiver, 0, 0, (const uint8_t*)"123", 3, take, &told),
        KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_ignored(receiver, &ignored), KEYTONE_OK);
    CHECK(ignored.size == sizeof ignored && ignored.malformed == 1 && ignored.not_keys == 0);
    CHECK_ERROR(keytone_telephone_event_receiver_reset(receiver), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_ignored(receiver, &ignored), KEYTONE_OK);
    CHECK(ignored.malformed == 0);
    CHECK_ERROR(keytone_key_merger_reset(merger), KEYTONE_OK);
    keytone_telephone_event_sender_destroy(sender);
    keytone_telephone_event_receiver_destroy(receiver);
    keytone_key_merger_destroy(merger);
    keytone_generator_destroy(generator);
    keytone_detector_destroy(detector);
}

static void releases_a_held_key(void) {
    keytone_telephone_event_sender* sender = NULL;
    keytone_telephone_event_receiver* receiver = NULL;
    keytone_telephone_event_packet packet;
    struct told told = {0, 0, 0, 0, 0, 0};
    CHECK_ERROR(keytone_telephone_event_sender_create(NULL, &sender), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_create(NULL, &receiver), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_sender_send(sender, 'D', 160, 1000000, -6.0), KEYTONE_OK);
    for (int64_t now = 0; now < 100000; now += 160) {
        int32_t has_packet = 1;
        if (now == 80000) {
            CHECK_ERROR(keytone_telephone_event_sender_release(sender, now), KEYTONE_OK);
        }
        while (has_packet) {
            CHECK_ERROR(keytone_telephone_event_sender_next(sender, now, &packet, &has_packet), KEYTONE_OK);
            if (has_packet) {
                CHECK_ERROR(keytone_telephone_event_receiver_receive(
                                receiver, packet.timestamp, packet.marker, packet.payload, 4, take, &told),
                            KEYTONE_OK);
            }
        }
    }
    /* Longer than one packet can hold: it was split into segments. */
    CHECK(told.begins == 1 && told.ends == 1 && told.last == 'D' && told.duration == 80000 - 160);
    CHECK(told.inferred == 0);
    keytone_telephone_event_sender_destroy(sender);
    keytone_telephone_event_receiver_destroy(receiver);
}

/* The sender's clock is set back by 0.27 s between two presses of one digit: the numbers go on. A packet that
 * is late has an older one. */
static void tells_by_numbers_what_was_sent_when(void) {
    static const uint8_t update[] = {8, 10, 0, 160};
    static const uint8_t end[] = {8, 0x80 | 10, 1, 224};
    keytone_telephone_event_receiver* receiver = NULL;
    keytone_telephone_events_ignored ignored;
    struct told told = {0, 0, 0, 0, 0, 0};
    CHECK_ERROR(keytone_telephone_event_receiver_create(NULL, &receiver), KEYTONE_OK);
    CHECK_ERROR(
        keytone_telephone_event_receiver_receive_numbered(receiver, 65535, 4320, 0, update, 4, take, &told),
        KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_receive_numbered(receiver, 0, 4320, 0, end, 4, take, &told),
                KEYTONE_OK);
    CHECK_ERROR(
        keytone_telephone_event_receiver_receive_numbered(receiver, 20, 2160, 0, update, 4, take, &told),
        KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_receive_numbered(receiver, 21, 2160, 0, end, 4, take, &told),
                KEYTONE_OK);
    CHECK(told.begins == 2 && told.ends == 2 && told.onset == 2160 && told.duration == 480);
    CHECK_ERROR(keytone_telephone_event_receiver_receive_numbered(receiver, 15, 1000, 0, end, 4, take, &told),
                KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_ignored(receiver, &ignored), KEYTONE_OK);
    CHECK(told.begins == 2 && ignored.overtaken == 1);
    CHECK_ERROR(keytone_telephone_event_receiver_receive_numbered(receiver, 22, 1, 0, NULL, 4, take, &told),
                KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_receiver_receive_numbered(NULL, 22, 1, 0, end, 4, take, &told),
                KEYTONE_ERROR_ARGUMENT);
    keytone_telephone_event_receiver_destroy(receiver);
}

static void refuses_what_cannot_be(void) {
    keytone_telephone_event_sender_config config;
    keytone_telephone_event_receiver_config receiver_config;
    keytone_key_merger_config merger_config;
    keytone_telephone_event_sender* sender = NULL;
    keytone_telephone_event_receiver* receiver = NULL;
    keytone_key_merger* merger = NULL;
    keytone_telephone_event_packet packet;
    keytone_key_report report;
    keytone_report tone;
    struct told told = {0, 0, 0, 0, 0, 0};
    int32_t has_packet = 0;
    keytone_telephone_event_sender_config_init(&config);
    config.packet_ms = 4.0;
    CHECK_ERROR(keytone_telephone_event_sender_create(&config, &sender), KEYTONE_ERROR_PACKET_TIME);
    config.packet_ms = 20.0;
    config.clock_hz = 1;
    CHECK_ERROR(keytone_telephone_event_sender_create(&config, &sender), KEYTONE_ERROR_RATE);
    config.size = 1;
    CHECK_ERROR(keytone_telephone_event_sender_create(&config, &sender), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_sender_create(NULL, NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_sender_create(NULL, &sender), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_sender_send(sender, 'x', 0, 800, -6.0), KEYTONE_ERROR_INVALID_DIGIT);
    CHECK_ERROR(keytone_telephone_event_sender_send(sender, '1', 0, 0, -6.0), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_sender_send(NULL, '1', 0, 800, -6.0), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_sender_release(NULL, 0), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_sender_next(sender, 0, NULL, &has_packet), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_sender_next(sender, 0, &packet, NULL), KEYTONE_ERROR_ARGUMENT);
    keytone_telephone_event_receiver_config_init(&receiver_config);
    receiver_config.clock_hz = 0;
    CHECK_ERROR(keytone_telephone_event_receiver_create(&receiver_config, &receiver), KEYTONE_ERROR_RATE);
    CHECK_ERROR(keytone_telephone_event_receiver_create(NULL, &receiver), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_receive(receiver, 0, 0, NULL, 4, take, &told),
                KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_receiver_receive(receiver, 0, 0, NULL, 0, take, &told), KEYTONE_OK);
    CHECK_ERROR(keytone_telephone_event_receiver_advance(receiver, 0, NULL, NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_receiver_finish(NULL, take, &told), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_receiver_reset(NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_telephone_event_receiver_ignored(receiver, NULL), KEYTONE_ERROR_ARGUMENT);
    keytone_key_merger_config_init(&merger_config);
    merger_config.rate_hz = 7;
    CHECK_ERROR(keytone_key_merger_create(&merger_config, &merger), KEYTONE_ERROR_RATE);
    CHECK_ERROR(keytone_key_merger_create(NULL, &merger), KEYTONE_OK);
    memset(&report, 0, sizeof report);
    memset(&tone, 0, sizeof tone);
    CHECK_ERROR(keytone_key_merger_hear_event(merger, &report, take, &told), KEYTONE_ERROR_ARGUMENT);
    report.size = sizeof report;
    report.kind = KEYTONE_REPORT_BEGIN;
    CHECK_ERROR(keytone_key_merger_hear_event(merger, &report, take, &told), KEYTONE_ERROR_INVALID_DIGIT);
    tone.size = sizeof tone;
    CHECK_ERROR(keytone_key_merger_hear_tone(merger, &tone, take, &told), KEYTONE_ERROR_INVALID_DIGIT);
    CHECK_ERROR(keytone_key_merger_hear_tone(merger, NULL, take, &told), KEYTONE_ERROR_ARGUMENT);
    CHECK_ERROR(keytone_key_merger_reset(NULL), KEYTONE_ERROR_ARGUMENT);
    CHECK(told.begins == 0 && told.ends == 0);
    keytone_telephone_event_sender_destroy(sender);
    keytone_telephone_event_receiver_destroy(receiver);
    keytone_key_merger_destroy(merger);
    keytone_telephone_event_sender_destroy(NULL);
    keytone_telephone_event_receiver_destroy(NULL);
    keytone_key_merger_destroy(NULL);
}

int main(void) {
    sends_a_key_as_packets();
    hears_a_key_once();
    releases_a_held_key();
    tells_by_numbers_what_was_sent_when();
    refuses_what_cannot_be();
    return report_checks();
}
