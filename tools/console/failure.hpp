// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace keytone::tools {

/// What the program leaves behind for its caller.
enum class ExitCode : int {
    done = 0,
    failed = 1, ///< An input could not be processed, or an output not be written.
    usage = 2,  ///< The command line asks for something that is not offered.
};

/// Why a command came to nothing: one line that names the thing and the remedy.
struct Failure {
    ExitCode code;
    std::string message;
    bool reader_is_gone = false; ///< Whoever read the output wants no more: nothing to tell.
};

/// Of an input or an output.
inline Failure failed(std::string message) {
    return {ExitCode::failed, std::move(message)};
}
/// Of the command line.
inline Failure misused(std::string message) {
    return {ExitCode::usage, std::move(message)};
}

} // namespace keytone::tools
