// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "tools/console/failure.hpp"
#include "tools/simulation/scenario.hpp"

#include <cstddef>
#include <string>

namespace keytone::tools {

inline constexpr std::size_t max_scenario_bytes = std::size_t{16} * 1024 * 1024;

/// A scenario's name for messages; `-` is standard input.
std::string scenario_name(const std::string& file);
/// Reads a scenario; `-` is standard input. Errors: those of the file, and those of its lines, with the
/// line's number. `[control]`
Result<simulation::Scenario, Failure> read_scenario(const std::string& file);
/// The folder of a scenario's sounds and prompts: `prompts`, or that of the scenario where `prompts` is
/// empty.
std::string prompt_folder(const std::string& prompts, const std::string& scenario);

} // namespace keytone::tools
