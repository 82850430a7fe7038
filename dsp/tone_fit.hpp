// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/tone_tracker.hpp"
#include "dsp/units.hpp"

#include <array>
#include <complex>

namespace keytone {

/// One tone: Re(phasor · exp(j 2π frequency t)), t counted from the fit's `origin`.
struct FittedTone {
    Hertz frequency;
    std::complex<double> phasor; ///< Its magnitude is the tone's peak; full scale is 32768.
};

/// Two tones laid by least squares through a stretch of samples, and what they leave over.
struct ToneFit {
    std::array<FittedTone, 2> tones; ///< Low, high.
    double origin;                   ///< Sample index, with a fraction, that the phasors refer to.
    double tone_power;               ///< Mean square of the two tones.
    double residual_power;           ///< Mean square of what they leave over above some 80 Hz.
    /// How far two earlier samples predict the next one of what is left over: 0 dB for white noise.
    Decibels residual_prediction_gain;
};

/// Fits both tones' amplitudes, phases and frequencies to the sub-blocks from `first` to before `end` (at
/// most 8, all within the tracker's history), passing over lost ones. Frequencies start at `guess`. `[audio]`
ToneFit fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end,
                  const TonePair& guess) noexcept;

/// How much of the fitted tones a sub-block holds, low and high: 1 where they sound as fitted, in phase;
/// about 0 where they do not. `[audio]`
std::array<double, 2> tone_shares(const ToneFit& fit, SubBlock samples, std::int64_t index) noexcept;

/// The likeliest first sample of the fitted tones: of all between sub-blocks `oldest` and `within`, in which
/// they sound, the one from which on they explain the samples best. `[audio]`
SampleIndex likeliest_onset(const ToneFit& fit, const ToneTracker& tracker, std::int64_t oldest,
                            std::int64_t within) noexcept;

/// The likeliest sample at which the fitted tones were over, from sub-block `within`, in which they sound, to
/// the last. `[audio]`
SampleIndex likeliest_end(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within) noexcept;

} // namespace keytone
