// SPDX-License-Identifier: MIT
//
// A call by script: the policy under test, with a host and an audio side that do what they are told, exactly
// at its sample, without any audio. The results are rendered as lines of text, for tables.
#pragma once

#include "engine/policy/call_policy.hpp"
#include "tests/support/scripted_leg.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace keytone::test {

/// Warnings as in a line of JSON, separated by commas.
std::string written(const std::vector<Warning>& warnings);

// Requests, written so that they read well.

struct Click : ClickIvr {
    explicit Click(std::string keys);
    Click& now();
    Click& tone_and_gap(double tone_ms, double gap_ms);
    Click& abcd();
    Click& secret();
    Click& wait(WaitFor wait);
};

struct TransferTo : Transfer {
    TransferTo() = default; ///< No number: that of the settings.
    explicit TransferTo(std::string number);
    TransferTo& ext(std::string keys);
    TransferTo& pause(double seconds);
    TransferTo& domain(std::string name);
    TransferTo& says(std::string words);
    TransferTo& refer();
    TransferTo& mode(ExtensionMode how);
    TransferTo& header(std::string name);
    TransferTo& secret();
    TransferTo& wait(WaitFor wait);
    TransferTo& machine(OnMachine rule, std::string words = {});
};

Say say(std::string text);
EndCall end_call();
EndCall end_now();
WaitFor wait_for(CueKind what, double min_ms, double max_ms, WaitFor::Fallback fallback);

Fact answered(Leg leg);
Fact ended(Leg leg, Fact::Reason reason = Fact::Reason::hangup);
Fact sip(int status);
Fact notify(int status);
Fact fact(Fact::Kind kind, Leg leg = Leg::a);

// Results as text. Op 2 of action 1 is `1/2`; where the id is known, it is `b1/2`.

std::string text(const Outcome& outcome);
std::string text(const PlannedOp& op);
std::string text(const PlannedCue& cue);
/// Ops, cues and outcomes of a step, in this order.
std::vector<std::string> lines(const CallStep& step);
/// A report about the op `key`.
MediaReport op_report(MediaReport::Kind kind, OpKey key, Leg leg, SampleIndex begin, SampleIndex end,
                      SampleCount lost = 0);

/// What the listeners of a leg report; who answered also opens the gate that waits for it there.
MediaReport tone_heard(Leg leg, ProgressTone tone, SampleIndex begin, SampleIndex known,
                       SpecialInformation information = SpecialInformation::none);
MediaReport tone_over(Leg leg, ProgressTone tone, SampleIndex end, SampleIndex known);
MediaReport answer_heard(Leg leg, AnsweredBy who, SampleIndex begin, SampleIndex known);

/// One thing to do at a sample of leg a's clock.
struct Entry {
    struct Ask {
        std::string id;
        Request request;
    };
    struct Wait {};

    SampleIndex at;
    std::variant<Ask, Fact, MediaReport, Wait> what;
};
Entry at(SampleIndex sample, std::string id, Request request);
Entry at(SampleIndex sample, Fact fact);
Entry at(SampleIndex sample, MediaReport report);
/// Only lets time pass.
Entry until(SampleIndex sample);

/// A call. The host asks leg a for samples until it was told to hang it up, or has reported its end; and leg
/// b from when it was told to dial it. Every prompt lasts one second, unless let_last() sets another length.
class CallScript {
  public:
    explicit CallScript(CallRules rules = {});

    /// Sets the length of a prompt of these words.
    void let_last(const std::string& words, SampleCount length);
    /// Holds reports of the audio side back until deliver().
    void hold_reports(bool hold) { holds_reports_ = hold; }
    void deliver();

    /// Lets time pass until leg a's sample, and then does it.
    void run(const Entry& entry);
    void run(const std::vector<Entry>& entries);
    /// Lets time pass.
    void run_to(SampleIndex sample);

    /// The results so far, one line each.
    [[nodiscard]] const std::vector<std::string>& told() const { return told_; }
    [[nodiscard]] const std::vector<Outcome>& outcomes() const { return outcomes_; }
    [[nodiscard]] const CallState& state() const { return state_; }
    [[nodiscard]] const CallRules& rules() const { return rules_; }
    [[nodiscard]] SampleIndex now(Leg leg) const;
    /// The step that an input would cause, without taking it.
    [[nodiscard]] CallStep preview(const Entry& entry) const;

  private:
    [[nodiscard]] HostInput input_of(const Entry& entry) const;
    void take(CallStep step);
    void obey(const Intent& intent, Leg leg);
    void collect(ScriptedLeg& leg);

    CallRules rules_;
    CallState state_;
    SampleIndex now_ = 0; ///< Leg a's clock.
    PerLeg<bool> asked_{true, false};
    std::vector<ScriptedLeg> legs_;
    std::vector<MediaReport> reports_;
    bool holds_reports_ = false;
    std::vector<Outcome> outcomes_;
    std::vector<std::string> told_;
};

} // namespace keytone::test
