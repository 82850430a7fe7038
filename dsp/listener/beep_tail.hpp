// SPDX-License-Identifier: MIT
//
// What is heard behind a beep. A voice that stops dies away; a beep leaves the line's noise, which keeps its
// level, or next to nothing. In frames of 10 ms:
//
//     beep     TTTTTT#...----------        noise that is as loud from its begin to its end
//     beep     TTTTTT#,..__________        a codec rings, but 25 dB softer
//     none     TTTTTTttttt---...___        it dies away
//     none     VVVVVV#,..__________        it was noisy, and that noise is gone: it was the voice's own
#pragma once

#include <algorithm>
#include <cstdint>

namespace keytone {

/// The softest and the loudest 20 ms behind a beep, but for its first frames. A plain value.
class BeepTail {
  public:
    /// The `frame`th frame behind the beep, from 1 on, and the one before it: mean squares.
    void add(std::int32_t frame, float power, float power_before) noexcept {
        if (frame < first) {
            return;
        }
        // Of a hum, one frame may hold much more than the next.
        const float both = 0.5F * (power + power_before);
        softest_ = frame == first ? both : std::min(softest_, both);
        loudest_ = frame == first ? both : std::max(loudest_, both);
    }
    /// Whether that is a sound that fades, behind a beep of this power.
    [[nodiscard]] bool dies_away(float beep_power) const noexcept {
        return loudest_ > most_change * softest_ && loudest_ > most_left * beep_power;
    }

    /// Whether there is much less than noise of this power.
    [[nodiscard]] bool is_softer_than(float noise_power) const noexcept {
        return loudest_ < much_softer * noise_power;
    }

  private:
    static constexpr std::int32_t first = 4;     // codecs ring for 20 ms
    static constexpr float most_change = 2.5F;   // 4 dB; white noise varies by 2.5 dB
    static constexpr float most_left = 0.00316F; // -25 dB: out of GSM-FR and Opus 24 to 30 dB less are left

    static constexpr float much_softer = 0.25F; // -6 dB

    float softest_ = 0.0F;
    float loudest_ = 0.0F;
};

} // namespace keytone
