// SPDX-License-Identifier: MIT
//
// Lays a dial tone through samples by least squares. A fit takes a hundred times as long as to see that there
// is no use in one, which is seen first.
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// A dial tone of E.180: 350 and 440 Hz together, or any one from 390 to 460 Hz.
struct DialToneFit {
    static constexpr std::size_t most_tones = 2;

    struct Tone {
        double radians_per_sample;
        std::complex<double> phasor; ///< At the first sample behind those fitted; its magnitude is the peak.
    };

    std::array<Tone, most_tones> tone{};
    std::uint8_t tones = 0;
    double left_over = 1.0; ///< Share of the samples' power.
};

/// The dial tone that the samples hold and that leaves no more of them over than this share; nothing when
/// there is none. Of 240 samples or more, at most 320, at 8 kHz. `[audio]`
std::optional<DialToneFit> find_dial_tone(std::span<const std::int16_t> samples,
                                          double most_left_over) noexcept;

/// The same tones, whose phasors are anything, as the samples hold them. `[audio]`
DialToneFit fit_known_dial_tone(std::span<const std::int16_t> samples, const DialToneFit& known) noexcept;

} // namespace keytone
