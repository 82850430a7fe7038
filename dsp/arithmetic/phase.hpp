// SPDX-License-Identifier: MIT
//
// Phases as integers, which wrap around as angles do: 2^64 is a turn, or 2^32 in the inner loops.
#pragma once

#include <cstdint>

namespace keytone {

inline constexpr std::uint64_t quarter_turn = std::uint64_t{1} << 62U;

/// The phase of `turns`: 0 or more, below 1.
constexpr std::uint64_t phase_of_turns(double turns) {
    return static_cast<std::uint64_t>(turns * 0x1p64);
}
/// The phase that each sample adds at frequency `hertz`, which is below `rate_hz`. Rounding to double leaves
/// an error of at most 2^-55 turn, which grows to 3e-6 rad in 24 h at 192 kHz.
constexpr std::uint64_t phase_step(double hertz, double rate_hz) {
    return phase_of_turns(hertz / rate_hz);
}
/// The phase of `turns`, from -10^9 to 10^9, rounded towards 0, in units of 2^-32 turn.
/// Always inlined, so that the inner loops of each instruction set may use it.
[[gnu::always_inline]] constexpr std::uint32_t short_phase_of_turns(double turns) {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(turns * 0x1p32));
}

} // namespace keytone
