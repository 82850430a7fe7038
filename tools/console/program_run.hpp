// SPDX-License-Identifier: MIT
//
// What both programs' main() do: arguments read, an end told.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>

namespace keytone::tools {

/// Says why nothing came of a command. Where only the reader of the output has left, as `head` does, the
/// program ends without a word, as any other does there.
ExitCode report(const Failure& failure, Console& console);

/// Runs the program's work. What stops it is told; a signal that was caught ends it as that signal does.
int run_program(Console& console, const std::function<ExitCode()>& work);

/// Reads the arguments. Help and the version are printed, and what is wrong is told as `failure_of` has it:
/// then there is an exit code, and nothing else to do.
template <class FailureOf>
std::optional<ExitCode> read_arguments(CLI::App& program, int argc, char** argv, Console& console,
                                       FailureOf failure_of) {
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.print(program.help());
        return ExitCode::done;
    } catch (const CLI::CallForVersion& version) {
        console.print(std::string(version.what()) + "\n");
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        return report(failure_of(error), console);
    }
    return std::nullopt;
}

} // namespace keytone::tools
