// SPDX-License-Identifier: MIT
//
// What the programs that write manuals have in common.
#pragma once

#include "tools/manual/manual_page.hpp"
#include "tools/manual/program_outline.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace keytone::tools::manual {

/// Throws where the file cannot be written.
void write_text(const std::filesystem::path& path, const std::string& text);
/// All pages of a program, into a folder that is made if it is not there.
void write_pages(const std::filesystem::path& folder, const ProgramOutline& outline, const Edition& edition);

/// The program `name` FOLDER VERSION DATE. Returns its exit code.
int run_manual_program(int argc, char** argv, const std::string& name,
                       const std::function<void(const std::filesystem::path&, const Edition&)>& write);

} // namespace keytone::tools::manual
