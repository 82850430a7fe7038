// SPDX-License-Identifier: MIT
#include "engine/policy/call_policy.hpp"

#include "engine/policy/step_builder.hpp"

#include <utility>

namespace keytone {

CallStep step(const CallRules& rules, CallState state, const HostInput& input) {
    StepBuilder builder(rules, std::move(state));
    if (const auto* const request = std::get_if<Request>(&input.event.what)) {
        take_request(builder, *request, input);
    } else {
        take_fact(builder, std::get<Fact>(input.event.what), input);
    }
    builder.tidy();
    return builder.take();
}

CallStep step(const CallRules& rules, CallState state, const MediaReport& report) {
    StepBuilder builder(rules, std::move(state));
    take_report(builder, report);
    builder.tidy();
    return builder.take();
}

CallStep step_reports_lost(CallState state, std::uint64_t count) {
    const CallRules rules;
    StepBuilder builder(rules, std::move(state));
    builder.state().reports_lost = count;
    builder.tell(Leg::a, 0, ReportsLost{count});
    return builder.take();
}

} // namespace keytone
