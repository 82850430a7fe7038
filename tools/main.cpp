// SPDX-License-Identifier: MIT
//
// keytone: one program, a command for each thing it does.
#include "tools/agent_tools.hpp"
#include "tools/console.hpp"
#include "tools/detect.hpp"
#include "tools/failure.hpp"
#include "tools/interruption.hpp"
#include "tools/render.hpp"
#include "tools/standard_streams.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <string>

namespace {

using namespace keytone::tools;

/// The command that the arguments got as far as, the whole program when none.
const CLI::App& chosen(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return commands.empty() ? program : *commands.back();
}

/// What is wrong with the arguments, and where to look.
Failure explain(const CLI::ParseError& error, const CLI::App& program) {
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
                    ": use render, detect or tools, or see keytone --help"};
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

/// Parses the arguments and does what they ask for.
ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("Telephone keys (DTMF) to audio files and back.", "keytone");
    program.require_subcommand(1);
    program.set_version_flag("--version", "keytone " KEYTONE_VERSION, "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.footer(
        "keytone render --help, keytone detect --help and keytone tools --help tell the options, with "
        "examples.\n\n"
        "Exit code: 0 done, 1 an input could not be processed or an output not be written, 2 usage.");

    RenderOptions render_options;
    DetectOptions detect_options;
    const CLI::App* const render_command = add_render_command(program, render_options);
    add_detect_command(program, detect_options);
    AgentToolsOptions tools_options;
    const CLI::App* const tools_command = add_tools_command(program, tools_options);

    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.print(program.help());
        return ExitCode::done;
    } catch (const CLI::CallForVersion& version) {
        console.print(std::string(version.what()) + "\n");
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        return conclude(explain(error, program), console);
    }
    if (tools_command->parsed()) {
        return conclude(print_agent_tools(tools_options, console), console);
    }
    return render_command->parsed() ? conclude(render(render_options, console), console)
                                    : detect(detect_options, console);
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
