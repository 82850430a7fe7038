// SPDX-License-Identifier: MIT
#include "dsp/listener/line_sounds.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

// With noise 15 dB below it, a tone's cosines vary by half of this from block to block.
constexpr float max_run_cosine_change = 0.06F;
constexpr float max_short_cosine_change = 0.1F;
// Tones are a sound in which at least twice as many blocks are tones as are not. At its ends there are two
// that are not.
constexpr std::int32_t tones_to_loose = 2;
constexpr std::int32_t least_steps = 2; // special information tones are three

} // namespace

bool LineSounds::goes_on(const Block& block) const noexcept {
    return block.tonal && last_.tonal && block.progress_range == last_.progress_range &&
           std::abs(block.cosine - last_.cosine) < max_run_cosine_change &&
           std::abs(block.short_cosine - last_.short_cosine) < max_short_cosine_change;
}

void LineSounds::add(const Block& block, float power) noexcept {
    if (goes_on(block)) {
        std::int32_t& run = block.progress_range ? runs_.progress : runs_.other;
        if (!in_run_) { // The block before was the first of the run.
            --runs_.loose;
            ++run;
            runs_.steps += block.single ? 1 : 0;
        }
        ++run;
        in_run_ = true;
    } else {
        ++runs_.loose;
        in_run_ = false;
    }
    last_ = block;
    loudest_ = std::max(loudest_, power);
}

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
