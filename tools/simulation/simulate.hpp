// SPDX-License-Identifier: MIT
//
// keytone simulate: a whole call offline, faster than real time.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace keytone::tools {

/// What `keytone simulate` is asked for.
struct SimulateOptions {
    std::string scenario; ///< A file; `-` is standard input.
    std::string folder;   ///< Made if it is not there.
    std::string prompts;  ///< Where recorded prompts lie; empty: where the scenario lies.
    bool json = false;
};

/// Adds the command to `program`; what is parsed goes to `options`.
CLI::App* add_simulate_command(CLI::App& program, SimulateOptions& options);

/// Writes the legs' WAV files, the events, the recording and the pictures into the folder, and tells what
/// happened.
std::optional<Failure> simulate(const SimulateOptions& options, Console& console);

} // namespace keytone::tools
