// SPDX-License-Identifier: MIT
//
// keytone monitor: prints the keys that a microphone or a line hears.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/device/device_choice.hpp"
#include "tools/limits_options.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace keytone::tools {

/// The options of `keytone monitor`.
struct MonitorOptions {
    DeviceOptions device;
    LimitsOptions limits;
    int channel = 1;             ///< Counted from 1.
    bool all = false;            ///< Not keys alone.
    std::string country = "any"; ///< Whose call progress is heard, with `all`.
    double seconds = 0.0;        ///< How long to listen; 0: until interrupted.
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_monitor_command(CLI::App& program, MonitorOptions& options);

/// Prints what is heard until the time is over, Ctrl-C is pressed (which is no failure; interruption() is
/// reset) or another signal asks the program to end.
std::optional<Failure> monitor(const MonitorOptions& options, Console& console);

} // namespace keytone::tools
