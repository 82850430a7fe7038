// SPDX-License-Identifier: MIT
//
// keytone simulate: runs a whole call offline, faster than real time.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace keytone::tools {

/// The options of `keytone simulate`.
struct SimulateOptions {
    std::string scenario; ///< A file; `-` is standard input.
    std::string folder;   ///< Created if it does not exist.
    std::string prompts;  ///< The folder of recorded prompts; empty: that of the scenario.
    bool json = false;
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_simulate_command(CLI::App& program, SimulateOptions& options);

/// Writes the legs' WAV files, the events, the recording and the pictures into the folder, and prints what
/// happened.
std::optional<Failure> simulate(const SimulateOptions& options, Console& console);

} // namespace keytone::tools
