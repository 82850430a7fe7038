// SPDX-License-Identifier: MIT
//
// What both shapes read and write in the same way.
#pragma once

#include "engine/json/line_error.hpp"
#include "engine/json/strict_json.hpp"
#include "server/agent/agent_protocol.hpp"

#include <string>
#include <string_view>

namespace keytone::server {

/// A frame as a JSON object. Errors: what is wrong with it. `[any]`
Result<json::Json, AgentFault> parse_agent_text(std::string_view text);
/// A request, as engine/json has it. An agent reports no facts and begins no call, and what the API asks for
/// (transfer_request) is not subject to its settings: these are faults. `[any]`
AgentSaid read_agent_request(std::string_view text);
/// The name at `key` of `object`, of 1 to max_mark_name bytes; `pointer` is where the object is. `[any]`
AgentSaid read_agent_mark(const json::Json& object, std::string_view pointer);

AgentFault agent_fault(const json::LineError& error);
AgentFault agent_fault(json::LineFault fault, std::string_view key, std::string_view what);

/// As it stands between a JSON string's quotes; invalid UTF-8 is replaced. `[any]`
std::string json_string(std::string_view text);

} // namespace keytone::server
