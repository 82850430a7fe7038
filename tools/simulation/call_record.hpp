// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::simulation {

/// What one leg sent and heard, from the call's sample 0 on.
struct LegAudio {
    std::vector<std::int16_t> sent;
    std::vector<std::int16_t> heard;
};

/// The record of a call, simulated or live.
struct CallRecord {
    std::string call;    ///< Its id,
    std::string session; ///< and that of the platform; empty where it has none.
    PerLeg<SampleRate> rate{SampleRate::narrowband(), SampleRate::narrowband()};
    PerLeg<LegAudio> audio;
    std::vector<Outcome> outcomes;

    /// How long the call lasted, by leg a's clock.
    [[nodiscard]] double seconds() const {
        return rate[Leg::a].seconds(static_cast<SampleCount>(audio[Leg::a].sent.size()));
    }
};

} // namespace keytone::simulation
