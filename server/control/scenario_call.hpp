// SPDX-License-Identifier: MIT
//
// A scenario's call. It is driven from outside: by CallService, which has many, or by run_scenario_call(),
// which has one, and begins with place() instead of take().
#pragma once

#include "server/control/audio_room.hpp"
#include "server/control/call_control.hpp"
#include "server/control/scenario_agent.hpp"
#include "server/control/served_call.hpp"
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
    std::shared_ptr<CallRecording> recording{};     ///< Of the agent's part; null: none.
    AudioRoom* room = nullptr;                      ///< What records share; outlives the call and its result.
};

class ScenarioCall final : public ServedCall {
  public:
    /// `scenario`, `prompts`, `signalling` and `media` outlive it. Errors: those of the scenario's sounds.
    /// `[control]`
    static Result<std::unique_ptr<ScenarioCall>, std::string>
    create(const simulation::Scenario& scenario, ScenarioCallOptions options, PromptSource& prompts,
           Signalling& signalling, MediaThread& media);

    /// CallControl's own: leg a is called. Errors: one line. `[control]`
    std::optional<std::string> place(const std::string& to) { return control_.place(to); }
    [[nodiscard]] bool owns(DialogId dialog) const { return control_.owns(dialog); }

    std::optional<std::string> take(DialogId dialog, const IncomingCall& call) override {
        return control_.take(dialog, call);
    }
    void take(const SignallingFact& fact) override { control_.take(fact); }
    [[nodiscard]] const std::optional<DialogId>& dialog(Leg leg) const override {
        return control_.dialog(leg);
    }
    [[nodiscard]] bool submit(const CallEvent& /*event*/) override { return false; }
    [[nodiscard]] LiveCall& live() override { return control_.call(); }
    /// Records what was heard, too.
    void step() override;
    void end() override;
    [[nodiscard]] bool is_over() const override;
    [[nodiscard]] const std::optional<DialogEnded>& caller_end() const override {
        return control_.caller_end();
    }
    CallResult finish() override;
    [[nodiscard]] bool release() override { return control_.release(); }

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
    CallResult result_;
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
Result<CallResult, std::string> run_scenario_call(const simulation::Scenario& scenario,
                                                  const ScenarioCallOptions& options, const ScenarioRun& run,
                                                  PromptSource& prompts, Signalling& signalling,
                                                  MediaThread& media);

} // namespace keytone::server
