// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <span>

namespace keytone::io {

/// Active speech level: silence longer than 200 ms does not count (ITU-T P.56, method B). Samples are
/// relative to full scale; minus infinity for silence. `[control]`
Dbm0 active_speech_level(std::span<const float> speech, int rate_hz);

/// The part of `speech` from 10 ms before the first to 10 ms after the last sample that is within 40 dB of
/// the loudest one; nothing when there is only silence. `[control]`
std::span<const float> trim_silence(std::span<const float> speech, int rate_hz);

/// Scales `speech` to `level`, or as near to it as a peak 3 dB below full scale allows: a later change of
/// rate may raise peaks. Silence stays silent. `[control]`
void set_speech_level(std::span<float> speech, int rate_hz, Dbm0 level);

} // namespace keytone::io
