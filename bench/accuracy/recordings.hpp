// SPDX-License-Identifier: MIT
//
// Voices and music that hold no keys, at 8 kHz. They are parted by their names: one part to tune a receiver
// with, and one that is held out.
#pragma once

#include "bench/accuracy/sound.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::accuracy {

inline constexpr int recording_rate_hz = 8000;

struct Recording {
    std::string name;
    std::vector<float> samples;

    [[nodiscard]] bool held_out() const;
};

/// A third of all names, by their hash (FNV-1a): translations of one prompt have one name and stay together.
bool is_held_out(std::string_view file_name);

/// The first channel of any audio file, at 8 kHz. Throws a line that names the file.
std::vector<float> read_audio(const std::filesystem::path& path);
/// Every .wav below the folder, in the order of their paths; none where there is no such folder.
std::vector<Recording> read_recordings(const std::filesystem::path& folder);

/// The telephone prompts of asterisk-core-sounds-en-wav and -es-wav, read once. `[any]`
const std::vector<Recording>& prompts();
/// The music on hold of asterisk-moh-opsound-wav, in pieces of a minute, read once. `[any]`
const std::vector<Recording>& music();
/// Cuts `recording` into pieces of at most `seconds`, all of its name.
std::vector<Recording> pieces(const Recording& recording, double seconds);

} // namespace keytone::accuracy
