// SPDX-License-Identifier: MIT
//
// What is told of a redaction. Digits are told only where somebody asks for them: the file is redacted so
// that they stand nowhere.
#pragma once

#include "dsp/units.hpp"
#include "tools/redact/file_redaction.hpp"

#include <span>
#include <string>

namespace keytone::tools {

/// A recording that was redacted.
struct RedactedFile {
    std::string input;
    std::string output;
    int rate_hz;
    int channels;
    SampleCount frames;
};

/// A line for each key.
std::string key_lines(const RedactedFile& file, std::span<const SilencedKey> keys, bool json, bool digits);
/// A line for each channel: how many keys, and for how long it is silenced.
std::string channel_lines(const RedactedFile& file, std::span<const SilencedKey> keys, bool json);

} // namespace keytone::tools
