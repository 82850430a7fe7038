// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/offered_rates.hpp"

#include <string_view>

namespace keytone {

/// Why a tone, a digit string, a detector or a telephone event could not be made.
enum class Error {
    empty_digits,
    too_many_digits,
    invalid_digit,
    pause_alone,
    tone_out_of_range,
    gap_out_of_range,
    edge_out_of_range,
    level_out_of_range,
    level_clips,
    rate_not_offered,
    packet_time_out_of_range,
    telephone_event_size,
};

/// One line that says what is wrong and what would be accepted.
constexpr std::string_view text(Error error) {
    switch (error) {
    case Error::empty_digits:
        return "no digits given: use 0-9 * # A-D, with w (0.5 s) and W (1 s) for pauses";
    case Error::too_many_digits:
        return "more than 128 digits and pauses in one string: send them in parts";
    case Error::invalid_digit:
        return "not a digit: use 0-9 * # A-D, with w (0.5 s) and W (1 s) for pauses";
    case Error::pause_alone:
        return "a pause alone sends nothing: add a digit";
    case Error::tone_out_of_range:
        return "the tone must last 5 to 6000 ms";
    case Error::gap_out_of_range:
        return "the gap must last 5 to 6000 ms";
    case Error::edge_out_of_range:
        return "the edges must last 0 ms to half the tone";
    case Error::level_out_of_range:
        return "a tone's level must be -60 to +3.14 dBm0";
    case Error::level_clips:
        return "the two tones together exceed full scale (+3.14 dBm0): lower one of them";
    case Error::rate_not_offered:
        return detail::rate_not_offered_text.view();
    case Error::packet_time_out_of_range:
        return "the packet time must be 5 to 50 ms";
    case Error::telephone_event_size:
        return "a telephone-event payload must be 4 bytes an event, of 1 to 32 events";
    }
    return "unknown error";
}

} // namespace keytone
