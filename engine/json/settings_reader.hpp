// SPDX-License-Identifier: MIT
//
// For the codec only.
#pragma once

#include "dsp/result.hpp"
#include "engine/agent_settings.hpp"
#include "engine/json/fields.hpp"
#include "engine/json/line_error.hpp"
#include "engine/json/strict_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace keytone::json {

/// The words of `on_machine`, in settings and in a transfer's arguments.
inline constexpr std::array machine_rules{Word{"bridge", OnMachine::bridge},
                                          Word{"hangup", OnMachine::hang_up},
                                          Word{"leave_message", OnMachine::leave_message}};

constexpr std::string_view word_of(OnMachine rule) {
    return std::ranges::find(machine_rules, rule, &Word<OnMachine>::meaning)->word;
}

/// Reads the settings in `value`, to which `pointer` points.
Result<AgentSettings, LineError> read_settings(const Json& value, std::string_view pointer);

} // namespace keytone::json
