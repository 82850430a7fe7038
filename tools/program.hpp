// SPDX-License-Identifier: MIT
//
// The program's commands and their options: what it reads its arguments by, and what its manual and the
// shells' completions are made from.
#pragma once

#include "tools/agent_tools.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/console/program_run.hpp"
#include "tools/detect/detect.hpp"
#include "tools/device/devices.hpp"
#include "tools/device/monitor.hpp"
#include "tools/device/play.hpp"
#include "tools/explain/explain.hpp"
#include "tools/render/render.hpp"
#include "tools/simulation/simulate.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace keytone::tools {

/// What `keytone help` is asked for.
struct HelpOptions {
    std::string command; ///< The whole program when empty.
};

/// What the commands were told.
struct ProgramOptions {
    RenderOptions render;
    DetectOptions detect;
    PlayOptions play;
    MonitorOptions monitor;
    DevicesOptions devices;
    ExplainOptions explain;
    SimulateOptions simulate;
    AgentToolsOptions tools;
    HelpOptions help;
};

/// One of the program's commands.
struct Command {
    const CLI::App* app;
    std::function<ExitCode()> run;
};

/// The names of the commands that do something: all but `help` and `version`.
std::vector<std::string> command_names(const CLI::App& program);

/// Why `word` is no command: the nearest one, or all of them.
Failure no_such_command(const std::string& word, const CLI::App& program);

/// Describes the program: what it is for, its own options, and all commands. They are told their options
/// through `options` and print to `console`, which both outlive them.
std::vector<Command> describe_program(CLI::App& program, ProgramOptions& options, Console& console);

} // namespace keytone::tools
