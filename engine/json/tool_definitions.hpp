// SPDX-License-Identifier: MIT
//
// The functions as a language model is offered them: names, descriptions, parameters as JSON Schema.
#pragma once

#include "engine/agent_settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::json {

/// Whose API takes the definitions.
enum class ToolForm : std::uint8_t {
    openai,    ///< `tools` of the Responses API: {type, name, description, parameters, strict}.
    anthropic, ///< `tools` of the Messages API: {name, description, input_schema}.
};

/// What is offered beyond the settings.
struct ToolOffer {
    /// What `wait_for` may be, of prompt_end, dial_tone, beep and silence; empty: there is no `wait_for`.
    std::vector<std::string> wait_for;
};

/// The definitions, a JSON array on several lines, for settings that satisfy check(). A function that the
/// settings disable is not in it; whom they do not allow, the parameters of `transfer` do not either. Their
/// instructions end the description of their function, untouched.
///
/// What a model answers is an input line (event_json.hpp). OpenAI's strict mode is on where it can be: it
/// wants every parameter required and knows no length limits, so `transfer`, whose parameters are optional,
/// says `"strict": false`; left out, the API would turn it on by itself and require them. Some older OpenAI
/// deployments refuse descriptions of more than 1024 characters. `[control]`
std::string tool_definitions(const AgentSettings& settings, ToolForm form, const ToolOffer& offer = {});

} // namespace keytone::json
