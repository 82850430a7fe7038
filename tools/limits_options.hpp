// SPDX-License-Identifier: MIT
//
// What `keytone detect` and `keytone monitor` have in common: the limits of what is accepted as a digit.
#pragma once

#include "dsp/dtmf_limits.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace keytone::tools {

/// The limits, by name.
struct LimitsOptions {
    std::string profile = "q24";
    std::string sensitivity = "normal";
};

/// Adds `--profile` and `--sensitivity`, which only accept the names that exist.
void add_limits_options(CLI::App& command, LimitsOptions& options);

/// The limits that the parsed options name.
DtmfLimits limits_of(const LimitsOptions& options);

} // namespace keytone::tools
