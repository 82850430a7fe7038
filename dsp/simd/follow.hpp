// SPDX-License-Identifier: MIT
//
// A key that sounds, followed four sub-blocks at a time: what its two filters hold of each, and whether it
// goes on. Compiled once for each instruction set, like everything that is a part of the kernels.
#pragma once

#include "dsp/simd/bank.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

/// Sub-blocks that are followed at once.
inline constexpr int followed_at_once = 4;

// One tone in four sub-blocks: by sub-block, first the real parts, then the imaginary ones.
struct ToneInFour {
    Float8 parts;

    [[nodiscard, gnu::always_inline]] Float4 re() const {
        return __builtin_shufflevector(parts, parts, 0, 1, 2, 3);
    }
    [[nodiscard, gnu::always_inline]] Float4 im() const {
        return __builtin_shufflevector(parts, parts, 4, 5, 6, 7);
    }
};

// The energies of up to four sub-blocks; 0 behind the last.
KEYTONE_INLINE Float4 energies_of_four(const std::int16_t* x, int sub_blocks) {
    Int4 energy[followed_at_once]{};
    for (int i = 0; i < sub_blocks; ++i, x += block_size) {
        energy[i] = energy_in_steps(x);
    }
    return 32.0F * __builtin_convertvector(whole_sums(energy[0], energy[1], energy[2], energy[3]), Float4);
}

// What up to four sub-blocks hold of both tones; 0 behind the last.
struct HeardFour {
    ToneInFour tone[2];
};

KEYTONE_INLINE HeardFour hear_four(const std::int16_t* x, int sub_blocks, const int* filter) {
    Int8 sums[2][followed_at_once];
    // One by one, as g++ 12 would call the C library for those behind the last.
    for (auto& tone : sums) {
        tone[0] = Int8{};
        tone[1] = Int8{};
        tone[2] = Int8{};
        tone[3] = Int8{};
    }
    for (int i = 0; i < sub_blocks; ++i, x += block_size) {
        const Folded folded = fold(x);
        Int8 sum[2]{};
        for (int v = 0; v < FilterTable::vectors; ++v) {
            const Short16 both = joined(folded.half_sum[v], folded.half_difference[v]);
            for (int k = 0; k < 2; ++k) {
                sum[k] += pair_products(both, load<Short16>(filter_table.filter[filter[k]][v][0]));
            }
        }
        sums[0][i] = sum[0];
        sums[1][i] = sum[1];
    }
    return {{{to_float(half_sums(sums[0]))}, {to_float(half_sums(sums[1]))}}};
}

// One tone in four sub-blocks: its energy, and whether its phase turns on from each to the next.
struct GoingOn {
    Float4 held;
    Int4 is_in_phase;
};
KEYTONE_INLINE GoingOn go_on(const ToneInFour& now, const FollowedTones& tones, int k) {
    constexpr float energy_of_norm = 2.0F / block_size / (bank_scale * bank_scale);
    const auto one_later = [](Float4 x, float first) {
        return __builtin_shufflevector(x, Float4{first, first, first, first}, 4, 0, 1, 2);
    };
    const Float4 now_re = now.re();
    const Float4 now_im = now.im();
    const Float4 re = one_later(now_re, tones.phasor_re[k]);
    const Float4 im = one_later(now_im, tones.phasor_im[k]);
    const Float4 held = energy_of_norm * (now_re * now_re + now_im * now_im);
    const Float4 due_re = re * tones.turn_re[k] - im * tones.turn_im[k];
    const Float4 due_im = re * tones.turn_im[k] + im * tones.turn_re[k];
    const Float4 along = energy_of_norm * (now_re * due_re + now_im * due_im);
    const Float4 most = held * energy_of_norm * (re * re + im * im);
    return {held, along * (along < 0.0F ? -along : along) >= FollowedTones::same_phase * most};
}

// How much of the tones four sub-blocks hold, and their level, which follows that.
struct FollowedLevel {
    Float4 share[2];
    Float4 full;                    // of both tones, before each
    Float4 after[followed_at_once]; // of each tone, after each: low, high
};
KEYTONE_INLINE FollowedLevel follow_level(const Float4* own, const FollowedTones& tones) {
    const Float4 first = __builtin_shufflevector(own[0], own[1], 0, 4, 1, 5);
    const Float4 last = __builtin_shufflevector(own[0], own[1], 2, 6, 3, 7);
    const Float4 each[followed_at_once]{first, __builtin_shufflevector(first, first, 2, 3, 2, 3), last,
                                        __builtin_shufflevector(last, last, 2, 3, 2, 3)};
    FollowedLevel level;
    Float4 full{tones.full_energy[0], tones.full_energy[1], tones.full_energy[0], tones.full_energy[1]};
    Float4 share[followed_at_once];
    // What a share counts for the level, which is a power of two: to take that off first, and twice the mean
    // instead of the mean, gives the same numbers, and the fewer steps, the shorter the wait.
    constexpr float counts = 0.5F * FollowedTones::follows_level;
    for (int i = 0; i < followed_at_once; ++i) {
        level.full[i] = full[0] + full[1];
        const Float4 part = counts * each[i] / full;
        share[i] = part * (1.0F / counts);
        const Float4 counted = lesser(part, Float4{} + counts * FollowedTones::most_share);
        full *= 1.0F + (counted[0] + counted[1] - 2.0F * counts);
        level.after[i] = full;
    }
    const Float4 begin = __builtin_shufflevector(share[0], share[1], 0, 4, 1, 5);
    const Float4 end = __builtin_shufflevector(share[2], share[3], 0, 4, 1, 5);
    level.share[0] = __builtin_shufflevector(begin, end, 0, 1, 4, 5);
    level.share[1] = __builtin_shufflevector(begin, end, 2, 3, 6, 7);
    return level;
}

