// SPDX-License-Identifier: MIT
//
// What `keytone render` and `keytone play` have in common: digits, and how they sound.
#pragma once

#include "dsp/dtmf_generator.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "tools/console/failure.hpp"
#include "tools/render/digit_stream.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>

namespace keytone::tools {

/// Digits to send, and how.
struct ToneOptions {
    /// The most digits and pauses of one recording: nearly six hours at the default lengths.
    static constexpr std::size_t max_digits = 100'000;
    static constexpr double max_silence_ms = 600'000;

    std::string digits;
    DtmfTone tone;
    Milliseconds lead{0};
    Milliseconds tail{0};
};

/// Adds DIGITS to `command`, which requires it.
CLI::Option* add_digits_argument(CLI::App& command, ToneOptions& options);
/// Adds the lengths and levels to `command`.
void add_tone_options(CLI::App& command, ToneOptions& options);

/// The stream to send; a failure names the option that is wrong.
Result<DigitStream, Failure> make_digit_stream(const ToneOptions& options, SampleRate rate);

} // namespace keytone::tools
