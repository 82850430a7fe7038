// SPDX-License-Identifier: MIT
#pragma once

#include "engine/outcome.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>

namespace keytone::test {

/// The promises of engine/outcome.hpp, kept account of over one call: numbers without gaps; every action
/// accepted once, started once, concluded once; every op that began has one end; every key in its turn.
class OutcomeLedger {
  public:
    /// Takes the next outcome of the call.
    void take(const Outcome& outcome) {
        demand(outcome.seq == last_seq_ + 1, outcome, "its number does not follow the last");
        last_seq_ = outcome.seq;
        demand(outcome.sample >= 0, outcome, "before the call");
        if (!outcome.replayed) {
            std::visit([&](const auto& what) { enter(outcome, what); }, outcome.what);
        }
    }

    /// What was wrong first; empty if nothing was.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// Outcomes so far.
    [[nodiscard]] std::uint64_t count() const { return last_seq_; }
    [[nodiscard]] std::size_t accepted() const { return actions_.size(); }
    [[nodiscard]] std::size_t rejected() const { return rejected_; }
    /// Actions that have no conclusion yet, and ops that have no end.
    [[nodiscard]] std::size_t open_actions() const { return actions_.size() - concluded_; }
    [[nodiscard]] std::size_t open_ops() const { return ops_begun_ - ops_ended_; }
    /// As the call counts them.
    [[nodiscard]] std::uint64_t reports_lost() const { return reports_lost_; }
    [[nodiscard]] bool session_completed() const { return session_completed_; }

  private:
    struct Action {
        bool started = false;
        bool concluded = false;
    };
    struct Op {
        bool begun = false;
        bool ended = false;
        std::int64_t last_tone = -1;
        SampleIndex last_tone_end = 0;
    };

    void demand(bool kept, const Outcome& outcome, const char* broken) {
        if (!kept && fault_.empty()) {
            fault_ = "outcome " + std::to_string(outcome.seq) + " of id '" + outcome.id + "': " + broken;
        }
    }

    void enter(const Outcome& outcome, const ActionAccepted&) {
        demand(actions_.emplace(outcome.id, Action{}).second, outcome, "accepted twice");
    }
    void enter(const Outcome& outcome, const ActionRejected& rejected) {
        demand(!rejected.why.message.empty(), outcome, "rejected without a word");
        ++rejected_;
    }
    void enter(const Outcome& outcome, const ActionStarted&) {
        Action& action = accepted_one(outcome);
        demand(!action.started && !action.concluded, outcome, "started twice, or too late");
        action.started = true;
    }
    void enter(const Outcome& outcome, const ActionCompleted& completed) {
        demand(completed.begin <= completed.end && completed.lost >= 0, outcome, "completed backwards");
        demand(accepted_one(outcome).started, outcome, "completed without a start");
        conclude(outcome);
    }
    void enter(const Outcome& outcome, const ActionFailed& failed) {
        demand(!failed.stage.empty() && !failed.why.message.empty(), outcome, "failed without a word");
        conclude(outcome);
    }
    void enter(const Outcome& outcome, const ActionCancelled& cancelled) {
        demand(cancelled.lost >= 0, outcome, "lost less than nothing");
        conclude(outcome);
    }
    void enter(const Outcome& outcome, const OpStarted& started) {
        Op& op = ops_[{outcome.id, started.op}];
        demand(!op.begun && !op.ended, outcome, "an op began twice, or after its end");
        op.begun = true;
        ++ops_begun_;
    }
    void enter(const Outcome& outcome, const OpEnded& ended) {
        Op& op = ops_[{outcome.id, ended.op}];
        demand(!op.ended, outcome, "an op ended twice");
        demand(ended.begin <= ended.end, outcome, "an op ended before it began");
        op.ended = true;
        ops_ended_ += op.begun ? 1U : 0U;
    }
    void enter(const Outcome& outcome, const ToneCompleted& tone) {
        Op& op = ops_[{outcome.id, tone.op}];
        demand(!op.ended, outcome, "a key behind its op's end");
        demand(tone.begin < tone.end && tone.begin >= op.last_tone_end, outcome, "keys overlap");
        demand(tone.index > op.last_tone, outcome, "keys out of turn");
        op.last_tone = tone.index;
        op.last_tone_end = tone.end;
    }
    void enter(const Outcome& outcome, const SpeechMasked& masked) {
        demand(masked.begin <= masked.end, outcome, "muted backwards");
    }
    void enter(const Outcome& outcome, const DigitHeard& heard) {
        demand(heard.begin < heard.end, outcome, "a key without length");
    }
    void enter(const Outcome& outcome, const ReportsLost& lost) {
        demand(lost.count > reports_lost_, outcome, "lost as many as before");
        reports_lost_ = lost.count;
    }
    void enter(const Outcome& outcome, const SessionCompleted&) {
        demand(!std::exchange(session_completed_, true), outcome, "the session is completed twice");
    }
    template <class What>
    void enter(const Outcome&, const What&) {}

    Action& accepted_one(const Outcome& outcome) {
        demand(actions_.contains(outcome.id), outcome, "nobody accepted it");
        return actions_[outcome.id];
    }
    void conclude(const Outcome& outcome) {
        Action& action = accepted_one(outcome);
        demand(!action.concluded, outcome, "concluded twice");
        concluded_ += std::exchange(action.concluded, true) ? 0U : 1U;
    }

    std::uint64_t last_seq_ = 0;
    std::uint64_t reports_lost_ = 0;
    std::size_t rejected_ = 0;
    std::size_t concluded_ = 0;
    std::size_t ops_begun_ = 0;
    std::size_t ops_ended_ = 0;
    bool session_completed_ = false;
    std::map<std::string, Action> actions_;
    std::map<std::pair<std::string, std::uint32_t>, Op> ops_;
    std::string fault_;
};

} // namespace keytone::test
