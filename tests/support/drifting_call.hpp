// SPDX-License-Identifier: MIT
#pragma once

#include "engine/rtp/jitter_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace keytone::test {

struct DriftingCallConfig {
    double hours = 1.0;
    double sender_ppm = 100.0; ///< How much faster the sender's clock is.
    double noise_dbm0 = -65.0; ///< On the line, at all times.
    double jitter_ms = 15.0;   ///< Delays are uniform from 0 to this, which is below 20 ms.
    std::uint64_t seed = 1;
};

struct DriftingCallResult {
    std::size_t pressed = 0;
    std::size_t heard = 0;
    std::string first_difference; ///< Where the keys heard differ from those pressed; empty for nowhere.
    JitterBufferFigures buffer;
    double worst_delay_ms = 0.0;
};

/// A call in which a key is pressed every few seconds; keytone's detector hears what the receiver plays.
DriftingCallResult run_drifting_call(const DriftingCallConfig& config);

} // namespace keytone::test
