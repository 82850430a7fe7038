// SPDX-License-Identifier: MIT
//
// Where a recorded prompt speaks, and where it only sounds: breath, clicks, and noise of its own that stops
// with the recording.
//
//     ....#######....######.....::::::::::|        # voice   : other sound   . softer
//         begin           end     sound_end
#pragma once

#include "bench/accuracy/talk_off/clip.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace keytone::listening {

/// Whether a file of this name holds words: not a tone, a chime or an animal.
bool holds_words(std::string_view name);

/// The prompts of the packages to judge with, or of all others, that hold words. Throws where there are none.
std::vector<accuracy::Clip> spoken_prompts(bool to_judge);

/// In samples at 8 kHz.
struct Spoken {
    std::size_t begin = 0;
    std::size_t end = 0;           ///< Of the voice.
    std::size_t longest_pause = 0; ///< Within it.
    std::size_t sound_end = 0;     ///< Of all that can be heard; never before `end`.
    std::size_t loud_end = 0;      ///< Of the last 10 ms as loud as voice, be they noise or a click.
};

/// Voice is every 30 ms that are at most 25 dB softer than `voice`, at least 3 dB louder than `noise`, which
/// covers it on the line, and 6 dB louder than the recording's own. Both are mean squares. Other sound is at
/// least as loud as the line's noise, and louder than -50 dBm0.
Spoken spoken(std::span<const float> samples, double voice, double noise);

} // namespace keytone::listening
