// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/signal.hpp"

#include <string_view>

namespace keytone::test {

/// The sixteen keys in the order of their RFC 4733 codes.
inline constexpr std::string_view all_keys = "0123456789*#ABCD";

/// One key as a caller's telephone sends it: two sines of ITU-T Q.23, switched on and off abruptly. Not made
/// by keytone's generator.
struct KeyPress {
    char key = '1'; ///< One of all_keys.
    double tone_ms = 100.0;
    double low_dbm0 = -10.0;
    double high_dbm0 = -8.0;
    double low_offset_percent = 0.0; ///< How far the frequency is from its nominal one.
    double high_offset_percent = 0.0;
    double low_phase = 0.0; ///< Phase of the sine at the first sample, in radians.
    double high_phase = 0.0;
};

Signal sound(const KeyPress& press, int rate_hz);

} // namespace keytone::test
