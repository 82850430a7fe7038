// SPDX-License-Identifier: MIT
#pragma once

#include "engine/outcome.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>

namespace keytone::test {

/// Checks the promises of engine/outcome.hpp over one call: numbers without gaps; every action accepted once,
/// started once, concluded once, and never completed or failed before it started; every op that was reported
/// has one end; every key in its turn.
class OutcomeLedger {
  public:
    /// Takes the next outcome of the call.
    void take(const Outcome& outcome) {
        demand(outcome.seq == last_seq_ + 1, outcome, "its number does not follow the last");
        last_seq_ = outcome.seq;
        demand(outcome.sample >= 0, outcome, "before the call");
        if (std::holds_alternative<TransferResponse>(outcome.what)) {
            ++responses_;
        } else if (outcome.replayed) {
            ++replayed_;
        } else {
            std::visit([&](const auto& what) { enter(outcome, what); }, outcome.what);
        }
    }

    /// The first violation; empty if there was none.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// Outcomes so far.
    [[nodiscard]] std::uint64_t count() const { return last_seq_; }
    [[nodiscard]] std::size_t accepted() const { return actions_.size(); }
    /// Requests that were accepted, rejected, or answered with their last outcome again.
    [[nodiscard]] std::size_t answers() const { return actions_.size() + rejected_ + replayed_; }
    /// Transfer requests that got their response.
    [[nodiscard]] std::size_t responses() const { return responses_; }
    /// Actions without a conclusion, and ops without an end.
    [[nodiscard]] std::size_t open_actions() const { return actions_.size() - concluded_; }
    [[nodiscard]] std::size_t open_ops() const { return ops_told_of_ - ops_ended_; }
    /// As the call counts them.
    [[nodiscard]] std::uint64_t reports_lost() const { return reports_lost_; }
    /// Keys of completed ops that were planned and never reported; at most as many as are counted as lost.
    [[nodiscard]] std::uint64_t keys_missing() const { return keys_missing_; }
    [[nodiscard]] bool session_completed() const { return session_completed_; }

  private:
    struct Action {
        bool started = false;
        bool concluded = false;
    };
    struct Op {
        bool told_of = false;
        bool started = false;
        bool ended = false;
        std::uint64_t keys_planned = 0;
        std::uint64_t keys_told = 0;
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
        demand(accepted_one(outcome).started, outcome, "failed without a start");
        conclude(outcome);
    }
    void enter(const Outcome& outcome, const ActionCancelled& cancelled) {
        demand(cancelled.lost >= 0, outcome, "lost less than nothing");
        conclude(outcome);
    }
    void enter(const Outcome& outcome, const OpPlanned& planned) {
        op_of(outcome, planned.op).keys_planned = planned.tones.size();
    }
    void enter(const Outcome& outcome, const OpStarted& started) {
        Op& op = op_of(outcome, started.op);
        demand(!op.started && !op.ended, outcome, "an op began twice, or after its end");
        op.started = true;
    }
    void enter(const Outcome& outcome, const OpEnded& ended) {
        Op& op = op_of(outcome, ended.op);
        demand(!std::exchange(op.ended, true), outcome, "an op ended twice");
        demand(ended.begin <= ended.end, outcome, "an op ended before it began");
        ++ops_ended_;
        if (ended.how == OpEnded::How::completed) {
            keys_missing_ += op.keys_planned - std::min(op.keys_told, op.keys_planned);
        }
    }
    void enter(const Outcome& outcome, const ToneCompleted& tone) {
        Op& op = op_of(outcome, tone.op);
        demand(!op.ended, outcome, "a key behind its op's end");
        demand(tone.begin < tone.end && tone.begin >= op.last_tone_end, outcome, "keys overlap");
        demand(tone.index > op.last_tone, outcome, "keys out of turn");
        op.last_tone = tone.index;
        op.last_tone_end = tone.end;
        ++op.keys_told;
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
    Op& op_of(const Outcome& outcome, std::uint32_t number) {
        Op& op = ops_[{outcome.id, number}];
        ops_told_of_ += std::exchange(op.told_of, true) ? 0U : 1U;
        return op;
    }
    void conclude(const Outcome& outcome) {
        Action& action = accepted_one(outcome);
        demand(!action.concluded, outcome, "concluded twice");
        concluded_ += std::exchange(action.concluded, true) ? 0U : 1U;
    }

    std::uint64_t last_seq_ = 0;
    std::uint64_t reports_lost_ = 0;
    std::uint64_t keys_missing_ = 0;
    std::size_t rejected_ = 0;
    std::size_t replayed_ = 0;
    std::size_t responses_ = 0;
    std::size_t concluded_ = 0;
    std::size_t ops_told_of_ = 0;
    std::size_t ops_ended_ = 0;
    bool session_completed_ = false;
    std::map<std::string, Action> actions_;
    std::map<std::pair<std::string, std::uint32_t>, Op> ops_;
    std::string fault_;
};

} // namespace keytone::test
