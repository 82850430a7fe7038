// SPDX-License-Identifier: MIT
//
// What `keytone detect` and `keytone monitor` have in common: what they accept as a digit.
#pragma once

#include "dsp/dtmf_limits.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace keytone::tools {

/// What is to be accepted, by its names.
struct LimitsOptions {
    std::string profile = "q24";
    std::string sensitivity = "normal";
};

/// Adds `--profile` and `--sensitivity`, which take no name but those offered.
void add_limits_options(CLI::App& command, LimitsOptions& options);

/// The limits that options which were parsed name.
DtmfLimits limits_of(const LimitsOptions& options);

} // namespace keytone::tools
