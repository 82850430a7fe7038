// SPDX-License-Identifier: MIT
//
// keytone tools: prints the functions that an agent's settings offer to its language model.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace keytone::tools {

/// The options of `keytone tools`.
struct AgentToolsOptions {
    std::string settings; ///< `-` is standard input.
    std::string form;
    std::vector<std::string> wait_for; ///< What `wait_for` may be; empty: it is not offered.
    bool on_machine = false;           ///< Whether `on_machine` is offered.
    std::vector<std::string> allow;    ///< In addition to what the settings allow.
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_tools_command(CLI::App& program, AgentToolsOptions& options);

/// Prints the definitions, completely or not at all.
std::optional<Failure> print_agent_tools(const AgentToolsOptions& options, Console& console);

} // namespace keytone::tools
