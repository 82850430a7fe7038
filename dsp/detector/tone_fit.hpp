// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/detector/tone_tracker.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/units.hpp"

#include <array>
#include <complex>
#include <cstdint>

namespace keytone {

/// One tone: Re(phasor · exp(j 2π frequency t)), t counted from the fit's `origin`.
struct FittedTone {
    Hertz frequency;
    std::complex<float> phasor; ///< Its magnitude is the tone's peak; full scale is 32768.

    /// Its mean square. `[any]`
    [[nodiscard]] double power() const noexcept { return 0.5 * static_cast<double>(std::norm(phasor)); }
};

/// Two tones fitted by least squares to a stretch of samples, and what they leave over.
struct ToneFit {
    std::array<FittedTone, 2> tones; ///< Low, high.
    double origin;                   ///< Sample index, fractional, that the phasors refer to.
    double tone_power;               ///< Mean square of the two tones.
    double residual_power;           ///< Mean square of what they leave over above some 80 Hz.
    /// Prediction gain of what is left over, from the two samples before each: 0 dB for white noise, and
    /// where it was not measured.
    Decibels residual_prediction_gain;
    /// Mean square of the level's deviation from sub-block to sub-block, as a share of the tones' power.
    double wavering;
    std::int64_t arrived;      ///< Sub-blocks that it was fitted to: all but those lost.
    simd::TonePairBasis basis; ///< The tones over any sub-block.
};

/// What is measured of what the tones leave over: its power alone, or its prediction gain as well.
enum class LeftOver : std::uint8_t { power, power_and_colour };

/// Fits both tones' amplitudes, phases and frequencies to the sub-blocks from `first` to before `end`: at
/// most 8, all within the tracker's history; lost ones are skipped. Frequencies start at `guess`. `[audio]`
ToneFit fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end, const TonePair& guess,
                  LeftOver measured = LeftOver::power_and_colour) noexcept;
/// The same, but measures nothing of what is left over where the tones, once they are fitted, do not make
/// that worth it; returns whether they did. `[audio]`
bool fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end, const TonePair& guess,
               LeftOver measured, ToneFit& fit, FunctionRef<bool()> is_worth_measuring) noexcept;

/// The likeliest first sample of the fitted tones, between sub-blocks `oldest` and `within`, in which they
/// sound: the one from which on they explain the samples best. `[audio]`
SampleIndex likeliest_onset(const ToneFit& fit, const ToneTracker& tracker, std::int64_t oldest,
                            std::int64_t within) noexcept;

/// The likeliest sample at which the fitted tones ended, from sub-block `within`, in which they sound, to the
/// last one. `[audio]`
SampleIndex likeliest_end(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within) noexcept;

/// The likeliest sample from which on the sound is no longer the fitted tones and what they leave over:
/// silence, noise, any other sound. Searches from the first sample of sub-block `within`, for 40 ms at most,
/// and before sub-block `end`. `[audio]`
SampleIndex likeliest_stop(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within,
                           std::int64_t end) noexcept;

} // namespace keytone
