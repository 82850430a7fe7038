// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace keytone {

/// The noise in a pause whose level the sender gives: RFC 3389. It is white and the same each time; a
/// spectrum in the packet is not used. A plain value.
class ComfortNoise {
  public:
    /// `below_overload`: the payload's first byte, 0 to 127 dB below the power of a full-scale square wave
    /// (3.1). The noise is never louder than `loudest_below` says. `[audio]`
    void set_level(std::uint8_t below_overload) noexcept {
        constexpr double full_scale = 32768.0;
        const int below = std::max<int>(below_overload & 0x7FU, loudest_below);
        // The power of evenly distributed values is a third of their peak's square.
        peak_ = std::sqrt(3.0) * full_scale * std::pow(10.0, -below / 20.0);
    }
    /// No noise, as before the first packet. `[audio]`
    void silence() noexcept { peak_ = 0.0; }
    /// The next samples. `[audio]`
    void generate(std::span<std::int16_t> out) noexcept {
        if (peak_ < 1.0) {
            std::fill(out.begin(), out.end(), std::int16_t{0});
            return;
        }
        constexpr double half_range = 2147483648.0;
        for (std::int16_t& sample : out) {
            state_ = state_ * 1664525U + 1013904223U;
            sample = static_cast<std::int16_t>(peak_ * (static_cast<double>(state_) / half_range - 1.0));
        }
    }

  private:
    /// In dB: louder noise is no background. keytone's own figure.
    static constexpr int loudest_below = 40;

    double peak_ = 0.0;
    std::uint32_t state_ = 1;
};

} // namespace keytone
