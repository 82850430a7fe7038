// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"

#include <string>
#include <vector>

namespace keytone::simulation {

/// What happened in a call, in words, a line for each event: time, leg, description. Successive keys share a
/// line.
std::vector<std::string> tell_story(const std::vector<Outcome>& outcomes, const PerLeg<SampleRate>& rate);

} // namespace keytone::simulation
