// SPDX-License-Identifier: MIT
//
// Sound for tests, in double precision, full scale being 1: made and measured by plain sums, without anything
// of dsp/, so that an error there cannot hide itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone::test {

using Signal = std::vector<double>;

/// Level of a full-scale sine, ITU-T G.711 (A-law).
inline constexpr double full_scale_sine_dbm0 = 3.14;

/// Samples in `ms` at `rate_hz`, to the nearest.
std::size_t sample_count(double ms, int rate_hz);

/// Level of the mean square, in dBm0; minus infinity for silence.
double level_dbm0(std::span<const double> signal);
/// The signal scaled to `dbm0` by its mean square. It must not be silent.
Signal at_level(Signal signal, double dbm0);

/// White noise, normally distributed, of level `dbm0` over the whole band. The same seed gives the same
/// noise.
Signal white_noise(std::size_t count, double dbm0, std::uint64_t seed);

/// Adds `added` from sample `at` on; extends `signal` where it is too short.
void mix_into(Signal& signal, std::span<const double> added, std::size_t at);
void append(Signal& signal, std::span<const double> tail);
void append_silence(Signal& signal, std::size_t count);

/// To 16 bits, full scale 32768, rounded and clipped.
std::vector<std::int16_t> to_pcm16(std::span<const double> signal);
Signal from_pcm16(std::span<const std::int16_t> samples);

} // namespace keytone::test
