// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

namespace keytone::playout {

/// The rate of the jitter buffer's clock, and of what it plays.
inline constexpr SampleRate rate = SampleRate::narrowband();
/// How much silence is played before a pause may be made shorter or longer: what separates two keys (Q.24: 40
/// ms), and a margin.
inline constexpr SampleCount least_pause = rate.samples(Milliseconds{60});
/// Samples that are tested for silence together. A detector hears in such parts, too.
inline constexpr SampleCount part = rate.samples(Milliseconds{5});

} // namespace keytone::playout
