// SPDX-License-Identifier: MIT
//
// The program's commands and their options: what it reads its arguments by, and what its manual and the
// shells' completions are made from.
#pragma once

#include "tools/agent_tools.hpp"
#include "tools/console.hpp"
#include "tools/detect.hpp"
#include "tools/devices.hpp"
#include "tools/explain.hpp"
#include "tools/failure.hpp"
#include "tools/monitor.hpp"
#include "tools/play.hpp"
#include "tools/render.hpp"
#include "tools/simulate.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <vector>

namespace keytone::tools {

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
};

/// One of the program's commands.
struct Command {
    const CLI::App* app;
    std::function<ExitCode()> run;
};

/// Describes the program: what it is for, its own options, and all commands. They are told their options
/// through `options` and print to `console`, which both outlive them.
std::vector<Command> describe_program(CLI::App& program, ProgramOptions& options, Console& console);

/// Says why nothing came of a command.
ExitCode report(const Failure& failure, Console& console);

} // namespace keytone::tools
