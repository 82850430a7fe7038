// SPDX-License-Identifier: MIT
//
// keytone detect: prints the digits in audio files.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/detect/file_options.hpp"
#include "tools/limits_options.hpp"

#include <CLI/CLI.hpp>

namespace keytone::tools {

/// The options of `keytone detect`.
struct DetectOptions {
    FileOptions input;
    bool json = false;
    LimitsOptions limits;
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_detect_command(CLI::App& program, DetectOptions& options);

/// Prints the digits of all files, in their order, and reports files that cannot be processed. After a signal
/// that asks for the end (interruption()), what was detected until then is printed as if that were all.
ExitCode detect(const DetectOptions& options, Console& console);

} // namespace keytone::tools
