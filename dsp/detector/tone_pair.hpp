// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/simd/detector_kernels.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>

namespace keytone {

/// A tone of each group that is near a key's.
struct TonePair {
    std::uint8_t row;    ///< Of the keypad, 0-3.
    std::uint8_t column; ///< Of the keypad, 0-3.
    Hertz low;           ///< As measured.
    Hertz high;
};

/// The strongest tone of each group over some sub-blocks, its frequency measured by the phase's advance from
/// one to the next.
struct HeardPair {
    TonePair pair;
    double low_share; ///< Of the energy heard in that time, in each.
    double high_share;
    double energy; ///< Sum of squares of what was heard in that time.

    [[nodiscard]] double share() const { return low_share + high_share; }
};

/// The strongest tone of each group in a series of `arrived` sub-blocks that lies within 5 % of a key's;
/// nothing when a group has none. `energy` is the sum of squares of what was heard. `[audio]`
std::optional<HeardPair> find_pair(simd::BankSeries& series, double energy, std::int64_t arrived) noexcept;

} // namespace keytone
