// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

namespace keytone::playout {

/// The jitter buffer's clock, and what it plays.
inline constexpr SampleRate rate = SampleRate::narrowband();
/// Silence that was played before a pause may be made shorter or longer: what parts two keys (Q.24: 40 ms),
/// and a margin.
inline constexpr SampleCount least_pause = rate.samples(Milliseconds{60});
/// What is looked at as a whole, for whether it is silence. A detector hears in such parts, too.
inline constexpr SampleCount part = rate.samples(Milliseconds{5});

} // namespace keytone::playout
