// SPDX-License-Identifier: MIT
//
// Voices without keys, at 8 kHz. They are split by their names: one part to tune a receiver with, and one
// that is held out for testing.
#pragma once

#include "bench/accuracy/sound.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::accuracy {

inline constexpr int recording_rate_hz = 8000;

struct Recording {
    std::string name;
    std::vector<float> samples;
};

/// True for a third of all sources of sound (a speaker, a song, a file of prompts), by the hash of their
/// names (FNV-1a).
bool is_held_out(std::string_view source);

/// The first channel of any audio file, converted to 8 kHz. Throws a line that names the file.
std::vector<float> read_audio(const std::filesystem::path& path);
/// Writes WAV, 8 kHz and 16 bits. Throws a line that names the file.
void write_audio(const std::filesystem::path& path, std::span<const float> samples);
/// Every .wav file below the folder, in the order of their paths; none where the folder does not exist.
std::vector<Recording> read_recordings(const std::filesystem::path& folder);

/// The telephone prompts of asterisk-core-sounds-en-wav and -es-wav, read once. `[any]`
const std::vector<Recording>& prompts();

} // namespace keytone::accuracy
