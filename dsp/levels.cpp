// SPDX-License-Identifier: MIT
#include "dsp/levels.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace keytone {

namespace {

// lg x, off by less than 1e-15 of it or of 1. In half the time of the C library's, and the same on every
// machine: the exponent's part, and the series of the inverse hyperbolic tangent for what is left.
double common_logarithm(double x) {
    if (!(x >= std::numeric_limits<double>::min() && x <= std::numeric_limits<double>::max())) {
        return std::log10(x); // 0, what is nearly 0, and what has no logarithm
    }
    constexpr std::uint64_t root_of_half = 0x3fe6'a09e'667f'3bcdU;
    constexpr int fraction_bits = 52;
    // Halved or doubled until it lies between the root of a half and that of two.
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x) - root_of_half;
    const std::int64_t exponent = static_cast<std::int64_t>(bits) >> fraction_bits;
    const std::uint64_t fraction = bits & ((std::uint64_t{1} << fraction_bits) - 1U);
    const auto m = std::bit_cast<double>(fraction + root_of_half);
    const double t = (m - 1.0) / (m + 1.0);
    const double y = t * t;
    const double z = y * y;
    const double w = z * z;
    // In pairs: the processor need not wait for one product after the other.
    const double series =
        (1.0 + y * (1.0 / 3)) + z * (1.0 / 5 + y * (1.0 / 7)) +
        w * ((1.0 / 9 + y * (1.0 / 11)) + z * (1.0 / 13 + y * (1.0 / 15)) + w * (1.0 / 17 + y * (1.0 / 19)));
    constexpr double lg_2 = 0.30102999566398119521;
    constexpr double two_lg_e = 2.0 * 0.43429448190325182765;
    return static_cast<double>(exponent) * lg_2 + two_lg_e * t * series;
}

} // namespace

double sine_peak(Dbm0 level) {
    return amplitude_ratio(level - full_scale_sine);
}

Dbm0 sine_level(double peak) {
    return full_scale_sine + Decibels{20.0 * common_logarithm(peak)};
}

double sine_power_pcm16(Dbm0 level) {
    return 0.5 * std::pow(full_scale_pcm16 * sine_peak(level), 2.0);
}

Dbm0 mean_square_level(double mean_square) {
    return full_scale_sine + power_ratio(2.0 * mean_square);
}

Decibels power_ratio(double ratio) {
    return {10.0 * common_logarithm(ratio)};
}

double power_ratio(Decibels ratio) {
    return std::pow(10.0, ratio.value / 10.0);
}

double amplitude_ratio(Decibels ratio) {
    return std::pow(10.0, ratio.value / 20.0);
}

} // namespace keytone
