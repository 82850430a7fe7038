// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "engine/prompt.hpp"

namespace keytone {

/// One cadence of North America's ringing tone, to be sent in a loop: 2 s of 440 and 480 Hz at -19 dBm0 each,
/// and 4 s of silence (ITU-T E.180 Supplement 2, ANSI T1.401). `[control]`
PromptPtr ringback(SampleRate rate);

} // namespace keytone
