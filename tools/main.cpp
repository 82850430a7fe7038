// SPDX-License-Identifier: MIT
//
// keytone: one program with several commands.
#include "tools/console/standard_streams.hpp"
#include "tools/nearest_word.hpp"
#include "tools/option_checks.hpp"
#include "tools/program.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace keytone::tools;

/// The last command that the arguments name; the program itself when they name none.
const CLI::App* chosen(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return commands.empty() ? &program : commands.back();
}

/// The long options of a command, as they are typed.
std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* const option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

/// What is wrong with the arguments, and where to find help.
Failure usage_failure(const CLI::ParseError& error, const CLI::App& program) {
    const CLI::App& command = *chosen(program);
    const std::string name = &command == &program ? "keytone" : "keytone " + command.get_name();
    const std::string see = ": see " + name + " --help";
    // A mistyped option is reported before an option that is missing because of that.
    for (const std::string& leftover : program.remaining(true)) {
        if (leftover.size() > 1 && leftover.front() == '-') {
            const auto meant = nearest_word(leftover.substr(0, leftover.find('=')), option_names(command));
            return {ExitCode::usage,
                    name + " has no option " + leftover + (meant ? ": did you mean " + *meant + "?" : see)};
        }
    }
    if (&command == &program) {
        const auto leftovers = program.remaining();
        return leftovers.empty() ? Failure{ExitCode::usage, "no command is given: use " +
                                                                enumerate(command_names(program)) +
                                                                ", or see keytone --help"}
                                 : no_such_command(leftovers.front(), program);
    }
    // The checks of the values name their own remedy.
    const bool says_remedy = dynamic_cast<const CLI::ValidationError*>(&error) != nullptr;
    return {ExitCode::usage, error.what() + (says_remedy ? "" : see)};
}

/// Parses the arguments and runs the command.
ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("", "keytone");
    ProgramOptions options;
    const std::vector<Command> commands = describe_program(program, options, console);
    const auto usage = [&](const CLI::ParseError& error) { return usage_failure(error, program); };
    if (const auto code = read_arguments(program, argc, argv, console, usage)) {
        return *code;
    }
    const auto asked =
        std::ranges::find_if(commands, [](const Command& command) { return command.app->parsed(); });
    return asked->run(); // A command is required.
}

} // namespace

int main(int argc, char** argv) {
    prepare_standard_streams();
    Console console;
    return run_program(console, [&] { return run(argc, argv, console); });
}
