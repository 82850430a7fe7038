// SPDX-License-Identifier: MIT
//
// Audio that libsndfile does not read, and what makes it readable.
#pragma once

#include "engine/io/byte_input.hpp"

#include <optional>
#include <string>

namespace keytone::io {

/// What the file at `path` (`-` is standard input) is by its first bytes or its name, and the command that
/// converts it: "is MP4, which is not read here: ffmpeg -i call.m4a call.wav". Nothing for what is not known.
/// `[control]`
std::optional<std::string> foreign_audio(const std::string& path, ByteInput& input);

/// The command that converts a file of a format that ffmpeg knows by itself. `[control]`
std::string ffmpeg_command(const std::string& path);

} // namespace keytone::io
