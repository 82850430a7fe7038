// SPDX-License-Identifier: MIT
//
// Recognises audio formats that libsndfile does not read, and names the command that converts them.
#pragma once

#include "engine/io/byte_input.hpp"

#include <optional>
#include <string>

namespace keytone::io {

/// What the file at `path` (`-` is standard input) is, by its first bytes or its name, and the command that
/// converts it: "is MP4, which is not read here: ffmpeg -i call.m4a call.wav". Nothing for an unknown format.
/// `[control]`
std::optional<std::string> foreign_audio(const std::string& path, ByteInput& input);

/// The command that converts a file whose format ffmpeg recognises by itself. `[control]`
std::string ffmpeg_command(const std::string& path);

} // namespace keytone::io
