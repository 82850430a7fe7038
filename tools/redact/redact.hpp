// SPDX-License-Identifier: MIT
//
// keytone redact: silences the keys in a recording.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace keytone::tools {

/// The options of `keytone redact`.
struct RedactOptions {
    std::string input;
    std::string output;       ///< `-` is standard output.
    std::string report;       ///< A file, or `-`; empty: none.
    std::string raw;          ///< ENCODING@RATE of a file without a header; empty: by its name.
    bool json = false;        ///< The report, and what is printed, as JSON.
    bool digits = false;      ///< The report names the keys.
    bool keep_length = false; ///< Has no effect: the length is always kept.
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_redact_command(CLI::App& program, RedactOptions& options);

/// Writes the recording without its keys, completely or not at all: not at all when a signal asks the program
/// to end (interruption()).
std::optional<Failure> redact(const RedactOptions& options, Console& console);

} // namespace keytone::tools
