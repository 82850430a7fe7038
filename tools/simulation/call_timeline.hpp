// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/picture/timeline.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "tools/simulation/call_simulation.hpp"

#include <string>
#include <vector>

namespace keytone::simulation {

/// A simulated call as a picture shows it. The samples stay the simulation's.
io::Timeline call_timeline(const std::string& title, const CallSimulation& call,
                           const PerLeg<SampleRate>& rate);

} // namespace keytone::simulation
