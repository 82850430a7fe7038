// SPDX-License-Identifier: MIT
//
// What the tests of limits put together: sound, at 8 kHz unless told otherwise.
#pragma once

#include "tests/support/signal.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace keytone::test {

inline constexpr int rate_hz = 8000;

inline Signal tone(double hz, double ms, double dbm0 = -15.0, int rate = rate_hz) {
    Signal signal(sample_count(ms, rate));
    const double peak = std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 20.0);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] = peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(n) / rate);
    }
    return signal;
}

inline Signal silence(double ms, int rate = rate_hz) {
    return Signal(sample_count(ms, rate));
}

inline Signal joined(const std::vector<Signal>& parts) {
    Signal all;
    for (const Signal& part : parts) {
        append(all, part);
    }
    return all;
}

} // namespace keytone::test
