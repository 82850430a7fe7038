// SPDX-License-Identifier: MIT
#include "tests/support/key_press.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace keytone::test {

namespace {

double sine(double hz, double dbm0, double phase, std::size_t sample, int rate_hz) {
    const double peak = std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 20.0);
    return peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(sample) / rate_hz + phase);
}

} // namespace

Signal sound(const KeyPress& press, int rate_hz) {
    constexpr std::string_view keypad = "123A456B789C*0#D";
    constexpr std::array<double, 4> rows{697.0, 770.0, 852.0, 941.0};
    constexpr std::array<double, 4> columns{1209.0, 1336.0, 1477.0, 1633.0};
    const std::size_t position = keypad.find(press.key);
    const double low = rows.at(position / 4) * (1.0 + press.low_offset_percent / 100.0);
    const double high = columns.at(position % 4) * (1.0 + press.high_offset_percent / 100.0);

    Signal signal(sample_count(press.tone_ms, rate_hz));
    for (std::size_t i = 0; i < signal.size(); ++i) {
        signal[i] = sine(low, press.low_dbm0, press.low_phase, i, rate_hz) +
                    sine(high, press.high_dbm0, press.high_phase, i, rate_hz);
    }
    return signal;
}

} // namespace keytone::test
