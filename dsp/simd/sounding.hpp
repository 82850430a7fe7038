// SPDX-License-Identifier: MIT
//
// How far two fitted tones sound, by summing up evidence sample by sample. Compiled once for each instruction
// set, like everything that is a part of the kernels.
#pragma once

#include "dsp/simd/bank.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/fit.hpp"
#include "dsp/simd/screen.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

// Evidence summed piece by piece, in lane 0; the others mean nothing. Without branches, as the processor
// could not predict them, and without choices, which take longer than what is compared. Pieces are counted as
// floats, which hold their number.
struct EvidenceSoFar {
    Float4 sum;
    Float4 most;
    Float4 most_at; // pieces up to there
    Float4 pieces;
    float* earlier; // where the sum before each piece is written to; or null

    [[gnu::always_inline]] void add(Float4 says) {
        if (earlier != nullptr) {
            *earlier++ = sum[0];
        }
        sum += says;
        pieces += 1.0F;
        most_at = greater(where(sum > most, pieces), most_at); // it only grows
        most = greater(sum, most);
    }
    [[gnu::always_inline]] void add_four(Float4 says) {
        add(says);
        add(__builtin_shufflevector(says, says, 1, 2, 3, 0));
        add(__builtin_shufflevector(says, says, 2, 3, 0, 1));
        add(__builtin_shufflevector(says, says, 3, 0, 1, 2));
    }
};
KEYTONE_INLINE Float4 in_reverse(Float4 x) {
    return __builtin_shufflevector(x, x, 3, 2, 1, 0);
}

// Adds x² - left² of each group of eight samples: positive where there is more of the tones than not.
KEYTONE_INLINE void weigh_groups(const TonePairBasis& basis, const TonesAt& at, const std::int16_t* x,
                                 bool backwards, EvidenceSoFar& so_far) {
    Float8 says[groups];
    for (std::ptrdiff_t g = 0; g < groups; ++g) {
        const Float8 both = at.samples(basis, 8 * g);
        const Float8 sample = samples(x + 8 * g);
        says[g] = both * (sample + sample - both);
    }
    const Float4 first = sums_of(says[0], says[1], says[2], says[3]);
    const Float4 last{sum(says[4])};
    if (backwards) {
        so_far.add(last);
        so_far.add_four(in_reverse(first));
    } else {
        so_far.add_four(first);
        so_far.add(last);
    }
}

// The same of each sample of a group.
KEYTONE_INLINE void weigh_samples(const TonePairBasis& basis, const TonesAt& at, const std::int16_t* x,
                                  std::ptrdiff_t n, bool backwards, EvidenceSoFar& so_far) {
    const Float8 sample = samples(x + n);
    const Float8 left = sample - at.samples(basis, n);
    const Float8 says = (sample - left) * (sample + left);
    const Float4 early = __builtin_shufflevector(says, says, 0, 1, 2, 3);
    const Float4 late = __builtin_shufflevector(says, says, 4, 5, 6, 7);
    so_far.add_four(backwards ? in_reverse(late) : early);
    so_far.add_four(backwards ? in_reverse(early) : late);
}

// At most so much evidence can be in what is left of a walk.
KEYTONE_INLINE float most_evidence(const ToneWalk& walk, int from) {
    constexpr float rounded_off = 20 * 32.0F; // by each sub-block's sum
    float energy = 0.0F;
    for (int i = from; i < walk.sub_blocks; ++i) {
        energy += (walk.samples[i] != nullptr ? energy_of(walk.samples[i]) : 0.0F) + rounded_off;
    }
    return energy * 1.001F; // and some for the rounding of the sums
}

