// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "tools/console/failure.hpp"
#include "tools/simulation/scenario.hpp"

#include <cstddef>
#include <string>

namespace keytone::tools {

inline constexpr std::size_t max_scenario_bytes = std::size_t{16} * 1024 * 1024;

/// A scenario's name as messages have it; `-` is standard input.
std::string scenario_name(const std::string& file);
/// Reads a scenario; `-` is standard input. Errors: the file's, those of its lines, with the line.
/// `[control]`
Result<simulation::Scenario, Failure> read_scenario(const std::string& file);
/// Where a scenario's sounds and prompts are looked for: in `prompts`, or beside the scenario where that is
/// empty.
std::string prompt_folder(const std::string& prompts, const std::string& scenario);

} // namespace keytone::tools
