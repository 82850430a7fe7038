// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace keytone {

/// Two tones, one of each group, each near a key's frequency.
struct TonePair {
    std::uint8_t row;    ///< Of the keypad, 0-3.
    std::uint8_t column; ///< Of the keypad, 0-3.
    Hertz low;           ///< As measured.
    Hertz high;
};

/// The strongest tone of each group over some sub-blocks; its frequency is measured by how far its phase
/// advances from one sub-block to the next.
struct HeardPair {
    TonePair pair;
    double low_share; ///< Each tone's share of the energy in that time.
    double high_share;
    double energy; ///< Sum of squares of the samples in that time.

    [[nodiscard]] double share() const { return low_share + high_share; }
};

/// Whether a tone may be a key's: of a group's key number `nearest`, which is the nearest one.
using IsNear = FunctionRef<bool(std::size_t group, std::uint8_t nearest, Hertz tone)>;
inline constexpr auto any_tone = [](std::size_t, std::uint8_t, Hertz) { return true; };

/// Of each group, the strongest tone within 5 % of a key's frequency, in a series of `arrived` sub-blocks;
/// nothing when a group has none, or where one is far stronger than the other and is not near. `energy` is
/// the sum of squares of the samples. `[audio]`
std::optional<HeardPair> find_pair(simd::BankSeries& series, double energy, std::int64_t arrived,
                                   IsNear is_near = any_tone) noexcept;

} // namespace keytone
