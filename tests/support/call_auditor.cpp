// SPDX-License-Identifier: MIT
#include "tests/support/call_auditor.hpp"

#include "tests/support/outcome_ledger.hpp"

namespace keytone::test {

namespace {

OutcomeLedger ledger_of(const CallScript& call) {
    OutcomeLedger ledger;
    for (const Outcome& outcome : call.outcomes()) {
        ledger.take(outcome);
    }
    return ledger;
}

bool was_answered(const CallScript& call) {
    for (const Outcome& outcome : call.outcomes()) {
        const auto* const change = std::get_if<LegChanged>(&outcome.what);
        if (change != nullptr && outcome.leg == Leg::a && change->state == LegChanged::State::answered) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string first_breach(const CallScript& call) {
    return ledger_of(call).fault();
}

std::string first_breach_at_end(const CallScript& call) {
    const OutcomeLedger ledger = ledger_of(call);
    if (!ledger.fault().empty()) {
        return ledger.fault();
    }
    if (ledger.open_actions() != 0) {
        return "an action without a conclusion";
    }
    if (ledger.open_ops() != 0) {
        return "an op without an end";
    }
    if (was_answered(call) && !ledger.session_completed()) {
        return "no end of the session";
    }
    return call.state().actions.empty() ? "" : "something is under way after the end";
}

} // namespace keytone::test
