// SPDX-License-Identifier: MIT
//
// What the main() of both programs do: read the arguments, and report the end.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>

namespace keytone::tools {

/// Reports why a command failed. If only the reader of the output has left, as `head` does, the program ends
/// silently, as other programs do.
ExitCode report(const Failure& failure, Console& console);

/// Runs the program's work. Exceptions are reported; a signal that was caught ends the program as that signal
/// does.
int run_program(Console& console, const std::function<ExitCode()>& work);

/// Reads the arguments. Prints help or the version if asked for, and reports errors as `failure_of` words
/// them: then it returns an exit code, and there is nothing else to do.
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
