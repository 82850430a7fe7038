// SPDX-License-Identifier: MIT
//
// Sound from Debian packages.
#pragma once

#include "bench/accuracy/talk_off/clip.hpp"

#include <filesystem>

namespace keytone::accuracy {

/// The telephone prompts of asterisk-core-sounds-en-wav and -es-wav. Their source is the name of the file, so
/// that translations stay together.
Corpus telephone_prompts();
/// Voices of games' characters, children's letters and syllables in twenty languages, prompts, and samples
/// that speech codecs are tested with.
Corpus packaged_speech();
/// Prompts that nothing was tuned on, to judge with: French, Italian and Russian.
Corpus judging_prompts();
/// The same of other voices: Dutch characters of a game, and words in 25 languages.
Corpus judging_speech();
/// The kind of these clips, and their package.
inline constexpr const char* music_on_hold = "asterisk-moh-opsound-wav";
/// Music on hold, and the music and effects of games. Archives are unpacked into `cache`.
Corpus packaged_music(const std::filesystem::path& cache);

} // namespace keytone::accuracy
