// SPDX-License-Identifier: MIT
//
// keytone devices: lists the devices to play on and to listen to.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <optional>

namespace keytone::tools {

/// The options of `keytone devices`.
struct DevicesOptions {
    bool json = false;
    bool verbose = false; ///< Let the audio system's own messages through.
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_devices_command(CLI::App& program, DevicesOptions& options);

/// Prints all devices.
std::optional<Failure> list_devices(const DevicesOptions& options, Console& console);

} // namespace keytone::tools
