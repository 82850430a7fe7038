// SPDX-License-Identifier: MIT
//
// keytone render: digits to a WAV file.
#pragma once

#include "dsp/dtmf_generator.hpp"
#include "dsp/units.hpp"
#include "engine/io/wav_file.hpp"
#include "tools/console.hpp"
#include "tools/failure.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace keytone::tools {

/// What `keytone render` is asked for.
struct RenderOptions {
    /// Digits and pauses in one recording: with the default lengths nearly six hours.
    static constexpr std::size_t max_digits = 100'000;
    static constexpr double max_silence_ms = 600'000;

    std::string digits;
    std::string output; ///< `-` is standard output.
    int rate_hz = 8000;
    DtmfTone tone;
    Milliseconds lead{0};
    Milliseconds tail{0};
    std::string encoding = "pcm16";
};

/// Adds the command to `program`; what is parsed goes to `options`.
CLI::App* add_render_command(CLI::App& program, RenderOptions& options);

/// Writes the recording, whole or not at all: not at all when a signal asks the program to end
/// (interruption()).
std::optional<Failure> render(const RenderOptions& options, Console& console);

} // namespace keytone::tools
