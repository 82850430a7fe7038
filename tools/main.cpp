// SPDX-License-Identifier: MIT
//
// keytone: one program, a command for each thing it does.
#include "tools/agent_tools.hpp"
#include "tools/console.hpp"
#include "tools/detect.hpp"
#include "tools/devices.hpp"
#include "tools/explain.hpp"
#include "tools/failure.hpp"
#include "tools/interruption.hpp"
#include "tools/monitor.hpp"
#include "tools/option_checks.hpp"
#include "tools/play.hpp"
#include "tools/render.hpp"
#include "tools/simulate.hpp"
#include "tools/standard_streams.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace keytone::tools;

/// The command that the arguments got as far as, the whole program when none.
const CLI::App& chosen(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return commands.empty() ? program : *commands.back();
}

std::vector<std::string> command_names(const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* const command : program.get_subcommands({})) {
        names.push_back(command->get_name());
    }
    return names;
}

/// What is wrong with the arguments, and where to look.
Failure usage_failure(const CLI::ParseError& error, const CLI::App& program) {
    const CLI::App& command = chosen(program);
    const std::string name = &command == &program ? "keytone" : "keytone " + command.get_name();
    const std::string see = ": see " + name + " --help";
    // A mistyped option comes before what it makes missing.
    for (const std::string& leftover : program.remaining(true)) {
        if (leftover.size() > 1 && leftover.front() == '-') {
            return {ExitCode::usage, name + " has no option " + leftover + see};
        }
    }
    if (&command == &program) {
        const auto leftovers = program.remaining();
        return {ExitCode::usage,
                (leftovers.empty() ? "no command is given" : "'" + leftovers.front() + "' is no command") +
                    ": use " + enumerate(command_names(program)) + ", or see keytone --help"};
    }
    // The checks of the values name their own remedy.
    const bool says_remedy = dynamic_cast<const CLI::ValidationError*>(&error) != nullptr;
    return {ExitCode::usage, error.what() + (says_remedy ? "" : see)};
}

/// Reports `failure`, if it is one.
ExitCode conclude(const std::optional<Failure>& failure, Console& console) {
    if (!failure) {
        return ExitCode::done;
    }
    console.error(failure->message);
    return failure->code;
}

/// One of the program's commands.
struct Command {
    const CLI::App* app;
    std::function<ExitCode()> run;
};

/// Parses the arguments and does what they ask for.
ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("Telephone keys (DTMF), and the calls they are pressed in.", "keytone");
    program.require_subcommand(1);
    program.set_version_flag("--version", "keytone " KEYTONE_VERSION, "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.footer(
        "keytone COMMAND --help tells the options, with examples.\n\n"
        "Exit code: 0 done, 1 an input could not be processed or an output not be written, 2 usage.");

    RenderOptions render_options;
    DetectOptions detect_options;
    PlayOptions play_options;
    MonitorOptions monitor_options;
    DevicesOptions devices_options;
    ExplainOptions explain_options;
    SimulateOptions simulate_options;
    AgentToolsOptions tools_options;
    const std::vector<Command> commands{
        {add_render_command(program, render_options),
         [&] { return conclude(render(render_options, console), console); }},
        {add_detect_command(program, detect_options), [&] { return detect(detect_options, console); }},
        {add_play_command(program, play_options),
         [&] { return conclude(play(play_options, console), console); }},
        {add_monitor_command(program, monitor_options),
         [&] { return conclude(monitor(monitor_options, console), console); }},
        {add_devices_command(program, devices_options),
         [&] { return conclude(list_devices(devices_options, console), console); }},
        {add_explain_command(program, explain_options),
         [&] { return conclude(explain(explain_options, console), console); }},
        {add_simulate_command(program, simulate_options),
         [&] { return conclude(simulate(simulate_options, console), console); }},
        {add_tools_command(program, tools_options),
         [&] { return conclude(print_agent_tools(tools_options, console), console); }},
    };

    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.print(program.help());
        return ExitCode::done;
    } catch (const CLI::CallForVersion& version) {
        console.print(std::string(version.what()) + "\n");
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        return conclude(usage_failure(error, program), console);
    }
    const auto asked =
        std::ranges::find_if(commands, [](const Command& command) { return command.app->parsed(); });
    return asked->run(); // One is required.
}

} // namespace

int main(int argc, char** argv) {
    prepare_standard_streams();
    Console console;
    try {
        const ExitCode code = run(argc, argv, console);
        if (interruption() != 0) {
            end_by(interruption());
        }
        // What could not be printed has not been done, whatever else went well.
        const auto failure = console.output_failure();
        return static_cast<int>(failure ? conclude(failure, console) : code);
    } catch (const std::bad_alloc&) {
        console.error("out of memory: do less at a time");
    } catch (const std::exception& error) {
        console.error(std::string("internal error, please report it: ") + error.what());
    }
    return static_cast<int>(ExitCode::failed);
}
