// SPDX-License-Identifier: MIT
//
// Two tones fitted to sub-blocks, and what they leave over. Compiled once for each instruction set, like
// everything that is a part of the kernels.
#pragma once

#include "dsp/arithmetic/phase.hpp"
#include "dsp/detector/sub_block.hpp"
#include "dsp/simd/bank.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/screen.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/tone_basis.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>
#include <numbers>

namespace keytone::simd {

// Two tones in the sub-block at `place`, as the coefficients of their basis.
struct TonesAt {
    float cos[2];
    float sin[2];

    [[gnu::always_inline]] TonesAt(const TonePairSeries& tones, int place)
        : cos{tones.tone[0].re[place], tones.tone[1].re[place]},
          sin{-tones.tone[0].im[place], -tones.tone[1].im[place]} {}

    [[nodiscard, gnu::always_inline]] Float8 samples(const TonePairBasis& basis, std::ptrdiff_t n) const {
        return cos[0] * load<Float8>(basis.cos[0] + n) + sin[0] * load<Float8>(basis.sin[0] + n) +
               (cos[1] * load<Float8>(basis.cos[1] + n) + sin[1] * load<Float8>(basis.sin[1] + n));
    }
};

template <bool with_lags>
KEYTONE_INLINE void sum_up_left_over(const TonePairBasis& basis, const TonePairSeries& tones,
                                     const PhasorSeries& hum, const HeardSubBlocks& heard,
                                     LeftOverSums& sums) {
    Float8 tone_square{};
    Float8 square{};
    Float8 lag1{};
    Float8 lag2{};
    Float8 mean{};
    Float8 hum_cos{};
    Float8 hum_sin{};
    Float8 before{};
    for (int i = 0; i < heard.size; ++i) {
        const int place = heard.place[i];
        const TonesAt at(tones, place);
        const TonePairBasis* const parts = read_anew(&basis);
        const auto* const hum_parts = read_anew(&hum_table);
        Float8 cos{};
        Float8 sin{};
        for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
            const Float8 both = at.samples(*parts, n);
            const Float8 left = samples(heard.samples[i] + n) - both;
            tone_square += both * both;
            square += left * left;
            if constexpr (with_lags) {
                lag1 += left * __builtin_shufflevector(before, left, 7, 8, 9, 10, 11, 12, 13, 14);
                lag2 += left * __builtin_shufflevector(before, left, 6, 7, 8, 9, 10, 11, 12, 13);
                before = left;
            }
            mean += left;
            cos += left * load<Float8>(hum_parts->cos + n);
            sin += left * load<Float8>(hum_parts->sin + n);
        }
        hum_cos += cos * hum.re[place] - sin * hum.im[place];
        hum_sin += cos * hum.im[place] + sin * hum.re[place];
    }
    const Float4 first = sums_of(tone_square, square, lag1, lag2);
    const Float4 last = sums_of(mean, hum_cos, hum_sin, mean);
    sums = {first[0], first[1], first[2], first[3], last[0], last[1], last[2]};
}

static void sum_left_over(const TonePairBasis& basis, const TonePairSeries& tones, const PhasorSeries& hum,
                          const HeardSubBlocks& heard, LeftOverSums& sums) {
    sum_up_left_over<true>(basis, tones, hum, heard, sums);
}

static void sum_power_left_over(const TonePairBasis& basis, const TonePairSeries& tones,
                                const PhasorSeries& hum, const HeardSubBlocks& heard, LeftOverSums& sums) {
    sum_up_left_over<false>(basis, tones, hum, heard, sums);
}

