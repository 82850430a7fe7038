// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// Runs a program, found as by a shell, with its output written to `output`; false when it could not be run,
/// or failed. `[any]`
bool run_program(const std::vector<std::string>& words, const std::filesystem::path& output);

} // namespace keytone::accuracy
