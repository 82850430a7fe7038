// SPDX-License-Identifier: MIT
//
// For the codec only.
#pragma once

#include "dsp/result.hpp"
#include "engine/agent_settings.hpp"
#include "engine/json/line_error.hpp"
#include "engine/json/strict_json.hpp"

#include <string_view>

namespace keytone::json {

/// Reads the settings in `value`, to which `pointer` points.
Result<AgentSettings, LineError> read_settings(const Json& value, std::string_view pointer);

} // namespace keytone::json
