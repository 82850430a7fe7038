// SPDX-License-Identifier: MIT
//
// The program's commands and their options: used to parse its arguments, and to make its manual and the
// shells' completions.
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
#include "tools/listen/listen.hpp"
#include "tools/redact/redact.hpp"
#include "tools/render/render.hpp"
#include "tools/simulation/simulate.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace keytone::tools {

/// The options of `keytone help`.
struct HelpOptions {
    std::string command; ///< Empty: the whole program.
};

/// The options of all commands.
struct ProgramOptions {
    RenderOptions render;
    DetectOptions detect;
    ListenOptions listen;
    RedactOptions redact;
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

/// The names of the commands except `help` and `version`.
std::vector<std::string> command_names(const CLI::App& program);

/// The failure for `word`, which is no command: suggests the nearest one, or lists all of them.
Failure no_such_command(const std::string& word, const CLI::App& program);

/// Describes the program: its purpose, its own options, and all commands. These get their options through
/// `options` and print to `console`; both must outlive them.
std::vector<Command> describe_program(CLI::App& program, ProgramOptions& options, Console& console);

} // namespace keytone::tools
