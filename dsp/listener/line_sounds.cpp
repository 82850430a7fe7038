// SPDX-License-Identifier: MIT
#include "dsp/listener/line_sounds.hpp"

#include <algorithm>

namespace keytone {

namespace {

// Tones are a sound in which at least twice as many blocks are tones as are not. At its ends there are two
// that are not.
constexpr std::int32_t tones_to_loose = 2;
constexpr std::int32_t least_steps = 2; // special information tones are three

} // namespace

void LineSounds::take_for_noise(float loudest, SampleIndex since) noexcept {
    if (open_ && current_ >= since && loudest_ < loudest) {
        close();
    }
    if (words_.begin >= since && words_loudest_ < loudest) {
        words_ = {};
        words_loudest_ = 0.0F;
    }
}

void LineSounds::end(SampleIndex at) noexcept {
    const std::int32_t tones = runs_.progress + runs_.other;
    const Sound sound{current_, at};
    if (tones > 0 && tones >= tones_to_loose * runs_.loose) {
        if (runs_.progress >= runs_.other || runs_.steps > least_steps) {
            progress_ = sound;
            words_ = {};
            words_loudest_ = 0.0F;
        }
    } else if (runs_.loose > 0) {
        words_ = sound;
        words_loudest_ = std::max(words_loudest_, loudest_);
        progress_ = {};
    }
    close();
}

void LineSounds::close() noexcept {
    runs_ = {};
    last_ = {};
    in_run_ = false;
    open_ = false;
}

} // namespace keytone
