// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/agent_settings.hpp"
#include "engine/json/line_error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace keytone::json {

/// The most bytes a settings object may have.
inline constexpr std::size_t max_settings_bytes = std::size_t{64} * 1024;

/// Parses an agent's settings: one JSON object with the platform's keys, transferEnabled, transferNumber,
/// transferMessage, transfer_instructions, endCallEnabled, endCallMessage, end_call_instructions, and with
/// allow, on_machine and machine_message. All are optional; null counts as absent. The result satisfies
/// check().
/// Errors: LineError, its key a pointer from "". transferTriggers is refused, in favour of
/// transfer_instructions. `[control]`
Result<AgentSettings, LineError> parse_settings(std::string_view text);

/// All settings as one JSON object, by the same keys in the order above; a text that is empty is null. Parsed
/// again it gives the same settings. `[control]`
std::string settings_object(const AgentSettings& settings);

} // namespace keytone::json
