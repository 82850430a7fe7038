// SPDX-License-Identifier: MIT
//
// The detector's time grid: sub-blocks of 5 ms at 8 kHz, each measured by eight Goertzel filters, one for
// each DTMF frequency. A longer window is the sum of its sub-blocks' outputs, each turned by the phase that
// has advanced in the meantime.
#pragma once

#include "dsp/keys.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// Samples of a sub-block. A 10 or 20 ms frame is a whole number of them.
inline constexpr std::size_t sub_block_size = 40;
/// The same, as a signed number for arithmetic on sample positions.
inline constexpr std::int64_t sub_block_samples = sub_block_size;
inline constexpr double sub_block_seconds = 0.005;
inline constexpr double bank_rate_hz = 8000.0;

using SubBlock = std::span<const std::int16_t, sub_block_size>;

/// The bank's frequency `filter`: 0-3 the low group, 4-7 the high group.
constexpr Hertz bank_frequency(std::size_t filter) {
    return filter < 4 ? low_group[filter] : high_group[filter - 4];
}

} // namespace keytone
