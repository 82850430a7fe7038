// SPDX-License-Identifier: MIT
#pragma once

#include "tools/manual/program_outline.hpp"

#include <string>

namespace keytone::tools::manual {

/// The files by which each shell completes keytone's commands, options and their values.
std::string bash_completion(const ProgramOutline& outline);
std::string zsh_completion(const ProgramOutline& outline);
std::string fish_completion(const ProgramOutline& outline);

} // namespace keytone::tools::manual
