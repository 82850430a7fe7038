// SPDX-License-Identifier: MIT
//
// Sound for tests, in double precision, full scale being 1: made and measured by plain sums, with nothing of
// dsp/, so that an error there cannot hide itself.
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

/// Level of the mean square; minus infinity for silence.
double level_dbm0(std::span<const double> signal);
/// The signal made louder or softer, to `dbm0` by its mean square. It must not be silent.
Signal at_level(Signal signal, double dbm0);

/// Normally distributed noise of `dbm0` over the whole band. The same seed gives the same noise.
Signal white_noise(std::size_t count, double dbm0, std::uint64_t seed);

/// Adds `added` from sample `at` on; grows `signal` where it ends too early.
void mix_into(Signal& signal, std::span<const double> added, std::size_t at);
void append(Signal& signal, std::span<const double> tail);
void append_silence(Signal& signal, std::size_t count);

/// To 16 bits, full scale 32768, rounded and clamped.
std::vector<std::int16_t> to_pcm16(std::span<const double> signal);
Signal from_pcm16(std::span<const std::int16_t> samples);

} // namespace keytone::test
