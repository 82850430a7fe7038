// SPDX-License-Identifier: MIT
//
// The lines of a short piece of sound between 300 and 700 Hz, where all call progress is: one for a tone, two
// for a pair, three for a tone whose level is modulated.
#pragma once

#include <cstdint>
#include <span>

namespace keytone {

/// What a piece of sound is made of.
struct BurstTone {
    enum class Kind : std::uint8_t { none, single, pair, modulated };
    Kind kind = Kind::none;
    float first_hz = 0.0F;  ///< The lower of a pair; the middle one of a modulated tone.
    float second_hz = 0.0F; ///< The higher of a pair; by what a modulated tone is modulated; 0 for one tone.
    float share = 0.0F;     ///< Of all the sound's power, what is in the lines.
};

/// Finds the lines of at most `most_samples` samples, which are averages of four of a stream of `stream_hz`.
/// `power` is the mean square of that stream over the same time. It is none where the lines surely have less
/// than `least_share` of it. The same bits on every machine. `[audio]`
BurstTone burst_tone(std::span<const std::int16_t> samples, double stream_hz, float power,
                     float least_share = 0.0F) noexcept;

inline constexpr int burst_decimation = 4;
/// 200 ms of a stream of 12 kHz.
inline constexpr int most_burst_samples = 600;

} // namespace keytone
