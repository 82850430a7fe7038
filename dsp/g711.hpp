// SPDX-License-Identifier: MIT
//
// ITU-T G.711: the telephone network's 8-bit samples. Linear samples have 16 bits, of which µ-law uses the
// upper 14 and A-law the upper 13. An encoded sample is what is sent: µ-law inverted, A-law with its even
// bits inverted.
#pragma once

#include "dsp/nonblocking.hpp"

#include <bit>
#include <cstdint>
#include <span>

namespace keytone {

enum class G711Law : std::uint8_t { ulaw, alaw };

namespace g711_detail {

// Segments of µ-law begin at 33 · 2^s - 33 on the 14-bit scale: with 33 added, at powers of two.
inline constexpr int ulaw_bias = 33;
inline constexpr int ulaw_max = 8158;

} // namespace g711_detail

/// Table 2a/G.711. Zero encodes as positive zero, 0xff. `[any]`
constexpr std::uint8_t ulaw_encode(std::int16_t linear) noexcept {
    // On the 14-bit scale; truncated towards zero, as a magnitude equal to a decision value belongs to the
    // interval above it.
    int magnitude = (linear < 0 ? -int{linear} : int{linear}) >> 2;
    magnitude =
        (magnitude > g711_detail::ulaw_max ? g711_detail::ulaw_max : magnitude) + g711_detail::ulaw_bias;
    const auto biased = static_cast<unsigned>(magnitude);
    const auto segment = static_cast<unsigned>(std::bit_width(biased >> 6U));
    const unsigned step = biased >> (segment + 1U) & 0xfU;
    const unsigned sign = linear < 0 ? 0x80U : 0U;
    return static_cast<std::uint8_t>(~(sign | segment << 4U | step));
}

/// Table 2b/G.711. Negative zero, 0x7f, decodes as 0. `[any]`
constexpr std::int16_t ulaw_decode(std::uint8_t code) noexcept {
    const int inverted = ~code & 0xff;
    const int segment = inverted >> 4 & 7;
    const int magnitude =
        ((2 * (inverted & 0xf) + g711_detail::ulaw_bias) << segment) - g711_detail::ulaw_bias;
    return static_cast<std::int16_t>((inverted & 0x80) != 0 ? -4 * magnitude : 4 * magnitude);
}

/// Table 1a/G.711. `[any]`
constexpr std::uint8_t alaw_encode(std::int16_t linear) noexcept {
    // On a 12-bit magnitude scale whose decision values are integers; the intervals of negative values mirror
    // those of the positive ones.
    const auto magnitude = static_cast<unsigned>(linear < 0 ? ~int{linear} : int{linear}) >> 4U;
    const auto segment = static_cast<unsigned>(std::bit_width(magnitude >> 4U));
    const unsigned step = magnitude >> (segment < 2U ? 0U : segment - 1U) & 0xfU;
    const unsigned sign = linear < 0 ? 0U : 0x80U;
    return static_cast<std::uint8_t>((sign | segment << 4U | step) ^ 0x55U);
}

/// Table 1b/G.711. `[any]`
constexpr std::int16_t alaw_decode(std::uint8_t code) noexcept {
    const int plain = code ^ 0x55;
    const int segment = plain >> 4 & 7;
    const int half_steps = 2 * (plain & 0xf) + 1;
    const int magnitude = segment == 0 ? half_steps : (half_steps + 32) << (segment - 1);
    return static_cast<std::int16_t>((plain & 0x80) != 0 ? 8 * magnitude : -8 * magnitude);
}

/// Encodes sample by sample; the spans are equally long. `[audio]`
void g711_encode(G711Law law, std::span<const std::int16_t> linear,
                 std::span<std::uint8_t> codes) noexcept KEYTONE_NONBLOCKING;
/// Decodes sample by sample; the spans are equally long. `[audio]`
void g711_decode(G711Law law, std::span<const std::uint8_t> codes,
                 std::span<std::int16_t> linear) noexcept KEYTONE_NONBLOCKING;

} // namespace keytone
