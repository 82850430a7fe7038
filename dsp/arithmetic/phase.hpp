// SPDX-License-Identifier: MIT
//
// Phases as integers, which wrap around as angles do: 2^64 is a turn, or 2^32 in the inner loops.
#pragma once

#include <cstdint>

namespace keytone {

inline constexpr std::uint64_t quarter_turn = std::uint64_t{1} << 62U;

/// The phase of 0 up to less than one turn.
constexpr std::uint64_t phase_of_turns(double turns) {
    return static_cast<std::uint64_t>(turns * 0x1p64);
}
/// What a frequency adds to the phase with each sample: below the rate, which is in Hz, too. Rounding to
/// double leaves at most 2^-55 turn, which 24 h at 192 kHz make 3e-6 rad.
constexpr std::uint64_t phase_step(double hertz, double rate_hz) {
    return phase_of_turns(hertz / rate_hz);
}
/// The phase of at most 10^9 turns either way, rounded towards 0, 2^32 being a turn.
constexpr std::uint32_t short_phase_of_turns(double turns) {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(turns * 0x1p32));
}

} // namespace keytone
