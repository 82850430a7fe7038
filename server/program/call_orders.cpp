// SPDX-License-Identifier: MIT
//
// What the desk asks of calls, and what it is shown of them.
#include "engine/json/event_json.hpp"
#include "engine/json/line_error.hpp"
#include "server/control/dial_permission.hpp"
#include "server/media/random_bytes.hpp"
#include "server/program/call_service.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// Orders that are taken before calls are looked after again.
constexpr int most_at_once = 64;
/// How often the desk is shown a call's figures.
constexpr auto between_views = 1s;
constexpr std::size_t most_variables = std::size_t{16} * 1024;

// Neither the agent nor the API's user has used it.
std::string own_id() {
    return "api-" + std::to_string(random_number<std::uint64_t>());
}

ApiFault not_in_progress() {
    return {400, "call_not_in_progress", "the call is not in progress: wait until it is answered"};
}

ApiFault scripted() {
    return {409, "scripted", "a scenario has this call: ask for a call that an agent has"};
}

ApiFault fault_of(const DialRefusal& refusal) {
    const std::string message = "to_number: " + refusal.message;
    switch (refusal.what) {
    case DialRefusal::What::malformed:
        return {400, "bad_number", message};
    case DialRefusal::What::not_allowed:
        return {403, "not_allowed", message};
    case DialRefusal::What::no_trunk:
        return {503, "no_trunk", message};
    }
    return {400, "bad_number", message};
}

bool are_variables(const std::string& text) {
    return text.empty() ||
           (text.size() <= most_variables && nlohmann::json::parse(text, nullptr, false).is_object());
}

// A request as the API writes it, to be done now.
Result<CallEvent, ApiFault> read_request(const std::string& text) {
    auto line = json::parse_line(text);
    if (!line) {
        return ApiFault{400, std::string(json::name(line.error().fault)), line.error().message};
    }
    auto* const event = std::get_if<CallEvent>(&*line);
    if (event == nullptr || !std::holds_alternative<Request>(event->what)) {
        return ApiFault{400, "bad_value", "this is no function: write say, click_ivr, transfer or end_call"};
    }
    event->at_s.reset();
    if (event->id.empty()) {
        event->id = own_id();
    }
    return std::move(*event);
}

/// Nothing where it is as it was: the policy is done, and the network is not.
std::optional<std::string_view> state_of(const CallState& state) {
    switch (state.phase) {
    case CallPhase::before:
        return "ringing";
    case CallPhase::in_progress:
    case CallPhase::ending:
        return std::ranges::any_of(state.actions,
                                   [](const Action& action) { return action.plan.has_value(); })
                   ? "transferring"
                   : "in_progress";
    case CallPhase::transferred:
        return "transferred";
    case CallPhase::ended:
        return std::nullopt;
    }
    return std::nullopt;
}

CallView view_of(const CallNames& names, CallDirection direction, std::string_view state, UnixMs began_ms,
                 bool has_ended) {
    CallView view;
    view.names = names;
    view.direction = name(direction);
    view.state = state;
    view.began_ms = began_ms;
    if (has_ended) {
        view.ended_ms = unix_ms();
    }
    return view;
}

} // namespace

void CallService::take_orders() {
    if (parts_.desk == nullptr) {
        return;
    }
    for (int taken = 0; taken < most_at_once; ++taken) {
        auto order = parts_.desk->next();
        if (!order) {
            return;
        }
        std::visit([this](auto& asked) { obey(asked); }, *order);
    }
}

// ---- Orders

void CallService::obey(ServiceDesk::Start& order) {
    auto prepared = prepare(order.start);
    if (!prepared) {
        return order.reply(prepared.error());
    }
    Waiting waiting = *std::move(prepared);
    waiting.reply = std::move(order.reply);
    admit(std::move(waiting));
}

Result<CallService::Waiting, ApiFault> CallService::prepare(const CallStart& start) {
    if (phase_ != Phase::serving) {
        return ApiFault{503, "ending", "the service is ending: ask again once it runs"};
    }
    if (!start.provider.empty() && start.provider != "sip") {
        return ApiFault{400, "bad_provider", "provider: is sip here: leave it out, or write sip"};
    }
    if (!are_variables(start.variables)) {
        return ApiFault{400, "bad_variables", "variables: is a JSON object of at most 16 KiB: shorten it"};
    }
    auto agent = parts_.agents != nullptr ? parts_.directory->find(start.agent_id) : nullptr;
    if (!agent) {
        return ApiFault{404, "no_such_agent",
                        "agent_id: there is no such agent: make it by PUT /api/v2/agent/{id}"};
    }
    const auto target =
        permitted_target(start.to_number, options_.call.dial_allow.value_or(std::vector<std::string>{}),
                         options_.call.setup.trunk);
    if (!target) {
        return fault_of(target.error());
    }
    if (active_ >= options_.max_calls) {
        return ApiFault{503, "no_room", "there are sip.max_calls calls already: wait for one to end"};
    }
    if (auto fault = limits_.take(*agent, Clock::now())) {
        return *std::move(fault);
    }
    Waiting waiting;
    waiting.file = open_file(next_id(), std::move(agent), CallDirection::outbound, options_.call.setup.from,
                             start.to_number, start.variables);
    waiting.target = *target;
    return waiting;
}

