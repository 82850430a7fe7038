// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// Runs a program, found as a shell would, with its output to `output`; false when it could not, or failed.
/// `[any]`
bool run_program(const std::vector<std::string>& words, const std::filesystem::path& output);

} // namespace keytone::accuracy
