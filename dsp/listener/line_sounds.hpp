// SPDX-License-Identifier: MIT
//
// What the sounds of a line were: words, call progress (ringing, busy, congestion, dial tone) or other tones.
// In every country, call progress is one or two tones of 300 to 700 Hz that keep their frequencies, whether
// their level is modulated or not; words do not keep theirs for as long as a syllable. One letter for each
// block of 50 ms, most of which sounds:
//
//     progress   PPPPP.....PPPPP      the same tones, in the range, block by block
//     progress   .SSSSSTTTTTUUUUU     one tone after the other: special information tones
//     tone       TTTT                 other tones: a key's echo, a beep
//     words      WWPPWWWTWPWW         tones are the smaller part, or none continues the one before
#pragma once

#include "dsp/units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace keytone {

/// Classifies the sounds of a line that LineListener finds. A plain value.
class LineSounds {
  public:
    /// What a block is made of.
    struct Block {
        bool tonal;          ///< One tone or two, and little else.
        bool single;         ///< One.
        bool progress_range; ///< Between 300 and 700 Hz.
        float cosine;        ///< At the long lag: where the tones are.
        float short_cosine;  ///< At the short lag.
    };
    /// One sound, from its first sample to the one after its last.
    struct Sound {
        SampleIndex begin = -1;
        SampleIndex end = -1; ///< -1: there was none.
    };

    /// Sound began.
    void begin(SampleIndex at) noexcept {
        current_ = at;
        loudest_ = 0.0F;
        open_ = true;
    }
    /// Adds a whole block of it, and its mean square.
    void add(const Block& block, float power) noexcept;
    /// Noise that is softer than this has set in: what has sounded since `since` and was no louder was that
    /// noise, unless louder words came before it.
    void take_for_noise(float loudest, SampleIndex since) noexcept;
    /// It ended at `at`: after a pause longer than one between syllables. A sound without a whole block has
    /// no effect.
    void end(SampleIndex at) noexcept;
    /// Whether a sound is going on.
    [[nodiscard]] bool open() const noexcept { return open_; }

    /// The last words, unless call progress came after them.
    [[nodiscard]] const Sound& words() const noexcept { return words_; }
    /// The last call progress, unless words came after it.
    [[nodiscard]] const Sound& progress() const noexcept { return progress_; }

  private:
    /// Blocks of the current sound that continue the tones of the block before.
    struct Runs {
        std::int32_t progress = 0;
        std::int32_t other = 0;
        std::int32_t loose = 0; // all other blocks
        std::int32_t steps = 0; // from one single tone to another
    };

    // With noise 15 dB below it, a tone's cosines vary by half of this from block to block.
    static constexpr float max_run_cosine_change = 0.06F;
    static constexpr float max_short_cosine_change = 0.1F;

    [[nodiscard]] bool goes_on(const Block& block) const noexcept;
    void close() noexcept;

    Sound words_;
    Sound progress_;
    SampleIndex current_ = 0;
    Runs runs_;
    Block last_{};
    float loudest_ = 0.0F;       // block of the current sound
    float words_loudest_ = 0.0F; // of all words since there were none
    bool in_run_ = false;        // the last block continues the one before it
    bool open_ = false;
};

// Inline: a block is compared and kept as it was computed, in registers.
inline bool LineSounds::goes_on(const Block& block) const noexcept {
    return block.tonal && last_.tonal && block.progress_range == last_.progress_range &&
           std::abs(block.cosine - last_.cosine) < max_run_cosine_change &&
           std::abs(block.short_cosine - last_.short_cosine) < max_short_cosine_change;
}

inline void LineSounds::add(const Block& block, float power) noexcept {
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

} // namespace keytone
