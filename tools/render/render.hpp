// SPDX-License-Identifier: MIT
//
// keytone render: digits to an audio file.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/tone_options.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace keytone::tools {

/// What `keytone render` is asked for.
struct RenderOptions {
    ToneOptions tones;
    std::string output; ///< `-` is standard output.
    int rate_hz = 8000;
    std::string encoding = "pcm16";
};

/// Adds the command to `program`; what is parsed goes to `options`.
CLI::App* add_render_command(CLI::App& program, RenderOptions& options);

/// Writes the recording, whole or not at all: not at all when a signal asks the program to end
/// (interruption()).
std::optional<Failure> render(const RenderOptions& options, Console& console);

} // namespace keytone::tools
