// SPDX-License-Identifier: MIT
//
// keytone detect: prints the digits in audio files.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/limits_options.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace keytone::tools {

/// The options of `keytone detect`.
struct DetectOptions {
    std::vector<std::string> files; ///< `-` is standard input.
    bool recursive = false;         ///< Folders stand for the audio files in them and below.
    std::string raw;                ///< ENCODING@RATE of files without a header; empty: by their names.
    bool json = false;
    LimitsOptions limits;
    std::string channel = "all"; ///< Or a number, counted from 1.
    std::string picture;         ///< File for a picture of the only input's sound; none when empty.
    int jobs = 0;                ///< Files to process at the same time; 0: one for each core.
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_detect_command(CLI::App& program, DetectOptions& options);

/// Prints the digits of all files, in their order, and reports files that cannot be processed. After a signal
/// that asks for the end (interruption()), what was detected until then is printed as if that were all.
ExitCode detect(const DetectOptions& options, Console& console);

} // namespace keytone::tools
