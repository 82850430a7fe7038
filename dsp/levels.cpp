// SPDX-License-Identifier: MIT
#include "dsp/levels.hpp"

#include <cmath>

namespace keytone {

double sine_peak(Dbm0 level) {
    return amplitude_ratio(level - full_scale_sine);
}

Dbm0 sine_level(double peak) {
    return full_scale_sine + Decibels{20.0 * std::log10(peak)};
}

double sine_power_pcm16(Dbm0 level) {
    return 0.5 * std::pow(full_scale_pcm16 * sine_peak(level), 2.0);
}

Dbm0 mean_square_level(double mean_square) {
    return full_scale_sine + power_ratio(2.0 * mean_square);
}

Decibels power_ratio(double ratio) {
    return {10.0 * std::log10(ratio)};
}

double power_ratio(Decibels ratio) {
    return std::pow(10.0, ratio.value / 10.0);
}

double amplitude_ratio(Decibels ratio) {
    return std::pow(10.0, ratio.value / 20.0);
}

} // namespace keytone
