// SPDX-License-Identifier: MIT
//
// What a receiver may take for a key that tells the loudest tone of each group, whatever else sounds. Many
// such stretches are speech: who silences them needs to know more, such as which keys are beside them.
//
//     blocks of 5 ms   . . . . k k k k k k k . . . .
//     window                   [ 8 blocks: two tones dominate ]
//     stretch                |<- as long as the two explain what sounds ->|
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/keys.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/suppressor/key_edges.hpp"
#include "dsp/suppressor/key_spans.hpp"
#include "dsp/units.hpp"

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace keytone {

/// For files: it allocates when it is made.
class KeyGuesses {
  public:
    /// Receivers that guess take 40 ms at a time, wherever these begin.
    static constexpr Milliseconds block{5};
    static constexpr std::size_t window = 8; // blocks
    /// In each group the loudest tone has this much more power than each other one,
    static constexpr Decibels least_over_others{8.5};
    /// and both together have this share of all power. multimon-ng asks for 10 dB and 0.4 in windows of its
    /// own.
    static constexpr float least_share = 0.33F;
    /// What is shorter is read by nobody.
    static constexpr Milliseconds shortest{16};
    /// Speech that is a key for a moment is mostly shorter than any key: 40 ms (Q.24), less what edges err
    /// by.
    static constexpr Milliseconds shortest_in_speech{39};
    /// Tones that a codec has bent, and that explain but a part of the window, have all else at no more than
    /// this part of their power.
    static constexpr float most_rest_of_bent = 1.1F;
    /// A window counts where no other one dominates more within so many blocks of it.
    static constexpr std::size_t reach = window;

    using Sink = FunctionRef<void(const KeySpan&)>;

    explicit KeyGuesses(SampleRate rate);

    /// Hears the next samples, and tells the stretches that end at least 40 ms before: as spans, which lie
    /// inside of them.
    void hear(std::span<const std::int16_t> samples, Sink sink);
    /// The stream is over.
    void finish(Sink sink);

  private:
    static constexpr std::size_t tones = low_group.size() + high_group.size();

    using Sums = std::array<std::complex<float>, tones>;
    using Parts = std::array<float, 2 * tones>; // real and imaginary, one after the other

    struct Block {
        Sums sums{};
        float power = 0.0F;
    };
    struct Guess {
        std::optional<Key> key;
        float power = 0.0F; // of both its tones
    };

    void end_block(Sink sink);
    [[nodiscard]] Guess guess() const;
    [[nodiscard]] bool is_too_short(const KeyEdges::Stretch& found) const;
    [[nodiscard]] std::optional<KeyEdges::Stretch> stretch(Key key, SampleIndex from, SampleIndex to) const;
    void tell(Key key, SampleIndex from, SampleIndex to, Sink sink) const;

    SampleRate rate_;
    KeyEdges edges_;
    std::size_t block_samples_;
    std::array<std::uint64_t, tones> steps_{}; // by how much each tone's phase turns in a sample
    std::vector<Parts> terms_;                 // each tone at each sample of a block
    std::size_t in_block_ = 0;
    SampleIndex heard_ = 0;
    Parts current_{};
    float power_ = 0.0F;
    std::array<Block, window> blocks_{};
    std::array<Guess, 2 * reach + 1> guesses_{};
};

} // namespace keytone