// The call that an order is about, which runs; else null, and the order is answered.
template <class Order>
CallService::Running* CallService::running_of(const Order& order) {
    const auto view = parts_.desk->find(order.call);
    if (!view) {
        order.reply(ApiFault{404, "no_such_call", "there is no such call: GET calls lists those there are"});
        return nullptr;
    }
    const auto found = by_id_.find(view->names.call);
    if (found == by_id_.end()) {
        order.reply(view->ended_ms ? call_over() : not_in_progress());
        return nullptr;
    }
    return found->second;
}

void CallService::obey(ServiceDesk::Transfer& order) {
    Running* const running = running_of(order);
    if (running == nullptr) {
        return;
    }
    if (running->call->live().state().phase == CallPhase::before) {
        return order.reply(not_in_progress());
    }
    const std::string id = own_id();
    if (!running->call->submit({id, std::nullopt, Request(TransferRequest{std::move(order.to)})})) {
        return order.reply(scripted());
    }
    running->awaited->await_response(id, running->file.names, std::move(order.reply));
    step(*running);
}

void CallService::obey(ServiceDesk::Submit& order) {
    Running* const running = running_of(order);
    if (running == nullptr) {
        return;
    }
    auto event = read_request(order.line);
    if (!event) {
        return order.reply(event.error());
    }
    if (running->call->live().state().phase == CallPhase::before) {
        return order.reply(not_in_progress());
    }
    if (!running->call->submit(*event)) {
        return order.reply(scripted());
    }
    running->awaited->await_line(event->id, std::move(order.reply));
    step(*running);
}

void CallService::obey(ServiceDesk::End& order) {
    Running* const running = running_of(order);
    if (running == nullptr) {
        return;
    }
    const CallPhase phase = running->call->live().state().phase;
    const bool can_drain = phase == CallPhase::in_progress || phase == CallPhase::ending;
    const std::string id = own_id();
    if (order.is_drained && can_drain &&
        running->call->submit({id, std::nullopt, Request(EndCall{EndCall::Mode::graceful, true})})) {
        running->awaited->await_acceptance(id, running->file.names, std::move(order.reply));
    } else {
        order.reply(running->file.names);
        running->call->end();
    }
    step(*running);
}

// ---- Views

void CallService::show(Running& running, bool has_ended) {
    if (parts_.desk == nullptr) {
        return;
    }
    CallFile& file = running.file;
    const auto now = Clock::now();
    const CallState& call = running.call->live().state();
    std::string_view state = has_ended ? "ended" : state_of(call).value_or(running.state);
    state = state.empty() ? "ringing" : state; // It ended at once.
    if (state == running.state && now < running.next_view) {
        return;
    }
    running.state = state;
    running.next_view = now + between_views;
    if (!file.answered_ms && state != "ringing" && state != "ended") {
        file.answered_ms = unix_ms();
    }
    const StreamFigures figures = running.call->live().figures(Leg::a);
    CallView view = view_of(file.names, file.direction, state, file.began_ms, has_ended);
    view.answered_ms = file.answered_ms;
    view.jitter_ms = figures.jitter.value;
    view.packets_in = figures.packets_in;
    view.packets_lost = static_cast<std::uint64_t>(std::max<std::int64_t>(0, figures.lost));
    view.packets_late = figures.late;
    parts_.desk->put(view, file.events);
}

void CallService::show_waiting(const CallFile& file, bool has_ended) {
    if (parts_.desk == nullptr) {
        return;
    }
    parts_.desk->put(
        view_of(file.names, file.direction, has_ended ? "ended" : "ringing", file.began_ms, has_ended),
        file.events);
}

void CallService::tend_desk() {
    if (parts_.desk == nullptr) {
        return;
    }
    parts_.desk->count(active_);
    const auto now = Clock::now();
    if (now >= next_tending_) {
        next_tending_ = now + between_views;
        parts_.desk->forget_old();
    }
}

} // namespace keytone::server
