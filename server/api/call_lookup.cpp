// SPDX-License-Identifier: MIT
#include "server/api/call_lookup.hpp"

#include "server/store/call_table.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

bool is_over(const CallView& view) {
    return view.ended_ms.has_value() || view.state == "ended";
}

} // namespace

FoundCall found_call(CallView view) {
    PastCall past;
    past.call.session = view.names.session;
    past.call.call = view.names.call;
    past.call.agent_id = view.names.agent_id;
    past.call.from = view.names.from;
    past.call.to = view.names.to;
    past.call.direction =
        view.direction == name(CallDirection::outbound) ? CallDirection::outbound : CallDirection::inbound;
    past.call.began_ms = view.began_ms;
    past.call.answered_ms = view.answered_ms;
    past.call.ended_ms = view.ended_ms;
    return {std::move(past), std::move(view)};
}

ApiFault no_call() {
    return {404, "no_such_call", "there is no call of that id: see GET /api/v2/calls"};
}

Result<CallView, ApiFault> find_live(const ApiContext& context, std::string_view id) {
    auto view = context.desk.find(id);
    if (view && !is_over(*view)) {
        return *std::move(view);
    }
    if (view || CallHistory(context.database).find(id)) {
        return ApiFault{400, "call_over", "the call is over: nothing can be asked of it any more"};
    }
    return no_call();
}

std::optional<FoundCall> find_any(const ApiContext& context, std::string_view id) {
    auto view = context.desk.find(id);
    auto past = CallHistory(context.database).find(id);
    if (!past) {
        return view ? std::optional(found_call(*std::move(view))) : std::nullopt;
    }
    return FoundCall{*std::move(past), std::move(view)};
}

std::shared_ptr<const CallEvents> find_events(const ApiContext& context, std::string_view id) {
    if (auto live = context.desk.events(id)) {
        return live;
    }
    const auto past = CallHistory(context.database).find(id);
    if (!past) {
        return nullptr;
    }
    auto events = std::make_shared<CallEvents>();
    const std::string lines = CallTable(context.database).events(past->call.session).value_or("");
    std::string_view rest = lines;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (!line.empty()) {
            events->add(std::string(line));
        }
    }
    events->close();
    return events;
}

} // namespace keytone::server
