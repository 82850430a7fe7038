// SPDX-License-Identifier: MIT
//
// Speech by synthesizers, as varied as they can be made to speak.
#pragma once

#include "bench/accuracy/talk_off/clip.hpp"

#include <filesystem>

namespace keytone::accuracy {

/// About `hours` of espeak-ng: spoken_texts() and numbers in every language in turn, each reading at a pitch
/// of 5 to 99, at 90 to 260 words a minute, by one of its voices. A source is a language in a voice.
Corpus espeak_speech(double hours);

/// About `hours` of flite: the licences that every Debian system has, 200 000 characters of plain English, in
/// all its voices, 0.7 to 1.4 times as long, at 70 to 260 Hz. A source is a voice and a tenth of the
/// readings. `cache` is for the output of the program.
Corpus flite_speech(const std::filesystem::path& cache, double hours);

} // namespace keytone::accuracy
