// SPDX-License-Identifier: MIT
//
// The sounds that Debian packages.
#pragma once

#include "bench/accuracy/talk_off/clip.hpp"

#include <filesystem>

namespace keytone::accuracy {

/// The telephone prompts of asterisk-core-sounds-en-wav and -es-wav. Their source is their file's name:
/// translations stay together.
Corpus telephone_prompts();
/// Voices of players, children's letters and syllables in twenty languages, prompts, and what speech codecs
/// are tried with.
Corpus packaged_speech();
/// The kind of its clips, and the package that has them.
inline constexpr const char* music_on_hold = "asterisk-moh-opsound-wav";
/// Music on hold, and the music and effects of games. Archives are unpacked into `cache`.
Corpus packaged_music(const std::filesystem::path& cache);

} // namespace keytone::accuracy
