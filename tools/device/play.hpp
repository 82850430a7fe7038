// SPDX-License-Identifier: MIT
//
// keytone play: sends digits to a loudspeaker or a line.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/device/device_choice.hpp"
#include "tools/tone_options.hpp"

#include <CLI/CLI.hpp>

#include <optional>

namespace keytone::tools {

/// The options of `keytone play`.
struct PlayOptions {
    ToneOptions tones;
    DeviceOptions device;
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_play_command(CLI::App& program, PlayOptions& options);

/// Plays the digits, prints which key sounds, and returns when the last one has sounded or a signal asks the
/// program to end (interruption()).
std::optional<Failure> play(const PlayOptions& options, Console& console);

} // namespace keytone::tools
