// SPDX-License-Identifier: MIT
//
// keytone play: digits to a loudspeaker or a line.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/device/device_choice.hpp"
#include "tools/tone_options.hpp"

#include <CLI/CLI.hpp>

#include <optional>

namespace keytone::tools {

/// What `keytone play` is asked for.
struct PlayOptions {
    ToneOptions tones;
    DeviceOptions device;
};

/// Adds the command to `program`; what is parsed goes to `options`.
CLI::App* add_play_command(CLI::App& program, PlayOptions& options);

/// Plays the digits, tells which key sounds, and returns when the last has sounded or a signal asks the
/// program to end (interruption()).
std::optional<Failure> play(const PlayOptions& options, Console& console);

} // namespace keytone::tools
