// SPDX-License-Identifier: MIT
#include "tools/simulation/line_noise.hpp"

#include <cmath>
#include <numbers>

namespace keytone::simulation {

namespace {

/// The output function of SplitMix64 (Steele, Lea and Flood, 2014): every bit of the input affects every bit
/// of the output.
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

} // namespace

double chance(std::uint64_t seed, std::uint64_t index) {
    constexpr double scale = 0x1.0p-53;
    return static_cast<double>(mixed(mixed(seed) + index) >> 11U) * scale;
}

double normal(std::uint64_t seed, std::uint64_t index) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - chance(seed, 2 * index)));
    return radius * std::cos(2.0 * std::numbers::pi * chance(seed, 2 * index + 1));
}

} // namespace keytone::simulation
