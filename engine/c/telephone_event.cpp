// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event.hpp"

#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/events/telephone_event_sender.hpp"
#include "engine/c/guard.hpp"

#include <algorithm>

struct keytone_telephone_event_sender {
    keytone::TelephoneEventSender sender;
};

struct keytone_telephone_event_receiver {
    keytone::TelephoneEventReceiver receiver;
};

namespace keytone::c {

keytone_key_report report_of(const KeyReport& report) noexcept {
    keytone_key_report out{};
    out.size = sizeof out;
    out.kind = report.kind == KeyReport::Kind::begin ? KEYTONE_REPORT_BEGIN : KEYTONE_REPORT_END;
    out.source =
        report.source == KeyReport::Source::in_band ? KEYTONE_SOURCE_IN_BAND : KEYTONE_SOURCE_TELEPHONE_EVENT;
    out.key = report.key.character();
    out.onset = report.onset;
    out.duration = report.duration;
    out.level_dbm0 = report.level.value;
    out.end_inferred = report.end_inferred ? 1 : 0;
    return out;
}

Result<KeyReport, keytone_error> event_of(const keytone_key_report* report) noexcept {
    if (report == nullptr || report->size < sizeof *report ||
        (as_int(report->kind) != KEYTONE_REPORT_BEGIN && as_int(report->kind) != KEYTONE_REPORT_END)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto key = Key::from_character(report->key);
    if (!key) {
        return KEYTONE_ERROR_INVALID_DIGIT;
    }
    const bool begins = as_int(report->kind) == KEYTONE_REPORT_BEGIN;
    return KeyReport{.kind = begins ? KeyReport::Kind::begin : KeyReport::Kind::end,
                     .source = KeyReport::Source::telephone_event,
                     .key = *key,
                     .onset = report->onset,
                     .duration = report->duration,
                     .level = Dbm0{report->level_dbm0},
                     .end_inferred = report->end_inferred != 0};
}

} // namespace keytone::c

using keytone::c::reports_to;

void keytone_telephone_event_sender_config_init(keytone_telephone_event_sender_config* config) {
    if (config != nullptr) {
        *config = {sizeof *config, 8000, 20.0, 0};
    }
}

keytone_error keytone_telephone_event_sender_create(const keytone_telephone_event_sender_config* config,
                                                    keytone_telephone_event_sender** sender) {
    const auto wanted = keytone::c::read(config, keytone_telephone_event_sender_config_init,
                                         sizeof(keytone_telephone_event_sender_config));
    if (sender == nullptr || !wanted) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return keytone::c::guarded([&] {
        const auto clock = keytone::SampleRate::from_hz(wanted->clock_hz);
        if (!clock) {
            return keytone::c::error_of(clock.error());
        }
        const auto made = keytone::TelephoneEventSender::create(
            *clock, keytone::Milliseconds{wanted->packet_ms}, wanted->first_timestamp);
        if (!made) {
            return keytone::c::error_of(made.error());
        }
        *sender = new keytone_telephone_event_sender{*made};
        return KEYTONE_OK;
    });
}

void keytone_telephone_event_sender_destroy(keytone_telephone_event_sender* sender) {
    delete sender;
}

keytone_error keytone_telephone_event_sender_send(keytone_telephone_event_sender* sender, char key,
                                                  int64_t onset, int64_t duration,
                                                  double level_dbm0) KEYTONE_NONBLOCKING {
    if (sender == nullptr || duration < 1) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto pressed = keytone::Key::from_character(key);
    if (!pressed) {
        return KEYTONE_ERROR_INVALID_DIGIT;
    }
    return sender->sender.send({*pressed, onset, duration, keytone::Dbm0{level_dbm0}}) ? KEYTONE_OK
                                                                                       : KEYTONE_ERROR_BUSY;
}

keytone_error keytone_telephone_event_sender_release(keytone_telephone_event_sender* sender,
                                                     int64_t at) KEYTONE_NONBLOCKING {
    if (sender == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    sender->sender.release(at);
    return KEYTONE_OK;
}

keytone_error keytone_telephone_event_sender_next(keytone_telephone_event_sender* sender, int64_t now,
                                                  keytone_telephone_event_packet* packet,
                                                  int32_t* has_packet) KEYTONE_NONBLOCKING {
    if (sender == nullptr || packet == nullptr || has_packet == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto next = sender->sender.next(now);
    *has_packet = next ? 1 : 0;
    if (next) {
        *packet = {sizeof *packet, next->timestamp, next->marker ? 1 : 0, {}};
        std::ranges::copy(keytone::pack(next->event), packet->payload);
    }
    return KEYTONE_OK;
}

void keytone_telephone_event_receiver_config_init(keytone_telephone_event_receiver_config* config) {
    if (config != nullptr) {
        const keytone::TelephoneEventLimits limits;
        *config = {sizeof *config, 8000, limits.lost_end.value, limits.min_pause.value,
                   limits.max_reorder.value};
    }
}

keytone_error keytone_telephone_event_receiver_create(const keytone_telephone_event_receiver_config* config,
                                                      keytone_telephone_event_receiver** receiver) {
    const auto wanted = keytone::c::read(config, keytone_telephone_event_receiver_config_init,
                                         sizeof(keytone_telephone_event_receiver_config));
    if (receiver == nullptr || !wanted) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return keytone::c::guarded([&] {
        using keytone::Milliseconds;
        const auto clock = keytone::SampleRate::from_hz(wanted->clock_hz);
        if (!clock) {
            return keytone::c::error_of(clock.error());
        }
        const keytone::TelephoneEventLimits limits{.lost_end = Milliseconds{wanted->lost_end_ms},
                                                   .min_pause = Milliseconds{wanted->min_pause_ms},
                                                   .max_reorder = Milliseconds{wanted->max_reorder_ms}};
        *receiver = new keytone_telephone_event_receiver{keytone::TelephoneEventReceiver(*clock, limits)};
        return KEYTONE_OK;
    });
}

void keytone_telephone_event_receiver_destroy(keytone_telephone_event_receiver* receiver) {
    delete receiver;
}

keytone_error keytone_telephone_event_receiver_receive(keytone_telephone_event_receiver* receiver,
                                                       uint32_t timestamp, int32_t marker,
                                                       const uint8_t* payload, size_t payload_size,
                                                       keytone_key_sink sink,
                                                       void* user) KEYTONE_NONBLOCKING {
    if (receiver == nullptr || sink == nullptr || (payload == nullptr && payload_size > 0)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    receiver->receiver.receive(timestamp, marker != 0, {payload, payload_size}, reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_telephone_event_receiver_receive_numbered(keytone_telephone_event_receiver* receiver,
                                                                uint16_t sequence, uint32_t timestamp,
                                                                int32_t marker, const uint8_t* payload,
                                                                size_t payload_size, keytone_key_sink sink,
                                                                void* user) KEYTONE_NONBLOCKING {
    if (receiver == nullptr || sink == nullptr || (payload == nullptr && payload_size > 0)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    receiver->receiver.receive(sequence, timestamp, marker != 0, {payload, payload_size},
                               reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_telephone_event_receiver_advance(keytone_telephone_event_receiver* receiver,
                                                       uint32_t now, keytone_key_sink sink,
                                                       void* user) KEYTONE_NONBLOCKING {
    if (receiver == nullptr || sink == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    receiver->receiver.advance(now, reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_telephone_event_receiver_finish(keytone_telephone_event_receiver* receiver,
                                                      keytone_key_sink sink, void* user) KEYTONE_NONBLOCKING {
    if (receiver == nullptr || sink == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    receiver->receiver.finish(reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error
keytone_telephone_event_receiver_reset(keytone_telephone_event_receiver* receiver) KEYTONE_NONBLOCKING {
    if (receiver == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    receiver->receiver.reset();
    return KEYTONE_OK;
}

keytone_error
keytone_telephone_event_receiver_ignored(const keytone_telephone_event_receiver* receiver,
                                         keytone_telephone_events_ignored* ignored) KEYTONE_NONBLOCKING {
    if (receiver == nullptr || ignored == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const keytone::TelephoneEventsIgnored& counted = receiver->receiver.ignored();
    *ignored = {sizeof *ignored, counted.malformed, counted.not_keys, counted.no_duration, counted.overtaken};
    return KEYTONE_OK;
}
