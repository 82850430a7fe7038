// SPDX-License-Identifier: MIT
//
// Keeps book of one call's outcomes, whatever was asked for and whatever happened: the promises that hold for
// every call.
#pragma once

#include "engine/call_event.hpp"
#include "engine/outcome.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace keytone::test {

/// The host submits each request with an id of its own or none, and hands over every event and every outcome.
class CallLedger {
  public:
    /// Right before its submit().
    void asked(const CallEvent& event) {
        const auto* const request = std::get_if<Request>(&event.what);
        requests_ += request != nullptr ? 1 : 0;
        to_answer_ += request != nullptr && std::holds_alternative<TransferRequest>(*request) ? 1 : 0;
    }

    /// The next outcome, in the order of poll().
    void take(const Outcome& outcome) {
        demand(outcome.seq == ++seq_, "numbers without gaps");
        if (outcome.replayed) {
            take_replayed(outcome);
        } else if (std::holds_alternative<ActionAccepted>(outcome.what)) {
            ++answers_;
            ++open_;
            demand(actions_.try_emplace(outcome.id).second, "an action is accepted once");
        } else if (std::holds_alternative<ActionRejected>(outcome.what)) {
            ++answers_;
        } else if (std::holds_alternative<TransferResponse>(outcome.what)) {
            --to_answer_;
        } else if (const auto* const lost = std::get_if<ReportsLost>(&outcome.what)) {
            demand(lost->count > reports_lost_, "the count of lost reports grows");
            reports_lost_ = lost->count;
        } else if (const auto* const over = std::get_if<SessionCompleted>(&outcome.what)) {
            demand(!std::exchange(completed_, true) && over->duration_s == over->duration_s,
                   "the session completes once");
        } else {
            take_of_action(outcome);
        }
    }

    /// When every outcome was polled: each request has its answer.
    void check_answers() {
        demand(answers_ == requests_, "one answer to each request");
        demand(to_answer_ == 0, "one response to each transfer request");
    }

    /// When the call has ended: every action has come to its conclusion, and every key that was planned was
    /// told, or is counted among what was lost.
    void check_end() {
        check_answers();
        demand(open_ == 0, "one conclusion for each accepted action");
        demand(tones_missing_ <= reports_lost_, "what is lost is counted");
    }

    /// The first promise that was broken; empty while there is none.
    [[nodiscard]] std::string_view broken() const { return broken_; }
    [[nodiscard]] std::uint64_t outcomes() const { return seq_; }
    [[nodiscard]] std::uint64_t accepted() const { return actions_.size(); }
    [[nodiscard]] std::uint64_t reports_lost() const { return reports_lost_; }
    [[nodiscard]] std::uint64_t tones() const { return tones_; }

  private:
    struct Op {
        bool started = false;
        bool ended = false;
        std::uint64_t planned = 0; // tones
        std::uint64_t told = 0;
        std::int64_t last_tone = -1;
    };
    struct Entry {
        bool started = false;
        bool concluded = false;
        std::map<std::uint32_t, Op> ops;
    };

    void demand(bool kept, std::string_view promise) {
        if (!kept && broken_.empty()) {
            broken_ = promise;
        }
    }

    void take_replayed(const Outcome& outcome) {
        if (std::holds_alternative<TransferResponse>(outcome.what)) {
            --to_answer_;
        } else {
            ++answers_;
        }
    }

    void conclude(Entry& entry) {
        demand(!std::exchange(entry.concluded, true), "one conclusion for an action");
        --open_;
    }

    void take_of_action(const Outcome& outcome) {
        if (outcome.id.empty()) {
            return;
        }
        const auto found = actions_.find(outcome.id);
        demand(found != actions_.end(), "nothing is told of what was not accepted");
        if (found == actions_.end()) {
            return;
        }
        Entry& entry = found->second;
        if (std::holds_alternative<ActionStarted>(outcome.what)) {
            demand(!entry.concluded && !std::exchange(entry.started, true), "an action starts once");
        } else if (const auto* const done = std::get_if<ActionCompleted>(&outcome.what)) {
            demand(entry.started && done->begin <= done->end && done->lost >= 0,
                   "completed after it started");
            conclude(entry);
        } else if (std::holds_alternative<ActionFailed>(outcome.what) ||
                   std::holds_alternative<ActionCancelled>(outcome.what)) {
            conclude(entry);
        } else if (const auto* const plan = std::get_if<OpPlanned>(&outcome.what)) {
            entry.ops[plan->op].planned = plan->tones.size();
        } else if (const auto* const begun = std::get_if<OpStarted>(&outcome.what)) {
            demand(!std::exchange(entry.ops[begun->op].started, true), "an op starts once");
        } else if (const auto* const ended = std::get_if<OpEnded>(&outcome.what)) {
            Op& op = entry.ops[ended->op];
            demand(!std::exchange(op.ended, true) && ended->begin <= ended->end, "an op ends once");
            if (ended->how == OpEnded::How::completed) {
                tones_missing_ += op.planned - std::min(op.told, op.planned);
            }
        } else if (const auto* const tone = std::get_if<ToneCompleted>(&outcome.what)) {
            Op& op = entry.ops[tone->op];
            demand(tone->begin < tone->end && op.last_tone < std::int64_t{tone->index}, "tones in order");
            op.last_tone = tone->index;
            ++op.told;
            ++tones_;
        }
    }

    std::uint64_t seq_ = 0;
    std::uint64_t requests_ = 0;
    std::uint64_t answers_ = 0;
    std::int64_t to_answer_ = 0;
    std::int64_t open_ = 0;
    std::uint64_t reports_lost_ = 0;
    std::uint64_t tones_ = 0;
    std::uint64_t tones_missing_ = 0;
    bool completed_ = false;
    std::map<std::string, Entry> actions_;
    std::string_view broken_;
};

} // namespace keytone::test
