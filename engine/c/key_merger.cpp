// SPDX-License-Identifier: MIT
#include "dsp/events/key_merger.hpp"

#include "engine/c/guard.hpp"

struct keytone_key_merger {
    keytone::KeyMerger merger;
};

using keytone::c::reports_to;

void keytone_key_merger_config_init(keytone_key_merger_config* config) {
    if (config != nullptr) {
        *config = {sizeof *config, 8000, 8000, 0, 150.0};
    }
}

keytone_error keytone_key_merger_create(const keytone_key_merger_config* config,
                                        keytone_key_merger** merger) {
    const auto wanted =
        keytone::c::read(config, keytone_key_merger_config_init, sizeof(keytone_key_merger_config));
    if (merger == nullptr || !wanted) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return keytone::c::guarded([&] {
        const auto rate = keytone::SampleRate::from_hz(wanted->rate_hz);
        const auto clock = keytone::SampleRate::from_hz(wanted->clock_hz);
        if (!rate || !clock) {
            return KEYTONE_ERROR_RATE;
        }
        *merger = new keytone_key_merger{keytone::KeyMerger({*rate, *clock, wanted->first_timestamp},
                                                            keytone::Milliseconds{wanted->window_ms})};
        return KEYTONE_OK;
    });
}

void keytone_key_merger_destroy(keytone_key_merger* merger) {
    delete merger;
}

keytone_error keytone_key_merger_hear_event(keytone_key_merger* merger, const keytone_key_report* report,
                                            keytone_key_sink sink, void* user) KEYTONE_NONBLOCKING {
    if (merger == nullptr || sink == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto event = keytone::c::event_of(report);
    if (!event) {
        return event.error();
    }
    merger->merger.hear(*event, reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_key_merger_hear_tone(keytone_key_merger* merger, const keytone_report* report,
                                           keytone_key_sink sink, void* user) KEYTONE_NONBLOCKING {
    if (merger == nullptr || sink == nullptr || report == nullptr || report->size < sizeof *report ||
        keytone::c::as_int(report->kind) < KEYTONE_REPORT_HINT ||
        keytone::c::as_int(report->kind) > KEYTONE_REPORT_END) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    const auto key = keytone::Key::from_character(report->key);
    if (!key) {
        return KEYTONE_ERROR_INVALID_DIGIT;
    }
    using keytone::DtmfReport;
    const DtmfReport tone{.kind = report->kind == KEYTONE_REPORT_HINT    ? DtmfReport::Kind::hint
                                  : report->kind == KEYTONE_REPORT_BEGIN ? DtmfReport::Kind::begin
                                                                         : DtmfReport::Kind::end,
                          .key = *key,
                          .onset = report->onset,
                          .duration = report->duration,
                          .low_level = keytone::Dbm0{report->low_dbm0},
                          .high_level = keytone::Dbm0{report->high_dbm0},
                          .low_frequency = keytone::Hertz{report->low_hz},
                          .high_frequency = keytone::Hertz{report->high_hz},
                          .snr = keytone::Decibels{report->snr_db}};
    merger->merger.hear(tone, reports_to(sink, user));
    return KEYTONE_OK;
}

keytone_error keytone_key_merger_reset(keytone_key_merger* merger) KEYTONE_NONBLOCKING {
    if (merger == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    merger->merger.reset();
    return KEYTONE_OK;
}
