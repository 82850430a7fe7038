// SPDX-License-Identifier: MIT
//
// keytone listen: prints all that is heard in audio files.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/detect/file_options.hpp"
#include "tools/limits_options.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace keytone::tools {

/// The options of `keytone listen`.
struct ListenOptions {
    FileOptions input;
    bool json = false;
    LimitsOptions limits;
    std::string country = "any"; ///< Whose call progress is heard.
};

/// Adds --country, which is checked.
void add_country_option(CLI::App& command, std::string& country);
/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_listen_command(CLI::App& program, ListenOptions& options);

/// Prints what is heard in all files, in their order, and reports files that cannot be processed. After a
/// signal that asks for the end (interruption()), what was heard until then is printed as if that were all.
ExitCode listen(const ListenOptions& options, Console& console);

} // namespace keytone::tools
