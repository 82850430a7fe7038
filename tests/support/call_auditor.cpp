// SPDX-License-Identifier: MIT
#include "tests/support/call_auditor.hpp"

#include <map>
#include <utility>

namespace keytone::test {

namespace {

struct Life {
    bool accepted = false;
    bool rejected = false;
    bool started = false;
    bool concluded = false;
};

/// Reads the outcomes of a call in their order.
class Auditor {
  public:
    void read(const Outcome& outcome) {
        if (outcome.seq != ++seq_) {
            breach("a gap in the numbers", outcome);
        }
        if (!outcome.replayed) {
            std::visit([&](const auto& what) { take(outcome, what); }, outcome.what);
        }
    }

    void read_end(const CallState& state, bool answered) {
        for (const auto& [id, life] : lives_) {
            if (life.accepted && !life.concluded) {
                breach("no conclusion of " + id);
            }
        }
        for (const auto& [op, ended] : ops_) {
            if (!ended) {
                breach("no end of " + op.first + "/" + std::to_string(op.second));
            }
        }
        if (answered && sessions_ != 1) {
            breach("no end of the session");
        }
        if (!state.actions.empty()) {
            breach("something is under way after the end");
        }
    }

    [[nodiscard]] const std::string& breach() const { return breach_; }

  private:
    void breach(const std::string& what) { breach_ = breach_.empty() ? what : breach_; }
    void breach(const std::string& what, const Outcome& outcome) { breach(what + ": " + text(outcome)); }

    template <class What>
    void take(const Outcome&, const What&) {}

    void take(const Outcome& outcome, const ActionAccepted&) { judge(outcome, true); }
    void take(const Outcome& outcome, const ActionRejected&) { judge(outcome, false); }
    void judge(const Outcome& outcome, bool accepted) {
        Life& life = lives_[outcome.id];
        if (life.accepted) { // What a full call refused may come again.
            breach("judged twice", outcome);
        }
        (accepted ? life.accepted : life.rejected) = true;
    }

    void take(const Outcome& outcome, const ActionStarted&) {
        Life& life = lives_[outcome.id];
        if (!life.accepted || life.started || life.concluded) {
            breach("started out of turn", outcome);
        }
        life.started = true;
    }

    void take(const Outcome& outcome, const ActionCompleted& what) {
        conclude(outcome, true);
        if (what.begin > what.end) {
            breach("ended before it began", outcome);
        }
    }
    void take(const Outcome& outcome, const ActionFailed&) { conclude(outcome, true); }
    void take(const Outcome& outcome, const ActionCancelled&) { conclude(outcome, false); }
    void conclude(const Outcome& outcome, bool needs_start) {
        Life& life = lives_[outcome.id];
        if (!life.accepted || life.concluded || (needs_start && !life.started)) {
            breach("concluded out of turn", outcome);
        }
        life.concluded = true;
    }

    void take(const Outcome& outcome, const OpPlanned& what) { begin(outcome, what.op); }
    void take(const Outcome& outcome, const OpStarted& what) { begin(outcome, what.op); }
    void begin(const Outcome& outcome, std::uint32_t op) {
        const auto [place, is_new] = ops_.try_emplace({outcome.id, op}, false);
        if (!is_new && place->second) {
            breach("an op that ended goes on", outcome);
        }
    }
    void take(const Outcome& outcome, const OpEnded& what) {
        bool& ended = ops_[{outcome.id, what.op}];
        if (ended || what.begin > what.end) {
            breach("an op ended out of turn", outcome);
        }
        ended = true;
    }
    void take(const Outcome& outcome, const ToneCompleted& what) {
        const auto op = ops_.find({outcome.id, what.op});
        if (op == ops_.end() || op->second) {
            breach("a tone out of turn", outcome);
        }
    }
    void take(const Outcome& outcome, const SessionCompleted&) {
        if (++sessions_ > 1) {
            breach("the session ended twice", outcome);
        }
    }

    std::uint64_t seq_ = 0;
    std::map<std::string, Life> lives_;
    std::map<std::pair<std::string, std::uint32_t>, bool> ops_; ///< Whether it ended.
    int sessions_ = 0;
    std::string breach_;
};

bool was_answered(const CallScript& call) {
    for (const Outcome& outcome : call.outcomes()) {
        const auto* const change = std::get_if<LegChanged>(&outcome.what);
        if (change != nullptr && outcome.leg == Leg::a && change->state == "answered") {
            return true;
        }
    }
    return false;
}

} // namespace

std::string first_breach(const CallScript& call) {
    Auditor auditor;
    for (const Outcome& outcome : call.outcomes()) {
        auditor.read(outcome);
    }
    return auditor.breach();
}

std::string first_breach_at_end(const CallScript& call) {
    Auditor auditor;
    for (const Outcome& outcome : call.outcomes()) {
        auditor.read(outcome);
    }
    auditor.read_end(call.state(), was_answered(call));
    return auditor.breach();
}

} // namespace keytone::test
