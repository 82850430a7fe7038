// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace keytone {

/// What is heard in a pause of which the sender tells the level: RFC 3389. White noise, the same each time;
/// the spectrum that a packet may tell of is not used. A plain value.
class ComfortNoise {
  public:
    /// The payload's first byte: 0 to 127 dB below the power of a full-scale square wave. 3.1. No louder than
    /// `loudest_below`, whatever a packet says. `[audio]`
    void set_level(std::uint8_t below_overload) noexcept {
        constexpr double full_scale = 32768.0;
        const int below = std::max<int>(below_overload & 0x7FU, loudest_below);
        // Evenly spread values of one peak have a third of its square as their power.
        peak_ = std::sqrt(3.0) * full_scale * std::pow(10.0, -below / 20.0);
    }
    /// None, as before any packet told of it. `[audio]`
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
    /// In dB: what is louder is no background. keytone's own.
    static constexpr int loudest_below = 40;

    double peak_ = 0.0;
    std::uint32_t state_ = 1;
};

} // namespace keytone
