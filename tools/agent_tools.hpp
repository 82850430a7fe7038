// SPDX-License-Identifier: MIT
//
// keytone tools: an agent's settings to the functions its language model is offered.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace keytone::tools {

/// What `keytone tools` is asked for.
struct AgentToolsOptions {
    std::string settings; ///< `-` is standard input.
    std::string form;
    std::vector<std::string> wait_for; ///< Offered by that name; none: not at all.
    std::vector<std::string> allow;    ///< Beside what the settings allow.
};

/// Adds the command to `program`; what is parsed goes to `options`.
CLI::App* add_tools_command(CLI::App& program, AgentToolsOptions& options);

/// Prints the definitions, whole or not at all.
std::optional<Failure> print_agent_tools(const AgentToolsOptions& options, Console& console);

} // namespace keytone::tools
