// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace keytone::tools {

/// The program's exit codes.
enum class ExitCode : int {
    done = 0,
    failed = 1, ///< An input could not be processed, or an output could not be written.
    usage = 2,  ///< The command line is wrong.
};

/// Why a command failed: one line that names the thing and the remedy.
struct Failure {
    ExitCode code;
    std::string message;
    bool reader_is_gone = false; ///< The reader of the output has left: nothing to report.
};

/// A failure of an input or an output.
inline Failure failed(std::string message) {
    return {ExitCode::failed, std::move(message)};
}
/// A failure of the command line.
inline Failure misused(std::string message) {
    return {ExitCode::usage, std::move(message)};
}

} // namespace keytone::tools