struct Phasors {
    Float8 re;
    Float8 im;
};
KEYTONE_INLINE Phasors times(const Phasors& a, const Phasors& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
KEYTONE_INLINE Phasors unit(Phase8 phase) {
    return {cosine(phase), sine(phase)};
}
// Phase of an angle in radians, at most half a turn.
KEYTONE_INLINE Phase8 phase_of(Float8 radians) {
    constexpr float turns_of_radian = 0.159154943F;
    return reinterpret_cast<Phase8>(
        __builtin_convertvector(radians * turns_of_radian * 0x1.fffffep31F, Int8));
}

static void spread(float re, float im, Phase start, Phase step, PhasorSeries& series) {
    const Phasors all_of_them =
        times({all(re), all(im)}, unit(Phase8{0, 1, 2, 3, 4, 5, 6, 7} * step + start));
    store(all_of_them.re, series.re);
    store(all_of_them.im, series.im);
}

// How both tones' phasors turn.
struct Turns {
    Phasors z[2]; // turned back by the step that was found first
    float first[2];
    Float4 more; // what is left to turn, in lanes 0 and 1
    Float8 places;

    /// Radians a sub-block, beyond the frequency assumed.
    [[nodiscard, gnu::always_inline]] float step(int tone) const { return first[tone] + more[tone]; }
};

// The mean advance from one sub-block to the next gives a close estimate of the step; one Newton step towards
// the greatest sum does the rest.
KEYTONE_INLINE Turns find_turns(const Phasors* phasors, const HeardSubBlocks& heard, Phase8 steps) {
    Turns found;
    Phasors* const z = found.z;
    // In halves, as they have been written: a processor would wait to load both at once.
    const Int8 place = joined(load<Int4>(heard.place), load<Int4>(heard.place + 4));
    const auto next = [](auto x) { return __builtin_shufflevector(x, x, 1, 2, 3, 4, 5, 6, 7, 7); };
    const Float8 adjacent = next(place) == place + 1 ? all(1.0F) : Float8{};
    const auto advance = [&](const Phasors& now) {
        const Phasors later{next(now.re) * adjacent, next(now.im) * adjacent};
        return Phasors{later.re * now.re + later.im * now.im, later.im * now.re - later.re * now.im};
    };
    const Phasors low = advance(phasors[0]);
    const Phasors high = advance(phasors[1]);
    const Float4 advances = sums_of(low.re, low.im, high.re, high.im);
    // From here on, lane 0 is the low tone, and lane 1 the high one.
    const Float8 expected = sine(Phase8{0, 0, quarter_phase, quarter_phase, 0, 0, 0, 0} - steps);
    const Phasors beyond = times({__builtin_shufflevector(advances, advances, 0, 2, 0, 2, 0, 2, 0, 2),
                                  __builtin_shufflevector(advances, advances, 1, 3, 1, 3, 1, 3, 1, 3)},
                                 {__builtin_shufflevector(expected, expected, 2, 3, 2, 3, 2, 3, 2, 3),
                                  __builtin_shufflevector(expected, expected, 0, 1, 0, 1, 0, 1, 0, 1)});
    const Float8 first = angle(beyond.im, beyond.re);
    const Phase8 turns = steps + phase_of(first);

    const Float8 places = to_float(place);
    const Float8 from_middle = places - all(heard.middle);
    const auto size = static_cast<float>(heard.size);
    // Both tones step by step, so that neither waits for the other.
    Float4 sums[2];
    for (int k = 0; k < 2; ++k) {
        z[k] = times(phasors[k], unit(reinterpret_cast<Phase8>(-place) * turns[k]));
        sums[k] = sums_of(z[k].re, z[k].im, from_middle * z[k].re, from_middle * z[k].im);
    }
    // Of both tones the real parts, then the imaginary ones.
    const Float4 whole = __builtin_shufflevector(sums[0], sums[1], 0, 4, 1, 5);
    const Float4 weighted = __builtin_shufflevector(sums[0], sums[1], 2, 6, 3, 7);
    const Float4 squares_of_parts = whole * whole;
    const Float4 crossed = whole * __builtin_shufflevector(weighted, weighted, 2, 3, 0, 1);
    const Float4 power =
        squares_of_parts + __builtin_shufflevector(squares_of_parts, squares_of_parts, 2, 3, 0, 1);
    const Float4 quadrature = crossed - __builtin_shufflevector(crossed, crossed, 2, 3, 0, 1);
    const Float4 square = Float4{} + heard.square;
    const auto is_known = (power > 0.0F) & (square > 0.0F);
    found.more = is_known ? quadrature / power * size / square : Float4{};
    found.places = places;
    found.first[0] = first[0];
    found.first[1] = first[1];
    return found;
}

// Turns what is left to turn, and takes the means.
KEYTONE_INLINE void find_means(Turns& turns, const HeardSubBlocks& heard, Turning& found) {
    Phasors* const z = turns.z;
    const auto size = static_cast<float>(heard.size);
    for (int k = 0; k < 2; ++k) {
        // A small turn, limited to half a turn.
        const Float8 turned = turns.more[k] * turns.places;
        const Float8 limited = lesser(all(3.0F), greater(all(-3.0F), turned));
        z[k] = times(z[k], unit(-phase_of(limited)));
    }
    const Float4 total = sums_of(z[0].re, z[0].im, z[1].re, z[1].im);
    const Float4 mean = size > 0.0F ? total / size : Float4{};
    const auto weight = load<Float8>(heard.weight);
    Float8 squares[2];
    for (int k = 0; k < 2; ++k) {
        const float re = mean[2 * k];
        const float im = mean[2 * k + 1];
        const float tone = re * re + im * im;
        const Float8 off = (z[k].re * re + z[k].im * im) / (tone > 0.0F ? tone : 1.0F) - weight;
        squares[k] = off * off * tone;
    }
    const Float4 wavering = sums_of(squares[0], squares[1], squares[0], squares[1]);
    store(mean, found.mean[0]);
    found.wavering[0] = wavering[0];
    found.wavering[1] = wavering[1];
}

// Each sub-block's phasors solve 2 x 2 equations for both tones' cosines, and as many for their sines.
KEYTONE_INLINE void find_phasors(const Phase* half_steps, const HeardSubBlocks& heard,
                                 const TonePairBasis& basis, Phasors* z) {
    TonePairProducts p;
    products(half_steps, p);
    Float8 rows[HeardSubBlocks::most / 2]; // of each sub-block: low cosine, low sine, high ones
    static_assert(HeardSubBlocks::most == 8);
    // One by one: g++ 12 would fill an array by a slow instruction.
    rows[0] = Float8{};
    rows[1] = Float8{};
    rows[2] = Float8{};
    rows[3] = Float8{};
    int i = 0;
    for (; i + 1 < heard.size; i += 2) {
        rows[i / 2] = projections_of_two(*read_anew(&basis), heard.samples[i], heard.samples[i + 1]);
    }
    if (i < heard.size) {
        rows[i / 2] =
            __builtin_shufflevector(projections(basis, heard.samples[i]), Float4{}, 0, 1, 2, 3, 4, 5, 6, 7);
    }
    Float8 sums[4];
    transpose(rows, sums);
    const float cos_scale = 1.0F / (p.own_cos[0] * p.own_cos[1] - p.cross_cos * p.cross_cos);
    const float sin_scale = 1.0F / (p.own_sin[0] * p.own_sin[1] - p.cross_sin * p.cross_sin);
    for (std::size_t k = 0; k < 2; ++k) {
        const std::size_t other = 1 - k;
        z[k].re = cos_scale * (p.own_cos[other] * sums[2 * k] - p.cross_cos * sums[2 * other]);
        z[k].im = sin_scale * (p.cross_sin * sums[2 * other + 1] - p.own_sin[other] * sums[2 * k + 1]);
    }
}

// At most so many rounds; the fit is done when no frequency moved by this much.
constexpr int max_rounds = 4;
constexpr double refined_hz = 0.3;
// A larger step would leave the main lobe of the shortest window: it is not taken.
constexpr double max_refinement_hz = 20.0;

static void fit(double* hertz, const HeardSubBlocks& heard, TonePairBasis& basis, Turning& found) {
    constexpr double radians_of_hertz = 2.0 * std::numbers::pi * sub_block_seconds;
    for (int round = 1;; ++round) {
        Phase half_steps[2];
        for (int k = 0; k < 2; ++k) {
            half_steps[k] = short_phase_of_turns(0.5 * hertz[k] / bank_rate_hz);
        }
        make_basis(half_steps, basis);
        Phasors z[2];
        find_phasors(half_steps, heard, basis, z);
        Turns turns = find_turns(z, heard,
                                 both_phases<0, 9, 2, 11, 4, 13, 6, 15>(half_steps) *
                                     (2U * static_cast<Phase>(block_size)));
        bool goes_on = false;
        for (int k = 0; k < 2; ++k) {
            const double moved_hz = static_cast<double>(turns.step(k)) / radians_of_hertz;
            const double distance = __builtin_fabs(moved_hz);
            const bool moves = distance <= max_refinement_hz;
            hertz[k] += moves ? moved_hz : 0.0;
            goes_on |= moves & (distance >= refined_hz);
        }
        if (!goes_on || round == max_rounds) {
            find_means(turns, heard, found);
            return;
        }
    }
}

} // namespace keytone::simd
