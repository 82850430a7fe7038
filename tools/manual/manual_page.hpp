// SPDX-License-Identifier: MIT
#pragma once

#include "tools/manual/program_outline.hpp"

#include <string>

namespace keytone::tools::manual {

/// The version that a manual page belongs to.
struct Edition {
    std::string version; ///< "0.1.0".
    std::string date;    ///< "2026-11-21".
};

/// The page keytone-COMMAND(1), or keytone(1) for the program itself, after the program's name: man(7)
/// source.
std::string manual_page(const ProgramOutline& outline, const Command& command, const Edition& edition);

/// "keytone-render", or "keytone".
std::string page_name(const ProgramOutline& outline, const Command& command);

} // namespace keytone::tools::manual
