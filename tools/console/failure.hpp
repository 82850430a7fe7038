// SPDX-License-Identifier: MIT
#pragma once

#include <string>

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

} // namespace keytone::tools
