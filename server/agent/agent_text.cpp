// SPDX-License-Identifier: MIT
#include "server/agent/agent_text.hpp"

#include "engine/json/event_json.hpp"

#include <utility>

namespace keytone::server {

using json::Json;
using json::LineFault;

AgentFault agent_fault(const json::LineError& error) {
    return {std::string(json::name(error.fault)), error.message};
}

AgentFault agent_fault(LineFault fault, std::string_view key, std::string_view what) {
    return agent_fault(json::line_error(fault, key, what));
}

Result<Json, AgentFault> parse_agent_text(std::string_view text) {
    auto tree = json::parse_strictly(text, "");
    if (!tree) {
        return agent_fault(tree.error());
    }
    if (!tree->is_object()) {
        return agent_fault(LineFault::wrong_type, "", "is no object: write one, in braces");
    }
    return *std::move(tree);
}

AgentSaid read_agent_request(std::string_view text) {
    auto line = json::parse_line(text);
    if (!line) {
        return agent_fault(line.error());
    }
    auto* const event = std::get_if<CallEvent>(&*line);
    if (event == nullptr) {
        return agent_fault(LineFault::bad_value, "/v", "begins a call, which has begun: leave the frame out");
    }
    const auto* const request = std::get_if<Request>(&event->what);
    if (request == nullptr) {
        return agent_fault(LineFault::bad_value, "/ev",
                           "is what the server reports: send mark, clear or a request");
    }
    if (std::holds_alternative<TransferRequest>(*request)) {
        return agent_fault(LineFault::bad_value, "/type",
                           "is not the agent's: ask for the function transfer");
    }
    return std::move(*event);
}

AgentSaid read_agent_mark(const Json& object, std::string_view pointer) {
    const auto name = object.find("name");
    const std::string key = json::child(pointer, "name");
    if (name == object.end() || !name->is_string()) {
        return agent_fault(name == object.end() ? LineFault::missing_key : LineFault::wrong_type, key,
                           "is the mark's name: write a string");
    }
    const auto& text = name->get_ref<const std::string&>();
    if (text.empty() || text.size() > max_mark_name) {
        return agent_fault(LineFault::out_of_range, key, "has 1 to 256 bytes: write another name");
    }
    return AgentMark{text};
}

std::string json_string(std::string_view text) {
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace keytone::server
