// SPDX-License-Identifier: MIT
//
// What is asked of several sub-blocks, where a register has room for one: one after the other.
#pragma once

#include "dsp/simd/bank.hpp"
#include "dsp/simd/screen.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

using Widest = Short16; // for copies

// Whether to go on with two sub-blocks, by the first look at them.
KEYTONE_INLINE bool is_to_be_screened(unsigned /*loud*/, unsigned may_hold_tones) {
    return may_hold_tones != 0;
}

// Of two sub-blocks, `left` are screened: bits 0 and 1. Returns the one that passes, or 2.
KEYTONE_INLINE unsigned screen_two(TwoSubBlocks heard, Float4 energies, unsigned left, ScreenedLine& line,
                                   Screened& next) {
    const auto passes = [&](const std::int16_t* x, float energy) {
        Screened seen{0.0F, 0.0F, energy, false};
        const BankLanes sums = screen_tones(x, line.demands, seen);
        if (seen.passes) {
            next = seen;
            store(sums, line.sums);
        }
        return seen.passes;
    };
    // Not in a loop: the compiler would load all coefficients before it.
    if ((left & 1U) != 0 && passes(heard.first, energies[0])) {
        return 0;
    }
    return (left & 2U) != 0 && passes(heard.second, energies[1]) ? 1 : 2;
}

// What is left of the products of one sub-block. Without branches: of noise, any filter may be the strongest.
KEYTONE_INLINE LagProducts residual_products_of(const std::int16_t* x, const LagCosines& cosines) {
    const auto at_lag1 = all_products_in_steps<1>(x);
    const auto at_lag2 = all_products_in_steps<2>(x);
    const Float4 heard =
        32.0F * __builtin_convertvector(lane_sums(at_lag1, at_lag2, at_lag1, at_lag2), Float4);
    const BankLanes sums = bank_lanes(x);
    const auto square = processor::squares(sums.re, sums.im);
    const auto [low_norm, high_norm] = processor::greatest_of(square);
    const auto first_of = [](Int4 are_greatest) {
        return static_cast<unsigned>(__builtin_ctz(lane_bits(are_greatest) | 8U));
    };
    const unsigned low_filter = first_of(processor::first_four(square) == low_norm);
    const unsigned high_filter = 4 + first_of(processor::last_four(square) == high_norm);
    const float low = energy_of_square * low_norm[0];
    const float high = energy_of_square * high_norm[0];
    return {heard[0] - (low * cosines.lag1[low_filter] + high * cosines.lag1[high_filter]),
            heard[1] - (low * cosines.lag2[low_filter] + high * cosines.lag2[high_filter])};
}

static LagProducts residual_products(const std::int16_t* const* x, std::size_t count,
                                     const LagCosines& cosines) {
    LagProducts sum{0.0F, 0.0F};
    for (std::size_t i = 0; i < count; ++i) {
        const auto [lag1, lag2] = residual_products_of(x[i], cosines);
        sum.lag1 += lag1;
        sum.lag2 += lag2;
    }
    return sum;
}

static float hear(BankSeries& series, const std::int16_t* const* x, int count) {
    float energy = 0.0F;
    for (int age = 0; age < count; ++age) {
        BankSums sums;
        run_bank(x[age], sums);
        put(series, age, sums);
        energy += energy_of(x[age]);
    }
    return energy;
}

} // namespace keytone::simd
