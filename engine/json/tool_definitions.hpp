// SPDX-License-Identifier: MIT
//
// The functions as they are offered to a language model: names, descriptions, parameters as JSON Schema.
#pragma once

#include "engine/agent_settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::json {

/// For which API the definitions are.
enum class ToolForm : std::uint8_t {
    openai,    ///< `tools` of the Responses API: {type, name, description, parameters, strict}.
    anthropic, ///< `tools` of the Messages API: {name, description, input_schema}.
};

/// What is offered in addition to the settings.
struct ToolOffer {
    /// Which of prompt_end, dial_tone, beep, silence, ringback_end and answered_by `wait_for` may be; empty:
    /// there is no `wait_for`.
    std::vector<std::string> wait_for = {};
    bool on_machine = false; ///< Whether a transfer may say what happens where a machine answers.
};

/// The definitions, a JSON array on several lines, for settings that satisfy check(). A function that the
/// settings disable is left out; the parameters of `transfer` only allow what the settings allow. The
/// settings' instructions end the description of their function, unchanged.
///
/// What a model answers is an input line (event_json.hpp). OpenAI's strict mode is on where possible. It
/// requires that every parameter is required, and has no length limits; so `transfer`, whose parameters are
/// optional, says `"strict": false`: without that, the API would turn strict mode on and require them. Some
/// older OpenAI deployments refuse descriptions of more than 1024 characters. `[control]`
std::string tool_definitions(const AgentSettings& settings, ToolForm form, const ToolOffer& offer = {});

} // namespace keytone::json
