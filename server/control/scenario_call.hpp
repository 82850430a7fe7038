// SPDX-License-Identifier: MIT
#pragma once

#include "server/control/call_control.hpp"
#include "server/control/scenario_agent.hpp"
#include "tools/simulation/call_record.hpp"
#include "tools/simulation/scenario.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// How a scenario's call is run.
struct ScenarioCallOptions {
    std::string to; ///< Who is called; empty: the next call that comes in.
    CallSetup setup;
    std::function<bool()> is_interrupted;                            ///< Asked now and then: ends the call.
    std::function<void(const Outcome&)> on_outcome;                  ///< Told as it happens.
    std::function<void(const RegistrationChanged&)> on_registration; ///< The same.
    std::function<void()> on_step;                                   ///< Called every few milliseconds.
};

/// What is left of it.
struct ScenarioCallResult {
    simulation::CallRecord record;
    std::string recording; ///< A scenario that is this call again, for the simulator.
    PerLeg<StreamFigures> figures;
    std::uint64_t recorded_lost = 0; ///< Blocks of 20 ms that are missing in the record's audio.
    bool answered = false;
    std::optional<DialogEnded> end; ///< Of leg a.
};

/// Runs a scenario's requests on a real call, to its end: leg a hangs up, the scenario or the agent ends it,
/// or it is interrupted. Errors: one line, where no call came to be. `[control]`
Result<ScenarioCallResult, std::string> run_scenario_call(const simulation::Scenario& scenario,
                                                          const ScenarioCallOptions& options,
                                                          PromptSource& prompts, Signalling& signalling,
                                                          MediaThread& media);

} // namespace keytone::server