KEYTONE_INLINE Int4 hundredths(Float4 share) {
    const Float4 positive = share > 0.0F ? share : Float4{};
    return __builtin_convertvector(100.0F * lesser(positive, Float4{} + FollowedSubBlocks::largest_share),
                                   Int4);
}

// Whether none of the other filters of either group holds more than the key's.
KEYTONE_INLINE bool are_strongest(const std::int16_t* x, const int* filter) {
    BankSums sums;
    run_bank(x, sums);
    const Float8 re = to_float(load<Int8>(sums.re));
    const Float8 im = to_float(load<Int8>(sums.im));
    const Float8 norm = re * re + im * im;
    const Int8 places{0, 1, 2, 3, 4, 5, 6, 7};
    const Int8 own = (places == Int8{} + filter[0]) | (places == Int8{} + filter[1]);
    const Float8 pairwise = max(norm, __builtin_shufflevector(norm, norm, 2, 3, 0, 1, 6, 7, 4, 5));
    const Float8 strongest =
        max(pairwise, __builtin_shufflevector(pairwise, pairwise, 1, 0, 3, 2, 5, 4, 7, 6));
    return !any(reinterpret_cast<Phase8>(own & (norm < strongest)));
}

// Follows up to four sub-blocks, and writes what it found of them from place `at` on; returns how many.
KEYTONE_INLINE int follow_four(const std::int16_t* x, int sub_blocks, const ScreenDemands& demands,
                               const int* filter, FollowedTones& tones, FollowedSubBlocks& found, int at) {
    const Float4 energy = energies_of_four(x, sub_blocks);
    // Nothing behind silence goes on.
    sub_blocks = __builtin_ctz(~lane_bits(energy >= demands.least_energy) | 1U << sub_blocks);
    if (sub_blocks == 0) {
        return 0;
    }
    const HeardFour heard = hear_four(x, sub_blocks, filter);
    const GoingOn low = go_on(heard.tone[0], tones, 0);
    const GoingOn high = go_on(heard.tone[1], tones, 1);
    const Float4 weaker = lesser(low.held, high.held);
    const Float4 stronger = greater(low.held, high.held);
    const Float4 both = low.held + high.held;
    const Float4 rest = energy - low.held - high.held;
    const Float4 residual = rest > 0.0F ? rest : Float4{};
    // What noise would not explain.
    const Float4 noise = 2.0F / (block_size - 4) * residual;
    const Float4 own[2]{low.held - noise, high.held - noise};
    const FollowedLevel level = follow_level(own, tones);
    const Float4 least_share = lesser(level.share[0], level.share[1]);
    const Float4 drowned =
        FollowedTones::drowning * (level.full + tones.noise * static_cast<float>(block_size));
    // All of it is tested at once, as each test by itself would be mispredicted.
    const Int4 passes = (both >= FollowedSubBlocks::least_held * energy) &
                        (demands.max_power_ratio * weaker >= stronger) &
                        (weaker >= demands.least_tone_energy);
    const Int4 is_key = (drowned >= residual) & (least_share <= FollowedTones::louder_share) &
                        (own[0] >= tones.least_energy[0]) & (own[1] >= tones.least_energy[1]) &
                        (least_share >= FollowedSubBlocks::least_share);
    const unsigned goes_on = lane_bits(passes & is_key & low.is_in_phase & high.is_in_phase);
    int taken = __builtin_ctz(~goes_on | 1U << sub_blocks);
    // Where they hold nearly all, no other filter can hold more.
    unsigned doubtful = lane_bits(both < FollowedTones::all_but * energy);
    for (doubtful &= (1U << taken) - 1; doubtful != 0; doubtful &= doubtful - 1) {
        const int i = __builtin_ctz(doubtful);
        if (!are_strongest(x + static_cast<std::ptrdiff_t>(i) * block_size, filter)) {
            taken = i;
            break;
        }
    }
    const Float4 elsewhere = energy - both;
    store(both, found.tones + at);
    store(elsewhere > 0.0F ? elsewhere : Float4{}, found.residual + at);
    store(energy, found.energy + at);
    store(hundredths(level.share[0]) + (hundredths(level.share[1]) << 8), found.share + at);
    if (taken == 0) {
        return 0;
    }
    for (int k = 0; k < 2; ++k) {
        float parts[2 * followed_at_once];
        store(heard.tone[k].parts, parts);
        tones.phasor_re[k] = parts[taken - 1];
        tones.phasor_im[k] = parts[followed_at_once + taken - 1];
    }
    for (int i = 0; i < taken; ++i) {
        const float full = level.after[i][0] + level.after[i][1];
        tones.most_energy = tones.most_energy < full ? full : tones.most_energy;
    }
    const Float4 after = level.after[taken - 1];
    tones.full_energy[0] = after[0];
    tones.full_energy[1] = after[1];
    return taken;
}

} // namespace keytone::simd
