// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace keytone {

/// Sine of a phase in units of 2^-64 turn, off by less than 3e-7. No branch, no table, no call: loops over it
/// vectorise, and the same phase gives the same float on every machine that does not contract products into
/// sums. `[any]`
constexpr float sine_of_phase(std::uint64_t phase) {
    // Fold the second and third quarter onto the first and fourth while the phase is an integer, so that the
    // float below is rounded relative to the quarter turn.
    const auto turn = static_cast<std::uint32_t>(phase >> 32U);
    const std::uint32_t outer_half = 0U - ((turn + 0x4000'0000U) >> 31U);
    const auto folded = static_cast<std::int32_t>(turn ^ (outer_half & 0x7fff'ffffU));

    // Odd minimax polynomial of sin(pi/2 x) on [-1, 1]; its own error is 3.4e-9.
    const float x = static_cast<float>(folded) * 0x1p-30F;
    const float y = x * x;
    return x * (1.57079629F +
                y * (-0.6459633599F + y * (0.07968848054F + y * (-0.004672227923F + y * 0.0001508205646F))));
}

} // namespace keytone
