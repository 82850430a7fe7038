// SPDX-License-Identifier: MIT
//
// Where the keys of a recording are, found without haste: the recording is heard several times, each time as
// the time before left it.
//
//     recording ─► KeySpans ─ 0.5 s ─► silenced ─► KeySpans ─ 0.5 s ─► silenced ─► ...
//
// What speech hid of a key, or what was taken for its echo, shows when the rest of the key is gone. The last
// hearing takes weaker evidence too, but only beside a key that was heard before and is as loud: numbers are
// keys in a row, from one sender.
// What a receiver would only guess in what is left then (KeyGuesses) counts beside such keys, too.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/suppressor/key_guesses.hpp"
#include "dsp/suppressor/key_spans.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone {

/// For files: it allocates.
class KeyRedactor {
  public:
    /// How often the recording is heard.
    static constexpr std::size_t stages = 3;
    /// The delay of each: a key's end is known long before.
    static constexpr Milliseconds stage_delay{500};
    /// Of the last one's, this much is for the guesses in what that hearing leaves.
    static constexpr Milliseconds guess_delay{250};
    /// A key is beside another that ends or begins within this time of its begin, either tone of which is as
    /// loud within this. Less than two stages' delay: by then the other one is known.
    static constexpr Milliseconds beside{800};
    static constexpr Decibels as_loud{4};
    /// What the last hearing asks over a voice, and the shortest key among speech.
    static constexpr Decibels snr_over_voice_beside{0};
    static constexpr Milliseconds shortest_beside{20};
    /// A guess is a key where one is beside it within this time, and the root of the sum of the squares of
    /// how far both tones' levels differ is at most this.
    static constexpr Milliseconds guess_beside{900};
    static constexpr Decibels guess_as_loud{4.5};

    explicit KeyRedactor(SampleRate rate, const DtmfLimits& limits = suppression_limits());

    /// Hears the next samples.
    void hear(std::span<const std::int16_t> samples);
    /// The recording is over.
    void finish();

    /// All that sounds before this sample is known.
    [[nodiscard]] SampleIndex settled() const noexcept { return settled_; }
    /// Calls `sink` for each span that was not forgotten, also for those that are not settled. None is empty.
    void for_each(FunctionRef<void(const KeySpan&)> sink) const;
    /// Drops the spans that are over before `sample`, which is settled; `sink` gets each of them once.
    void forget_before(SampleIndex sample, FunctionRef<void(const KeySpan&)> sink);

    [[nodiscard]] std::int32_t fade_samples() const noexcept { return stages_.front().keys.fade_samples(); }

  private:
    struct Stage {
        KeySpans keys;
        std::vector<std::int16_t> waiting{}; // heard, but not settled
        SampleIndex first = 0;               // the index of the first of them
    };

    void hear(std::size_t stage, std::span<const std::int16_t> samples);
    void pass_on(std::size_t stage, std::size_t count);
    void settle(SampleIndex until);
    [[nodiscard]] bool any_key(FunctionRef<bool(const KeySpan&)> is_asked) const;
    [[nodiscard]] bool is_beside_a_key(const KeySpan& span) const;
    [[nodiscard]] bool is_guess_of_a_key(const KeySpan& span) const;

    SampleCount delay_;
    SampleCount guess_delay_;
    SampleCount beside_;
    SampleCount guess_beside_;
    std::vector<KeySpan> past_{}; // forgotten, but another key may be beside them
    std::vector<Stage> stages_;
    KeyGuesses guesses_;
    std::vector<KeySpan> guessed_{};
    SampleIndex settled_ = 0;
};

} // namespace keytone
