// SPDX-License-Identifier: MIT
//
// keytone detect: the digits in audio files.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/limits_options.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace keytone::tools {

/// What `keytone detect` is asked for.
struct DetectOptions {
    std::vector<std::string> files; ///< `-` is standard input.
    bool recursive = false;         ///< Folders stand for the audio files in them.
    std::string raw;                ///< ENCODING@RATE of files without a header; empty: as their names say.
    bool json = false;
    LimitsOptions limits;
    std::string channel = "all"; ///< Or a number, counted from 1.
    std::string picture;         ///< File to draw the sound of the only file into; none when empty.
    int jobs = 0;                ///< Files that are processed at the same time; 0 is one for each core.
};

/// Adds the command to `program`; what is parsed goes to `options`.
CLI::App* add_detect_command(CLI::App& program, DetectOptions& options);

/// Prints the digits of all files, in their order, and reports those that cannot be processed. A signal that
/// asks for the end (interruption()) has what was heard until then told as if it were all.
ExitCode detect(const DetectOptions& options, Console& console);

} // namespace keytone::tools
