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

// The bank's part of the screen.
KEYTONE_INLINE BankLanes screen_tones(const std::int16_t* x, const ScreenDemands& demands, Screened& seen) {
    // In white noise, the sum of products of neighbouring samples of a sub-block is at most this share of its
    // energy; for the tones of a group it is about the following shares of theirs.
    constexpr float max_white_lag1 = 0.55F;
    constexpr float low_lag1 = 0.78F;
    constexpr float high_lag1 = 0.43F;
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
    if (at_least_bits(found, __builtin_shufflevector(least, stronger, 0, 5, 2, 3)) == 0xfU) {
        const float residual_lag1 = lag_product<1>(x) - low_lag1 * seen.low - high_lag1 * seen.high;
        const float magnitude = residual_lag1 < 0.0F ? -residual_lag1 : residual_lag1;
        seen.passes = (tones[0] >= ScreenDemands::min_tone_share_in_coloured_noise * seen.energy) |
                      (magnitude <= max_white_lag1 * (seen.energy - tones[0]));
    }
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

// What is left of the products of one sub-block. Without branches: of noise, any filter may be the strongest.
KEYTONE_INLINE LagProducts residual_products_of(const std::int16_t* x, const LagCosines& cosines) {
    const auto at_lag1 = products_in_steps<1>(x) + beside_zeros(last_products_in_steps<1>(x));
    const auto at_lag2 = products_in_steps<2>(x) + beside_zeros(last_products_in_steps<2>(x));
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

// Copies the last sub-blocks of `taken`, all of which are skimmed, where a line keeps them.
KEYTONE_INLINE void keep_skimmed(const std::int16_t* x, std::size_t taken, unsigned loud_run,
                                 ScreenedLine& line) {
    if (taken <= before_last) {
        return;
    }
    const std::int16_t* from = x + (taken - 1 - before_last) * block_size;
    if (loud_run > 0) {
        constexpr int size = before_last * block_size;
        for (int n = 0; n + 16 <= size; n += 16) {
            store(load<Short16>(from + n), line.earlier + n);
        }
        store(load<Short8>(from + size - 8), line.earlier + size - 8);
    }
    from += std::ptrdiff_t{before_last} * block_size;
    store(load<Short16>(from), line.last);
    store(load<Short16>(from + 16), line.last + 16);
    store(load<Short8>(from + 32), line.last + 32);
}

// Two of every second sub-block, or one of them twice.
struct TwoSubBlocks {
    const std::int16_t* first;
    const std::int16_t* second;
};

// What two sub-blocks' sums tell, in bits 0 and 1.
struct QuickLook {
    Float4 energies; // in lanes 0 and 1
    unsigned loud;
    unsigned may_hold_tones;
};

KEYTONE_INLINE QuickLook look_quickly(TwoSubBlocks heard, float least_energy) {
    const QuickSums a = quick_sums(heard.first);
    const QuickSums b = quick_sums(heard.second);
    const Int4 sums = lane_sums(a.energy, b.energy, a.lag3, b.lag3);
    const Int4 energies = __builtin_shufflevector(sums, sums, 0, 1, 0, 1);
    // Where tones of both groups hold 30 % of the energy, or 45 % over coloured noise, the products of
    // samples 3 apart, about a quarter turn of the low group, sum up to at most 3/8 of the energy. In three
    // of five loud sub-blocks of speech, they sum up to more.
    const unsigned is_like = ~negative_bits((energies >> 2) + (energies >> 3) - sums) >> 2U;
    const Float4 energy = 32.0F * __builtin_convertvector(sums, Float4);
    const unsigned loud = at_least_bits(energy, Float4{} + least_energy) & 3U;
    return {energy, loud, loud & is_like};
}

// How many loud ones there are in a row, after one more.
KEYTONE_INLINE std::uint8_t run_on(std::uint8_t run, bool is_loud) {
    return static_cast<std::uint8_t>(is_loud ? run + (run < most_loud_run) : 0);
}

// Of two sub-blocks, `left` are screened: bits 0 and 1. Returns the one that passes, or 2.
KEYTONE_INLINE unsigned screen_two(TwoSubBlocks heard, Float4 energies, unsigned left, ScreenedLine& line,
                                   Screened& next) {
    for (; left != 0; left &= left - 1) {
        const bool is_first = (left & 1U) != 0;
        const std::int16_t* const x = is_first ? heard.first : heard.second;
        Screened seen{0.0F, 0.0F, is_first ? energies[0] : energies[1], false};
        const BankLanes sums = screen_tones(x, line.demands, seen);
        if (seen.passes) {
            next = seen;
            store(sums, line.sums);
            return is_first ? 0 : 1;
        }
    }
    return 2;
}

// Walks over sub-blocks; of every second one in turn, one is examined for a dial tone.
[[gnu::noinline]] static Skimmed skim_any(const std::int16_t* x, std::size_t sub_blocks, unsigned index,
                                          std::uint8_t& loud_run, ScreenedLine& line, Screened& next) {
    for (std::size_t i = index % 2; i < sub_blocks; i += 4) {
        const bool has_second = i + 2 < sub_blocks;
        const std::int16_t* const first = x + i * block_size;
        const TwoSubBlocks heard{first, has_second ? first + std::ptrdiff_t{2} * block_size : first};
        const QuickLook look = look_quickly(heard, line.demands.least_energy);
        const unsigned arrived = has_second ? 3 : 1;
        const unsigned loud = look.loud & arrived;
        const std::uint8_t run_between = run_on(loud_run, (loud & 1U) != 0);
        const unsigned dialled = (index + i) % dial_period == 0 ? 0 : 1;
        const bool is_dial_tone =
            (loud >> dialled & 1U) != 0 &&
            may_be_dial_tone(dialled == 0 ? heard.first : heard.second, line.demands.least_dial_energy);
        const unsigned last = is_dial_tone ? dialled : 2; // none behind a dial tone matters
        const unsigned passing =
            screen_two(heard, look.energies, look.may_hold_tones & arrived & ((2U << last) - 1), line, next);
        const unsigned stop = passing < last ? passing : last;
        if (stop < 2) {
            const std::size_t taken = i + std::size_t{2} * stop;
            loud_run = stop == 0 ? loud_run : run_between;
            keep_skimmed(x, taken, loud_run, line);
            return {static_cast<std::uint32_t>(taken), passing < 2 ? 1U : 0U};
        }
        loud_run = has_second ? run_on(run_between, (loud & 2U) != 0) : run_between;
    }
    keep_skimmed(x, sub_blocks, loud_run, line);
    return {static_cast<std::uint32_t>(sub_blocks), 0};
}

// Four sub-blocks of which none stops the walk.
KEYTONE_INLINE Skimmed skim_whole_frame(const std::int16_t* x, unsigned loud, std::uint8_t& loud_run,
                                        ScreenedLine& line) {
    // Whatever was before: of the two that are examined, those in a row up to the last.
    const unsigned run = (loud >> 1U) << (loud & 1U);
    loud_run = static_cast<std::uint8_t>(run);
    keep_skimmed(x, 4, run, line);
    return {4, 0};
}

// Goes on with a frame of which sub-blocks `left` may hold tones. By itself, as whoever only looks needs no
// room for all that the filters need.
[[gnu::noinline]] static Skimmed screen_frame(const std::int16_t* x, Float4 energies, unsigned left,
                                              unsigned loud, std::uint8_t& loud_run, ScreenedLine& line,
                                              Screened& next) {
    const unsigned passing = screen_two({x, x + std::ptrdiff_t{2} * block_size}, energies, left, line, next);
    if (passing == 2) {
        return skim_whole_frame(x, loud, loud_run, line);
    }
    loud_run = passing == 0 ? loud_run : run_on(loud_run, (loud & 1U) != 0);
    return {2 * passing, 1};
}

// A frame of 20 ms, as most are.
static Skimmed skim_frame(const std::int16_t* x, std::uint8_t& loud_run, ScreenedLine& line, Screened& next) {
    const QuickLook look = look_quickly({x, x + std::ptrdiff_t{2} * block_size}, line.demands.least_energy);
    if ((look.loud & 1U) != 0 && may_be_dial_tone(x, line.demands.least_dial_energy)) {
        return skim_any(x, dial_period, 0, loud_run, line, next);
    }
    if (look.may_hold_tones != 0) {
        return screen_frame(x, look.energies, look.may_hold_tones, look.loud, loud_run, line, next);
    }
    return skim_whole_frame(x, look.loud, loud_run, line);
}

} // namespace keytone::simd
