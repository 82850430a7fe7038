// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <string_view>

namespace keytone::test {

/// Half a second of silence, `keys` of 100 ms each and 100 ms apart, and half a second more.
inline Signal key_sequence(std::string_view keys, int rate_hz) {
    Signal line;
    append_silence(line, sample_count(500.0, rate_hz));
    for (const char key : keys) {
        append(line, sound(KeyPress{.key = key}, rate_hz));
        append_silence(line, sample_count(100.0, rate_hz));
    }
    append_silence(line, sample_count(400.0, rate_hz));
    return line;
}

} // namespace keytone::test
