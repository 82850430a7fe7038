// SPDX-License-Identifier: MIT
//
// What is passed from the audio thread to the control thread: plain values, with times on the leg's own
// clock.
#pragma once

#include "dsp/listener/progress_tone.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"

#include <cstdint>
#include <type_traits>

namespace keytone {

/// One thing that happened on a leg.
struct MediaReport {
    enum class Kind : std::uint8_t {
        op_started,     ///< `key` at `begin`.
        op_completed,   ///< `key` from `begin` to `end`; `expired` where a gate gave up waiting.
        op_failed,      ///< The same; its time had expired, or its gate was refused (`refused`).
        op_cancelled,   ///< `key` was cut at `end`; `begin` as well if it never started. `lost` samples were
                        ///< not sent.
        tone_sent,      ///< `key`'s tone number `index`, `digit`, from `begin` to `end`; `cut` if it was cut.
        masked,         ///< The agent's own audio was muted from `begin` to `end`.
        bridged,        ///< Both legs are connected from `begin`.
        digit_heard,    ///< `digit` came in from `begin` to `end`.
        sound_began,    ///< The far side began to be heard at `begin`, known at `end`.
        sound_ended,    ///< The far side was last heard at `begin`, known at `end`.
        dial_tone,      ///< Dial tone since `begin`, known at `end`.
        beep,           ///< A beep ended at `begin`, known at `end`.
        progress_began, ///< `tone` since `begin`, known at `end`; with `information` and `certainty`.
        progress_ended, ///< The same tone, or its cadence, ended at `begin`, known at `end`.
        answered_by,    ///< `who` answered, heard since `begin`, known at `end`.
    };

    Kind kind;
    Leg leg;
    char digit = 0;
    bool expired : 1 = false;
    bool refused : 1 = false;
    bool cut : 1 = false;
    bool by_event : 1 = false; ///< For digit_heard: it ended as a telephone event, so it is no echo.
    std::uint16_t index = 0;
    std::int16_t snr_tenths_db = 0; ///< For digit_heard: the two tones over everything else, in 0.1 dB; 0 for
                                    ///< one whose end came as a telephone event.
    OpKey key{};
    SampleIndex begin = 0;
    SampleIndex end = 0;
    std::int32_t lost = 0; ///< Samples: 12 hours at 48 kHz.
    ProgressTone tone = ProgressTone::dial;
    SpecialInformation information = SpecialInformation::none;
    AnsweredBy who = AnsweredBy::unknown;
    std::uint8_t certainty_percent = 0;
};

static_assert(std::is_trivially_copyable_v<MediaReport> && sizeof(MediaReport) == 40);

} // namespace keytone
