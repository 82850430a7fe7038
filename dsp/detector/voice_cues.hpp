// SPDX-License-Identifier: MIT
//
// What a voice shows and a pressed key does not. Two harmonics of a voice may lie where a key's tones do, and
// be as steady for 40 ms. But they have neighbours at the distance of the pitch, a fundamental below, repeat
// at the pitch, and sounded before, only a little higher or lower.
#pragma once

#include "dsp/detector/tone_fit.hpp"
#include "dsp/detector/tone_tracker.hpp"
#include "dsp/units.hpp"

#include <cstdint>

namespace keytone {

/// Measures of what two fitted tones leave over (the residual), and of what was there before them.
struct VoiceCues {
    /// Greatest normalised autocorrelation of the residual at lags of 2.5 to 17.5 ms: a pitch of 57 to 400
    /// Hz. White noise stays below 0.3.
    double pitch_correlation;
    /// Spectral flatness of the residual, 200-3400 Hz: geometric over arithmetic mean. White noise of 35 ms
    /// has -2.5 dB, rarely less than -4.
    Decibels flatness;
    /// The residual's strongest line 60-320 Hz beside either tone, over the weaker tone.
    Decibels neighbour_over_tone;
    /// The residual's share of power below 600 Hz.
    Decibels share_below_600_hz;
    /// Level of the tones in the 12 ms before their onset over that while they sound: the mean of both tones,
    /// in the window where it is least; from -25 to 0 dB.
    Decibels before_over_tone;
};

/// The last of them, which costs a thirtieth of all. `[audio]`
Decibels before_over_tone(const ToneFit& fit, const ToneTracker& tracker, SampleIndex onset) noexcept;

/// Measures what `fit` leaves over, from `onset` (at most one sub-block before those fitted) to before
/// sub-block `end`, and what sounded before it. `[audio]`
VoiceCues measure_voice(const ToneFit& fit, const ToneTracker& tracker, std::int64_t first, std::int64_t end,
                        SampleIndex onset) noexcept;

} // namespace keytone
