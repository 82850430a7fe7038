// SPDX-License-Identifier: MIT
//
// What is asked of several sub-blocks, where a register has room for two. Offers what one_by_one.hpp does.
#pragma once

#include "dsp/simd/bank.hpp"
#include "dsp/simd/screen.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

using processor::Float16;
using Widest = processor::WidePairs; // for copies

// The bank's sums of two sub-blocks, one after the other.
struct TwoBanks {
    processor::WideSum re;
    processor::WideSum im;
};
KEYTONE_INLINE TwoBanks two_banks(TwoSubBlocks heard) {
    const auto four = [&](int n) { return processor::four_pairs(heard.first + n, heard.second + n); };
    const auto two = [&](int n) { return processor::two_pairs(heard.first + n, heard.second + n); };
    const auto outer = half_pairs(four(0), processor::reversed_in_fours(four(32)));
    const auto middle = half_pairs(four(8), processor::reversed_in_fours(four(24)));
    const auto inner = half_pairs(two(16), processor::reversed_in_fours(two(20)));
    const auto part = [](std::ptrdiff_t at) {
        return [at](int row) {
            const auto* const sums = reinterpret_cast<const processor::SumVector*>(&bank_table.turn[row]);
            return processor::twice(sums[at]);
        };
    };
    using Sum = processor::WideSum;
    return {bank_sums<Sum>(outer.sum, middle.sum, inner.sum, part(0)),
            bank_sums<Sum>(outer.difference, middle.difference, inner.difference, part(1))};
}
KEYTONE_INLINE void store_one_of(const TwoBanks& banks, bool is_first, BankSums& sums) {
    store(processor::half_of_wide(banks.re, is_first), sums.re);
    store(processor::half_of_wide(banks.im, is_first), sums.im);
}

// Whether to go on with two sub-blocks, by the first look at them. Whether they may hold tones is hard to
// guess for the processor; to filter all that are loud takes less than to guess wrong.
KEYTONE_INLINE bool is_to_be_screened(unsigned loud, unsigned /*may_hold_tones*/) {
    return loud != 0;
}

// Of two sub-blocks, `left` are screened: bits 0 and 1. Returns the one that passes, or 2. Both run through
// the bank: which of them must is as hard to guess for the processor as which of them passes.
KEYTONE_INLINE unsigned screen_two(TwoSubBlocks heard, Float4 energies, unsigned left, ScreenedLine& line,
                                   Screened& next) {
    constexpr unsigned first_lanes = 0x1111; // of every four
    constexpr unsigned second_lanes = 0x2222;
    const TwoBanks sums = two_banks(heard);
    const Float16 tone = energy_of_square * processor::greatest_of(processor::squares(sums.re, sums.im));
    const Float16 other = processor::other_fours(tone);
    const Float16 tones = tone + other;
    const Float16 weaker = processor::lesser(tone, other);
    const Float16 stronger = processor::greater(tone, other);
    const Float16 share = ScreenDemands::min_tone_share * processor::first_and_second(energies);
    const Float16 gain =
        processor::blended(second_lanes, Float16{} + 1.0F, Float16{} + line.demands.max_power_ratio);
    const Float16 found = processor::blended(first_lanes, gain * weaker, tones);
    const Float16 least = processor::blended(
        first_lanes, processor::blended(second_lanes, Float16{} + line.demands.least_tone_energy, stronger),
        share);
    const unsigned meets = processor::at_least_bits(found, least);
    left &= ((meets & 0xfU) == 0xfU ? 1U : 0U) | ((meets & 0xf00U) == 0xf00U ? 2U : 0U);
    for (; left != 0; left &= left - 1) {
        const bool is_first = (left & 1U) != 0;
        const Screened seen{is_first ? tone[0] : tone[8], is_first ? tone[4] : tone[12],
                            is_first ? energies[0] : energies[1], true};
        if (stand_out(is_first ? heard.first : heard.second, seen)) {
            next = seen;
            store_one_of(sums, is_first, line.sums);
            return is_first ? 0 : 1;
        }
    }
    return 2;
}

// What is left of the products. Without branches: of noise, any filter may be the strongest.
static LagProducts residual_products(const std::int16_t* const* x, std::size_t count,
                                     const LagCosines& cosines) {
    LagProducts sum{0.0F, 0.0F};
    for (std::size_t i = 0; i < count; i += 2) {
        const TwoSubBlocks heard{x[i], i + 1 < count ? x[i + 1] : x[i]};
        const Float4 products =
            32.0F * __builtin_convertvector(lane_sums(all_products_in_steps<1>(heard.first),
                                                      all_products_in_steps<2>(heard.first),
                                                      all_products_in_steps<1>(heard.second),
                                                      all_products_in_steps<2>(heard.second)),
                                            Float4);
        const TwoBanks sums = two_banks(heard);
        const Float16 square = processor::squares(sums.re, sums.im);
        const Float16 greatest = processor::greatest_of(square);
        const unsigned are_greatest = processor::at_least_bits(square, greatest);
        const auto add = [&](unsigned group) {
            const auto first_of = [are_greatest](unsigned from) {
                return static_cast<unsigned>(__builtin_ctz(are_greatest >> (4 * from) | 8U));
            };
            const unsigned low_filter = first_of(group);
            const unsigned high_filter = 4 + first_of(group + 1);
            const float low = energy_of_square * greatest[4 * group];
            const float high = energy_of_square * greatest[4 * group + 4];
            sum.lag1 += products[group] - (low * cosines.lag1[low_filter] + high * cosines.lag1[high_filter]);
            sum.lag2 +=
                products[group + 1] - (low * cosines.lag2[low_filter] + high * cosines.lag2[high_filter]);
        };
        add(0);
        if (i + 1 < count) {
            add(2);
        }
    }
    return sum;
}

static float hear(BankSeries& series, const std::int16_t* const* x, int count) {
    float energy = 0.0F;
    for (int age = 0; age + 1 < count; age += 2) {
        const TwoSubBlocks heard{x[age], x[age + 1]};
        const TwoBanks sums = two_banks(heard);
        put_turned(processor::to_float(sums.re), processor::to_float(sums.im), series, age);
        const processor::PairSums first = squares_in_steps(heard.first);
        const processor::PairSums second = squares_in_steps(heard.second);
        const Int4 energies = lane_sums(first, second, first, second);
        energy += 32.0F * static_cast<float>(energies[0]);
        energy += 32.0F * static_cast<float>(energies[1]);
    }
    if (count % 2 != 0) {
        BankSums sums;
        run_bank(x[count - 1], sums);
        put(series, count - 1, sums);
        energy += energy_of(x[count - 1]);
    }
    return energy;
}

} // namespace keytone::simd
