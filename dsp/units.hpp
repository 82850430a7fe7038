// SPDX-License-Identifier: MIT
//
// Types for quantities that must not be mixed up: a frequency, a level, a ratio of levels, a duration, a
// position in samples.
#pragma once

#include <compare>
#include <cstdint>

namespace keytone {

/// A number in one unit. Sums, differences and scaling stay in the unit; nothing converts implicitly to
/// another.
template <class Unit>
struct Quantity {
    double value = 0.0;

    friend constexpr auto operator<=>(Quantity, Quantity) = default;
    friend constexpr Quantity operator-(Quantity a) { return {-a.value}; }
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return {a.value + b.value}; }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return {a.value - b.value}; }
    friend constexpr Quantity operator*(Quantity a, double factor) { return {a.value * factor}; }
    friend constexpr Quantity operator*(double factor, Quantity a) { return {factor * a.value}; }
    friend constexpr Quantity operator/(Quantity a, double divisor) { return {a.value / divisor}; }
    friend constexpr double operator/(Quantity a, Quantity b) { return a.value / b.value; }
};

/// Frequency in hertz.
using Hertz = Quantity<struct HertzUnit>;
/// Ratio of two powers, in decibels.
using Decibels = Quantity<struct DecibelsUnit>;
/// Duration in milliseconds.
using Milliseconds = Quantity<struct MillisecondsUnit>;

/// Level in dB relative to one milliwatt at the zero transmission level point (ITU-T G.711: see
/// dsp/levels.hpp). Two levels differ by decibels; they are never added.
struct Dbm0 {
    double value = 0.0;

    friend constexpr auto operator<=>(Dbm0, Dbm0) = default;
    friend constexpr Decibels operator-(Dbm0 a, Dbm0 b) { return {a.value - b.value}; }
    friend constexpr Dbm0 operator+(Dbm0 a, Decibels b) { return {a.value + b.value}; }
    friend constexpr Dbm0 operator-(Dbm0 a, Decibels b) { return {a.value - b.value}; }
};

/// Position on one stream's own clock, in samples; the stream's first sample is 0.
using SampleIndex = std::int64_t;
/// Length in samples.
using SampleCount = std::int64_t;

namespace literals {

constexpr Hertz operator""_Hz(long double v) {
    return {static_cast<double>(v)};
}
constexpr Hertz operator""_Hz(unsigned long long v) {
    return {static_cast<double>(v)};
}
constexpr Decibels operator""_dB(long double v) {
    return {static_cast<double>(v)};
}
constexpr Decibels operator""_dB(unsigned long long v) {
    return {static_cast<double>(v)};
}
constexpr Milliseconds operator""_ms(long double v) {
    return {static_cast<double>(v)};
}
constexpr Milliseconds operator""_ms(unsigned long long v) {
    return {static_cast<double>(v)};
}

} // namespace literals

} // namespace keytone
