// SPDX-License-Identifier: MIT
//
// Takes a steady dial tone out of what the detector hears. Callers key over it, and it may be far stronger
// than their keys. It sounds before the first of them, so that it can be learnt then, and is subtracted from
// what follows: nothing is filtered, and keys keep their edges.
#pragma once

#include "dsp/sub_block.hpp"
#include "dsp/tone_tracker.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <span>

namespace keytone {

/// Knows the tones of E.180: 350 and 440 Hz together, or any one from 390 to 460 Hz. A plain value.
class DialToneCanceller {
  public:
    /// Tones to be subtracted at once.
    static constexpr std::size_t most_tones = 2;

    /// Subtracts the dial tone, where one is known, from the next sub-block, and follows its slow changes.
    /// Forgets it when it is over. `[audio]`
    void cancel(std::span<std::int16_t, sub_block_size> samples, bool lost) noexcept;

    /// Looks for a dial tone in the last 40 ms of what `tracker` holds, when that says that one may sound.
    /// True when it was found now. `[audio]`
    bool look_for(const ToneTracker& tracker) noexcept;

    /// Whether a dial tone is being subtracted. `[any]`
    [[nodiscard]] bool is_cancelling() const noexcept { return tones_ > 0; }
    /// Forgets everything. `[audio]`
    void reset() noexcept { *this = {}; }

  private:
    struct Tone {
        float radians_per_sample;
        std::complex<float> phasor; // at the next sub-block's first sample; its magnitude is the peak
    };

    std::array<Tone, most_tones> tone_{};
    std::uint8_t tones_ = 0;
    bool is_almost_over_ = false;
};

} // namespace keytone
