// SPDX-License-Identifier: MIT
//
// The screen: which sub-blocks may hold two tones, or a dial tone. Compiled once for each instruction set,
// like everything that is inlined into the kernels.
#pragma once

#include "dsp/simd/bank.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

KEYTONE_INLINE float energy_of(const std::int16_t* x) {
    return 32.0F * total_of(energy_in_steps(x));
}

// The sums by which a sub-block is dismissed early, in steps of 32, by lanes.
struct QuickSums {
    processor::PairSums energy;
    processor::PairSums lag3; // of x[n] x[n+3], n from 0 to 31
};

// The same of x[n] x[n+lag], n from 0 to 31.
template <int lag>
KEYTONE_INLINE processor::PairSums products_in_steps(const std::int16_t* x) {
    processor::PairSums sums{};
    for (int n = 0; n < 32; n += samples_at_once) {
        sums += in_steps(load<processor::Samples>(x + n), load<processor::Samples>(x + n + lag));
    }
    return sums;
}

KEYTONE_INLINE QuickSums quick_sums(const std::int16_t* x) {
    return {squares_in_steps(x), products_in_steps<3>(x)};
}

// After the last sample there are zeros.
template <int lag>
KEYTONE_INLINE Int4 last_products_in_steps(const std::int16_t* x) {
    const auto last = load<Short8>(x + block_size - 8);
    const Short8 later = lag == 1 ? __builtin_shufflevector(last, Short8{}, 1, 2, 3, 4, 5, 6, 7, 8)
                                  : __builtin_shufflevector(last, Short8{}, 2, 3, 4, 5, 6, 7, 8, 9);
    return pair_products(last, later) >> 5;
}

// Of the whole sub-block, by lanes.
template <int lag>
KEYTONE_INLINE processor::PairSums all_products_in_steps(const std::int16_t* x) {
    return products_in_steps<lag>(x) + beside_zeros(last_products_in_steps<lag>(x));
}

template <int lag>
KEYTONE_INLINE float lag_product(const std::int16_t* x) {
    const Int4 total = processor::in_four(products_in_steps<lag>(x));
    return 32.0F * total_of(total + last_products_in_steps<lag>(x));
}

// Half a turn before or after a sample, a tone has the opposite sign: x[n] + x[n+20] + 2 x[n+10] vanishes at
// 400 Hz, and almost so from 350 to 460 Hz, for each tone by itself, so that a beat of two does not matter.
// Computed for sixteen n.
KEYTONE_INLINE bool may_be_dial_tone(const std::int16_t* x, float least_energy) {
    // 2 cos(10 w) is -1.85 to -2 for dial tones; -1.875 does for all, and is a sum of powers of two.
    constexpr float factor = -1.875F;
    constexpr float noise_gain = 2.0F + factor * factor; // of white noise
    constexpr float most_noise_share = 0.05F;
    constexpr float sub_blocks_seen = 16.0F / block_size;
    processor::PairSums sum{};
    processor::PairSums misfits{};
    for (int n = 0; n < 16; n += samples_at_once) {
        const auto before = load<processor::Samples>(x + n);
        const auto middle = load<processor::Samples>(x + n + 10);
        const auto behind = load<processor::Samples>(x + n + 20);
        // A fourth of it, which fits 16 bits.
        const processor::Samples misfit = (before >> 2) + (behind >> 2) + (middle >> 1) - (middle >> 5);
        misfits += in_steps(misfit, misfit);
        const auto squares = [](processor::Samples samples, int shift) {
            using Unsigned = decltype(unsigned_of(processor::PairSums{}));
            return reinterpret_cast<processor::PairSums>(
                reinterpret_cast<Unsigned>(pair_products(samples, samples)) >> shift);
        };
        sum += squares(middle, 6) + squares(before, 7) + squares(behind, 7);
    }
    const Float4 sums =
        Float4{32.0F, 16.0F * 32.0F} * __builtin_convertvector(lane_sums(sum, misfits, sum, misfits), Float4);
    // The energy, and how much of it the misfit may be; what these must be at least.
    const Float4 found =
        Float4{1.0F, most_noise_share * noise_gain} * __builtin_shufflevector(sums, sums, 0, 0, 0, 0);
    const Float4 least = __builtin_shufflevector(sums, Float4{} + sub_blocks_seen * least_energy, 4, 1, 4, 1);
    return (at_least_bits(found, least) & 3U) == 3U;
}

constexpr float energy_of_square = 2.0F / block_size / (bank_scale * bank_scale);

// Two of every second sub-block, or one of them twice.
struct TwoSubBlocks {
    const std::int16_t* first;
    const std::int16_t* second;
};

// Whether the products of neighbouring samples say that all beside the tones is noise, or the tones hold
// enough for anything else. `seen` tells the energies.
KEYTONE_INLINE bool stand_out(const std::int16_t* x, const Screened& seen) {
    // In white noise, the sum of products of neighbouring samples of a sub-block is at most this share of its
    // energy; for the tones of a group it is about the following shares of theirs.
    constexpr float max_white_lag1 = 0.55F;
    constexpr float low_lag1 = 0.78F;
    constexpr float high_lag1 = 0.43F;
    const float tones = seen.low + seen.high;
    const float residual_lag1 = lag_product<1>(x) - low_lag1 * seen.low - high_lag1 * seen.high;
    const float magnitude = residual_lag1 < 0.0F ? -residual_lag1 : residual_lag1;
    return (tones >= ScreenDemands::min_tone_share_in_coloured_noise * seen.energy) |
           (magnitude <= max_white_lag1 * (seen.energy - tones));
}

// The bank's part of the screen.
KEYTONE_INLINE BankLanes screen_tones(const std::int16_t* x, const ScreenDemands& demands, Screened& seen) {
    const BankLanes sums = bank_lanes(x);
    const auto [low_norm, high_norm] = processor::greatest_of(processor::squares(sums.re, sums.im));
    // The same in all four lanes. The demands are compared in one vector: the compiler would make branches of
    // them, and speech would make the processor mispredict each.
    const Float4 low = energy_of_square * low_norm;
    const Float4 high = energy_of_square * high_norm;
    const Float4 tones = low + high;
    const Float4 weaker = low < high ? low : high;
    const Float4 stronger = low < high ? high : low;
    const Float4 gain{1.0F, demands.max_power_ratio, 1.0F, 1.0F};
    const Float4 least{ScreenDemands::min_tone_share * seen.energy, 0.0F, demands.least_tone_energy,
                       demands.least_tone_energy};
    const Float4 found = __builtin_shufflevector(gain * weaker, tones, 4, 1, 2, 3);
    seen.low = low[0];
    seen.high = high[0];
    const bool meets = at_least_bits(found, __builtin_shufflevector(least, stronger, 0, 5, 2, 3)) == 0xfU;
    seen.passes = meets && stand_out(x, seen);
    return sums;
}

static Screened screen(const std::int16_t* x, const ScreenDemands& demands, BankSums& sums) {
    Screened seen{0.0F, 0.0F, energy_of(x), false};
    if (seen.energy >= demands.least_energy) {
        store(screen_tones(x, demands, seen), sums);
    } else {
        sums = {};
    }
    return seen;
}

} // namespace keytone::simd