// In groups of eight samples first, then sample by sample in the two groups on either side of the maximum.
static int find_sounding(const TonePairBasis& basis, const ToneWalk& walk) {
    constexpr int eight = ToneWalk::at_once;
    const bool backwards = walk.backwards;
    TonePairSeries tones[ToneWalk::most / eight];
    const auto tones_at = [&](int i) { // on the way back, the first of eight comes last
        return TonesAt(tones[i / eight], backwards ? eight - 1 - i % eight : i % eight);
    };
    float before[ToneWalk::most * groups];
    EvidenceSoFar by_group{{}, {}, {}, {}, before};
    bool may_stop = true;
    for (int i = 0; i < walk.sub_blocks; ++i) {
        if (i % eight == 0) {
            for (int k = 0; k < 2; ++k) {
                spread(walk.re[k], walk.im[k], walk.start[i / eight][k], walk.step[k],
                       tones[i / eight].tone[k]);
            }
        }
        if (walk.samples[i] == nullptr) {
            by_group.pieces += groups;
            by_group.earlier += groups;
            continue;
        }
        weigh_groups(basis, tones_at(i), walk.samples[i], backwards, by_group);
        if (may_stop && by_group.sum[0] < by_group.most[0]) {
            if (by_group.sum[0] + most_evidence(walk, i + 1) <= by_group.most[0]) {
                break;
            }
            may_stop = false; // other sound is there: it is not worth asking again
        }
    }
    const auto border = static_cast<int>(by_group.most_at[0]);
    const int end = border < walk.sub_blocks * groups ? border + 1 : border;
    const int begin = border > 0 ? border - 1 : 0;
    EvidenceSoFar by_sample{{border > 0 ? before[begin] : 0.0F}, {}, {}, {}, nullptr};
    for (int g = begin; g < end; ++g) {
        const int i = g / groups;
        if (walk.samples[i] == nullptr) {
            continue;
        }
        const int in_order = g - i * groups;
        by_sample.pieces = Float4{} + static_cast<float>(8 * g);
        weigh_samples(basis, tones_at(i), walk.samples[i],
                      std::ptrdiff_t{8} * (backwards ? groups - 1 - in_order : in_order), backwards,
                      by_sample);
    }
    return static_cast<int>(by_sample.most_at[0]);
}

// In each lane the greatest sum so far, and the number of samples up to it, a number that floats hold. Sums
// run from lane to lane.
static int find_stop(const TonePairBasis& basis, const TonePairSeries& tones, const HeardSubBlocks& heard,
                     const StopEvidence& says) {
    const Float8 zero{};
    Float8 before{};
    Float8 most{};
    Float8 found{};
    for (int i = 0; i < heard.size; ++i) {
        const TonesAt at(tones, heard.place[i]);
        const TonePairBasis* const parts = read_anew(&basis);
        Float8 count = Float8{1, 2, 3, 4, 5, 6, 7, 8} + static_cast<float>(heard.place[i] * block_size);
        for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
            const Float8 sample = samples(heard.samples[i] + n);
            const Float8 left = sample - at.samples(*parts, n);
            Float8 x = sample * sample * says.per_heard - left * left * says.per_left + says.beforehand;
            x += __builtin_shufflevector(zero, x, 7, 8, 9, 10, 11, 12, 13, 14);
            x += __builtin_shufflevector(zero, x, 6, 7, 8, 9, 10, 11, 12, 13);
            x += __builtin_shufflevector(zero, x, 4, 5, 6, 7, 8, 9, 10, 11);
            x += before;
            before = __builtin_shufflevector(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
            found = greater(where(x > most, count), found); // it only grows
            most = greater(x, most);
            count += 8.0F;
        }
    }
    // The first of the greatest.
    const auto in_all = [](Float8 lanes, auto of_two) {
        const Float8 two = of_two(lanes, __builtin_shufflevector(lanes, lanes, 4, 5, 6, 7, 0, 1, 2, 3));
        const Float8 four = of_two(two, __builtin_shufflevector(two, two, 2, 3, 0, 1, 6, 7, 4, 5));
        return of_two(four, __builtin_shufflevector(four, four, 1, 0, 3, 2, 5, 4, 7, 6));
    };
    const Float8 greatest = in_all(most, [](Float8 a, Float8 b) { return greater(a, b); });
    const Float8 behind_all = all(HeardSubBlocks::most * block_size + 1);
    const Float8 first =
        in_all(found + where(most != greatest, behind_all), [](Float8 a, Float8 b) { return lesser(a, b); });
    return static_cast<int>(first[0]);
}

} // namespace keytone::simd
