// SPDX-License-Identifier: MIT
//
// keytone render: writes digits, or a tone of a network or a machine, to an audio file.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/render/tone_stream.hpp"
#include "tools/tone_options.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace keytone::tools {

/// The options of `keytone render`.
struct RenderOptions {
    ToneOptions tones;
    NetworkToneOptions network; ///< Instead of digits, where a tone is given.
    std::string output;         ///< `-` is standard output.
    int rate_hz = 8000;
    std::string encoding = "pcm16";
};

/// Adds the command to `program`; parsed values go to `options`.
CLI::App* add_render_command(CLI::App& program, RenderOptions& options);

/// Writes the recording, completely or not at all: not at all when a signal asks the program to end
/// (interruption()).
std::optional<Failure> render(const RenderOptions& options, Console& console);

} // namespace keytone::tools
