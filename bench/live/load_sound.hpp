// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/g711.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace keytone::bench {

/// 20 ms at 8 kHz.
inline constexpr std::size_t samples_per_packet = 160;

/// What both sides of all calls say: speech, as samples and as codes, and a tone of each key. Made once.
class LoadSound {
  public:
    static constexpr std::string_view keys = "1234567890*#";
    static constexpr std::size_t packets_per_key = 5; ///< 100 ms

    explicit LoadSound(G711Law law);

    /// Packet `packet` of the speech, which begins again behind its end.
    [[nodiscard]] std::span<const std::uint8_t> speech(std::size_t packet) const;
    [[nodiscard]] std::span<const std::int16_t> speech_samples(std::size_t packet) const;
    /// Part `packet` of a key's tone.
    [[nodiscard]] std::span<const std::uint8_t> key(std::size_t index, std::size_t packet) const;
    [[nodiscard]] std::span<const std::uint8_t> silence() const { return silence_; }
    [[nodiscard]] std::size_t packets() const { return samples_.size() / samples_per_packet; }

  private:
    std::vector<std::int16_t> samples_;
    std::vector<std::uint8_t> codes_;
    std::array<std::vector<std::uint8_t>, keys.size()> keys_;
    std::array<std::uint8_t, samples_per_packet> silence_{};
};

} // namespace keytone::bench
