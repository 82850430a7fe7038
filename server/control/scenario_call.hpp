// SPDX-License-Identifier: MIT
//
// A scenario's call. It is driven from outside: by CallService, which has many, or by run_scenario_call(),
// which has one:
//
//     place() or take(), then take(fact) as facts come and step() every 20 ms at least,
//     until is_over(); finish() once; release() until it says true.
#pragma once

#include "server/control/audio_room.hpp"
#include "server/control/call_control.hpp"
#include "server/control/scenario_agent.hpp"
#include "tools/simulation/call_record.hpp"
#include "tools/simulation/scenario.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// How one is run.
struct ScenarioCallOptions {
    CallSetup setup;
    std::string id; ///< The call's; empty: the scenario's own, and its session's.
    /// Whom transfers may dial: CallRules::dial_allow.
    std::optional<std::vector<std::string>> dial_allow;
    std::function<void(const Outcome&)> on_outcome; ///< Told as it happens.
    bool records = true;                            ///< Else nothing is kept for a record.
    AudioRoom* room = nullptr;                      ///< What records share; outlives the call and its result.
};

/// What is left of it.
struct ScenarioCallResult {
    simulation::CallRecord record;
    AudioShare share;      ///< Of the record's audio.
    std::string recording; ///< A scenario that is this call again, for the simulator.
    PerLeg<StreamFigures> figures;
    std::uint64_t recorded_lost = 0; ///< Blocks of 20 ms that are missing in the record's audio.
    bool is_cut = false;             ///< The record's audio ends early, for want of room.
    bool answered = false;
    double seconds = 0.0;           ///< From the call's first sample to its end.
    std::optional<DialogEnded> end; ///< Of leg a.
};

class ScenarioCall {
  public:
    /// `scenario`, `prompts`, `signalling` and `media` outlive it. Errors: those of the scenario's sounds.
    /// `[control]`
    static Result<std::unique_ptr<ScenarioCall>, std::string>
    create(const simulation::Scenario& scenario, ScenarioCallOptions options, PromptSource& prompts,
           Signalling& signalling, MediaThread& media);

    /// CallControl's own: leg a is called, or calls. Errors: one line. `[control]`
    std::optional<std::string> place(const std::string& to) { return control_.place(to); }
    std::optional<std::string> take(DialogId dialog, const IncomingCall& call) {
        return control_.take(dialog, call);
    }
    [[nodiscard]] const std::optional<DialogId>& dialog(Leg leg) const { return control_.dialog(leg); }
    [[nodiscard]] bool owns(DialogId dialog) const { return control_.owns(dialog); }
    void take(const SignallingFact& fact) { control_.take(fact); }

    /// Submits what the agent asks for up to now, does what the policy wants, and records what was heard.
    /// `[control]`
    void step();
    /// Ends both legs: BYE or CANCEL. `[control]`
    void end();
    /// Leg a has hung up, or the scenario, the agent or end() has ended the call; and leg b has ended too, or
    /// the wait for its end is over. `[control]`
    [[nodiscard]] bool is_over() const;
    /// CallControl's own. `[control]`
    [[nodiscard]] const std::optional<DialogEnded>& caller_end() const { return control_.caller_end(); }
    /// What is left of the call; called once. `[control]`
    ScenarioCallResult finish();
    /// CallControl's own. `[control]`
    [[nodiscard]] bool release() { return control_.release(); }

  private:
    ScenarioCall(const simulation::Scenario& scenario, ScenarioCallOptions options,
                 std::unique_ptr<ScenarioAgent> agent, PromptSource& prompts, Signalling& signalling,
                 MediaThread& media);
    [[nodiscard]] bool is_to_end();
    void advance();
    void record();

    const simulation::Scenario& scenario_;
    ScenarioCallOptions options_;
    std::unique_ptr<ScenarioAgent> agent_;
    CallControl control_;
    ScenarioCallResult result_;
    std::vector<CallEvent> facts_;
    bool started_ = false;
    std::optional<std::chrono::steady_clock::time_point> ends_by_; ///< Once it is ending.
};

/// What only run_scenario_call() takes.
struct ScenarioRun {
    std::string to;                       ///< Who is called; empty: the next call that comes in.
    std::function<bool()> is_interrupted; ///< Asked now and then: ends the call.
    std::function<void()> on_step;        ///< Called every few milliseconds.
    std::function<void(const RegistrationChanged&)> on_registration;
};

/// Runs one call to its end; another that comes in meanwhile gets 486 Busy Here. Errors: one line, where
/// there was no call. `[control]`
Result<ScenarioCallResult, std::string> run_scenario_call(const simulation::Scenario& scenario,
                                                          const ScenarioCallOptions& options,
                                                          const ScenarioRun& run, PromptSource& prompts,
                                                          Signalling& signalling, MediaThread& media);

} // namespace keytone::server
