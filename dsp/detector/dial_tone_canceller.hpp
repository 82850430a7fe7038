// SPDX-License-Identifier: MIT
//
// Removes a steady dial tone from what the detector hears. Callers key over it, and it may be far stronger
// than their keys. It is learnt where it sounds alone, if only in the pause between two keys, and subtracted
// from what follows: nothing is filtered, and keys keep their edges. When it is over, it is remembered for as
// long as a cadence may pause. When it comes again it is recognised within 15 ms, and subtracted from those
// as well:
//
//     dial tone   |------------|      |-------------------|
//     keys                         |--1--|  |--2--|
//     learnt            x
//     over                        x
//     caught again                          x                    heard again without it: from `|` on
#pragma once

#include "dsp/detector/dial_tone_fit.hpp"
#include "dsp/detector/sub_block.hpp"
#include "dsp/detector/tone_tracker.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Knows the dial tones that dial_tone_fit.hpp finds. A plain value.
class DialToneCanceller {
  public:
    /// Subtracts the dial tone, where one sounds, from the next sub-block, and follows its slow changes.
    /// `[audio]`
    void cancel(std::span<std::int16_t, sub_block_size> samples, bool lost) noexcept;

    /// Looks for a dial tone in the last sub-blocks that `tracker` holds, when the tracker says that one may
    /// sound. If it finds one, it subtracts it from them too. Returns the first of the sub-blocks in which it
    /// was found; nothing when none was found in this call. `[audio]`
    std::optional<std::int64_t> look_for(ToneTracker& tracker) noexcept;

    /// To be called after every sub-block, once cancel() and `tracker` have had it. Undoes what was
    /// subtracted after the tone's end, and looks for a remembered tone, as look_for() does. `[audio]`
    void look_back(ToneTracker& tracker) noexcept;

    /// Whether a dial tone is being subtracted. `[any]`
    [[nodiscard]] bool is_cancelling() const noexcept { return sounds_; }
    /// Whether one is being subtracted, or is remembered. `[any]`
    [[nodiscard]] bool knows_one() const noexcept { return tones_ > 0; }
    /// Forgets everything. `[audio]`
    void reset() noexcept { *this = {}; }

  private:
    static constexpr std::size_t most_tones = DialToneFit::most_tones;

    struct Tone {
        float radians_per_sample;
        std::complex<float> phasor; // at the next sub-block's first sample; its magnitude is the peak
    };

    using Backwards = std::array<float, ToneTracker::history * sub_block_size>;

    void begin(const DialToneFit& fit) noexcept;
    [[nodiscard]] bool may_be_back(const ToneTracker& tracker) const noexcept;
    [[nodiscard]] double least_energy_again() const noexcept;
    void look_again(ToneTracker& tracker) noexcept;
    void put_back(ToneTracker& tracker) const noexcept;
    [[nodiscard]] Backwards backwards(std::int64_t sub_blocks) const noexcept;
    [[nodiscard]] static SampleIndex onset_of(const Backwards& tone, const ToneTracker& tracker) noexcept;
    static void take_out(const Backwards& tone, SampleIndex onset, ToneTracker& tracker) noexcept;

    std::array<Tone, most_tones> tone_{};
    std::uint8_t tones_ = 0;
    bool sounds_ = false;
    bool is_almost_over_ = false;
    bool has_just_ended_ = false;
    std::uint8_t sounded_ = 0;     // sub-blocks, up to those worth remembering
    std::uint8_t rests_ = 0;       // sub-blocks until look_for() looks again
    std::uint16_t remembered_ = 0; // sub-blocks left for which a tone that is over is remembered
};

} // namespace keytone
