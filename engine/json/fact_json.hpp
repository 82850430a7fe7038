// SPDX-License-Identifier: MIT
//
// For the codec only: what the media server reports.
#pragma once

#include "dsp/result.hpp"
#include "engine/call_event.hpp"
#include "engine/json/line_error.hpp"
#include "engine/json/strict_json.hpp"

namespace keytone::json {

/// Reads a line that has an `ev`.
Result<CallEvent, LineError> read_fact(const Json& line);

} // namespace keytone::json
