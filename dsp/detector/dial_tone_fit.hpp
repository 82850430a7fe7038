// SPDX-License-Identifier: MIT
//
// Fits a dial tone to samples by least squares. A fit costs a hundred times as much as the check whether it
// is worth while, which comes first.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// A dial tone of E.180: 350 and 440 Hz together, or a single one from 390 to 460 Hz.
struct DialToneFit {
    static constexpr std::size_t most_tones = 2;

    struct Tone {
        double radians_per_sample;
        std::complex<double> phasor; ///< At the first sample after those fitted; its magnitude is the peak.
    };

    std::array<Tone, most_tones> tone{};
    std::uint8_t tones = 0;
    double left_over = 1.0; ///< Share of the samples' power.
};

/// The dial tone in the samples, if it leaves no more than `most_left_over` of their power over; nothing when
/// there is none. Takes 240 to 320 samples at 8 kHz. `[audio]`
std::optional<DialToneFit> find_dial_tone(std::span<const std::int16_t> samples,
                                          double most_left_over) noexcept;

/// Fits tones of the frequencies of `known`, whatever its phasors, to the samples. `[audio]`
DialToneFit fit_known_dial_tone(std::span<const std::int16_t> samples, const DialToneFit& known) noexcept;

} // namespace keytone
