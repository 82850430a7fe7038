// SPDX-License-Identifier: MIT
//
// Eight Goertzel filters, one a DTMF frequency, run over sub-blocks of 5 ms. A longer window is the sum of
// its sub-blocks' outputs, each turned by the phase that has gone by: see dsp/tone_tracker.hpp.
#pragma once

#include "dsp/keys.hpp"
#include "dsp/units.hpp"

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// Samples of a sub-block: 5 ms at the bank's only rate, 8 kHz. A 10 or 20 ms frame is a whole number of
/// them.
inline constexpr std::size_t sub_block_size = 40;
inline constexpr double sub_block_seconds = 0.005;
inline constexpr double bank_rate_hz = 8000.0;

using SubBlock = std::span<const std::int16_t, sub_block_size>;

/// The bank's frequency `filter`: 0-3 the low group, 4-7 the high group.
constexpr Hertz bank_frequency(std::size_t filter) {
    return filter < 4 ? low_group[filter] : high_group[filter - 4];
}

/// One sub-block, seen through the bank.
struct BankOutput {
    /// Sum of x[n] exp(-j w n), n from 0, one a filter; a tone of peak A at the filter's frequency gives 20
    /// A.
    std::array<std::complex<float>, 8> tone{};
    /// Sum of x[n]².
    float energy = 0.0F;
};

/// The sums are taken in integers, so that every instruction set gives the same bits. `[any]`
BankOutput run_goertzel_bank(SubBlock samples) noexcept;

} // namespace keytone
