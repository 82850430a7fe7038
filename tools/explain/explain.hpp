// SPDX-License-Identifier: MIT
//
// keytone explain: prints what a digit string means, for keytone or on another platform.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace keytone::tools {

/// The options of `keytone explain`.
struct ExplainOptions {
    static constexpr std::size_t max_digits = 128;

    std::string digits;
    std::string from = "keytone"; ///< The name of a DialPlatform.
    bool json = false;
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_explain_command(CLI::App& program, ExplainOptions& options);

/// Prints what the string means. A string that the platform refuses is explained too, with the exit code of a
/// failure.
ExitCode explain(const ExplainOptions& options, Console& console);

} // namespace keytone::tools
