// SPDX-License-Identifier: MIT
//
// What a voice shows and a pressed key does not. Two harmonics of a voice may lie where a key's tones do, and
// for 40 ms as steadily. But they have neighbours at the pitch's distance, a fundamental below, repeat with
// the pitch, and sounded before, only a little higher or lower.
#pragma once

#include "dsp/detector/tone_fit.hpp"
#include "dsp/detector/tone_tracker.hpp"
#include "dsp/units.hpp"

#include <cstdint>

namespace keytone {

/// Of what two fitted tones leave over, and of what was there before them.
struct VoiceCues {
    /// Greatest normalised correlation of what is left with itself, 2.5 to 17.5 ms later: a pitch of 57 to
    /// 400 Hz. White noise stays below 0.3.
    double pitch_correlation;
    /// Geometric over arithmetic mean of its spectrum, 200-3400 Hz. White noise of 35 ms: -2.5 dB, rarely
    /// below -4.
    Decibels flatness;
    /// Its strongest line 60-320 Hz beside either tone, over the weaker tone.
    Decibels neighbour_over_tone;
    /// Its share below 600 Hz.
    Decibels share_below_600_hz;
    /// Level of the tones in the 12 ms before their onset over that while they sound, the mean of both, where
    /// it is least; -25 dB at least, 0 dB at most.
    Decibels before_over_tone;
};

/// Measures what `fit` leaves over from `onset` (but at most a sub-block before those fitted) to before
/// sub-block `end`, and what sounded before it. `[audio]`
VoiceCues measure_voice(const ToneFit& fit, const ToneTracker& tracker, std::int64_t first, std::int64_t end,
                        SampleIndex onset) noexcept;

} // namespace keytone
