// SPDX-License-Identifier: MIT
//
// Follows the key that sounds, from sub-block to sub-block, and decides where it ended:
//
//     F F F F F . . F F F F          an interruption: the gap window is never empty
//     F F F F F . . . . . .          a pause: the key ended after the last F
//     F F F F F w w w w w w          the same tones, weaker: the key goes on at their level
//     F F F F F w w w w w w F F      as strong again: w was an echo, and this is another key
//     F F F F F x x x                another key, any other sound: the key ended where it began
//     F F F F F . . . . . . w w w    the same tones, weaker, after the end: an echo, no key
#pragma once

#include "dsp/detector/key_shares.hpp"
#include "dsp/detector/key_tones.hpp"
#include "dsp/detector/tone_tracker.hpp"
#include "dsp/detector/tone_verifier.hpp"
#include "dsp/dtmf_limits.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// A key that is over, as measured over its first and its last sub-blocks.
struct FollowedKey {
    TonePair pair;
    SampleIndex onset; ///< On the tracker's clock, as is `over`.
    SampleIndex over;  ///< First sample without it.
    std::int64_t next; ///< The first sub-block that may be another key's.
    std::array<double, 2> power;
    double noise;
};

/// Knows the key that sounds, or the last one. A plain value.
class KeyFollower {
  public:
    explicit KeyFollower(const DtmfLimits& limits = {});

    /// Forgets every key. `[audio]`
    void reset() noexcept;
    /// A key sounds, since `onset`. `[audio]`
    void begin(const ToneEvidence& evidence, SampleIndex onset) noexcept;
    /// Has the tracker take sub-blocks from the front of `samples`, a whole number of them, as its push() and
    /// follow() would, while each goes on with the key as the one before, or is silence that does not end the
    /// key; returns how many. `[audio]`
    std::size_t follow_steadily(ToneTracker& tracker, std::span<const std::int16_t> samples) noexcept;
    /// Takes the tracker's last sub-block; false when the key is over. `[audio]`
    [[nodiscard]] bool follow(const ToneTracker& tracker) noexcept;
    /// Measures the key that is over. `[audio]`
    FollowedKey end(const ToneTracker& tracker) noexcept;
    /// Whether what sounds is no new key but the last one's echo from a room or a line, or a remainder of it.
    /// `[audio]`
    [[nodiscard]] bool belongs_to_last(const ToneEvidence& evidence) noexcept;

    /// The key that sounds, or the last one. `[any]`
    [[nodiscard]] const TonePair& pair() const noexcept { return tones_.pair(); }
    [[nodiscard]] SampleIndex onset() const noexcept { return onset_; }
    /// First sample after the key's tones; 0 while it sounds, and before any key. `[any]`
    [[nodiscard]] SampleIndex over() const noexcept { return over_; }
    [[nodiscard]] std::array<double, 2> begin_power() const noexcept {
        return {static_cast<double>(begin_power_[0]), static_cast<double>(begin_power_[1])};
    }
    [[nodiscard]] double begin_noise() const noexcept { return static_cast<double>(tones_.noise()); }

  private:
    std::size_t follow_silence(ToneTracker& tracker, std::span<const std::int16_t> samples) noexcept;
    void forget_strange_ones(std::int64_t last) noexcept;
    [[nodiscard]] std::int64_t held_sub_blocks(const ToneTracker& tracker, std::int64_t most) const noexcept;
    [[nodiscard]] bool is_filled(const ToneTracker& tracker, std::int64_t index) const noexcept;
    bool goes_on_weaker(const ToneTracker& tracker) noexcept;
    [[nodiscard]] bool is_pressed_again(const HeardTones& heard) noexcept;
    [[nodiscard]] SampleIndex faded_out(const ToneTracker& tracker, std::int64_t from) const noexcept;
    [[nodiscard]] KeyShares::Stretch last_full_stretch(const ToneTracker& tracker) const noexcept;

    // What each sub-block of a key touches, in two cache lines:
    KeyShares shares_;
    bool is_back_ = false;
    std::uint8_t at_once_ = 1;  // sub-blocks that are tried at once: none where the next goes on otherwise
    std::uint16_t strange_ = 0; // bit 0 is the last sub-block
    std::int32_t fell_ = 0;     // samples from the onset to where it first became weaker; 0: nowhere
    KeyTones tones_;

    SampleIndex onset_ = 0;
    SampleIndex over_ = 0;
    std::int32_t echo_until_ = 0; // samples from the end to where its echo was heard last,
    std::int32_t same_until_ = 0; // and a remainder of it
    std::array<float, 2> begin_power_{};
    float most_level_difference_;
    std::int8_t first_full_ = 0;    // sub-blocks from that of the onset on: the first full one,
    std::int8_t confirmed_ = 0;     // and the one that confirmed it
    std::int16_t max_interruption_; // samples, as are the next two
    std::int16_t longest_gap_;
    std::int16_t max_echo_delay_;
    std::uint8_t measured_ = 0; // sub-blocks that were measured at its begin
    std::uint8_t min_echo_loss_db_;
};

} // namespace keytone
