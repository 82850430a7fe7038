// SPDX-License-Identifier: MIT
//
// For the codec only: the objects by which platforms request something, distinguished by `type`.
#pragma once

#include "dsp/result.hpp"
#include "engine/call_event.hpp"
#include "engine/json/line_error.hpp"
#include "engine/json/strict_json.hpp"

namespace keytone::json {

/// Reads a line that has a `type`: based_call, tool_use, function_call, function, transfer_request.
Result<CallEvent, LineError> read_request(const Json& line);

} // namespace keytone::json
