// SPDX-License-Identifier: MIT
//
// Two tones fitted to sub-blocks, and what they leave over. Compiled once for each instruction set, like
// everything that is a part of the kernels.
#pragma once

#include "dsp/simd/bank.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/screen.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

inline constexpr int basis_vectors = block_size / 8;

// Both phases, one after the other in all lanes.
KEYTONE_INLINE Phase8 both_phases(const Phase* phases) {
    // One by one, as they have been written: a processor would wait to load both at once.
    const Phase low = phases[0];
    const Phase high = phases[1];
    return Phase8{low, high, low, high, low, high, low, high};
}

// The middle eight samples of both tones are computed; the others follow by turning these on and back by
// eight samples and by sixteen.
static void make_basis(const Phase* half_steps, TonePairBasis& basis) {
    const Phase8 both = both_phases(half_steps);
    const Phase8 halves = __builtin_shufflevector(both, both, 0, 0, 0, 0, 1, 1, 1, 1);
    const Phase8 phases = halves * Phase8{1, 3, 5, 7, 1, 3, 5, 7};
    const Float8 c = cosine(phases);
    const Float8 s = sine(phases);
    const Float8 minus_s = -s;
    const Float8 middle_cos[2]{__builtin_shufflevector(c, c, 3, 2, 1, 0, 0, 1, 2, 3),
                               __builtin_shufflevector(c, c, 7, 6, 5, 4, 4, 5, 6, 7)};
    const Float8 middle_sin[2]{__builtin_shufflevector(minus_s, s, 3, 2, 1, 0, 8, 9, 10, 11),
                               __builtin_shufflevector(minus_s, s, 7, 6, 5, 4, 12, 13, 14, 15)};
    constexpr Phase quarter = 0x4000'0000U;
    const Float8 turns = sine(halves * Phase8{16, 32, 16, 32, 16, 32, 16, 32} +
                              Phase8{0, 0, quarter, quarter, 0, 0, quarter, quarter});
    constexpr std::ptrdiff_t middle = basis_vectors / 2;
    for (std::ptrdiff_t k = 0; k < 2; ++k) {
        store(middle_cos[k], basis.cos[k] + 8 * middle);
        store(middle_sin[k], basis.sin[k] + 8 * middle);
        for (std::ptrdiff_t v = 1; v <= middle; ++v) {
            const float turn_sin = turns[4 * k + v - 1];
            const float turn_cos = turns[4 * k + v + 1];
            const Float8 cos_cos = middle_cos[k] * turn_cos;
            const Float8 sin_sin = middle_sin[k] * turn_sin;
            const Float8 sin_cos = middle_sin[k] * turn_cos;
            const Float8 cos_sin = middle_cos[k] * turn_sin;
            store(cos_cos - sin_sin, basis.cos[k] + 8 * (middle + v));
            store(sin_cos + cos_sin, basis.sin[k] + 8 * (middle + v));
            store(cos_cos + sin_sin, basis.cos[k] + 8 * (middle - v));
            store(sin_cos - cos_sin, basis.sin[k] + 8 * (middle - v));
        }
    }
}

// Of the low tone's cosine and sine, and the high tone's.
KEYTONE_INLINE Float4 projections(const TonePairBasis& basis, const std::int16_t* x) {
    Float8 cos[2]{};
    Float8 sin[2]{};
    for (std::ptrdiff_t v = 0; v < basis_vectors; ++v) {
        const Float8 sample = samples(x + 8 * v);
        for (int k = 0; k < 2; ++k) {
            cos[k] += sample * load<Float8>(basis.cos[k] + 8 * v);
            sin[k] += sample * load<Float8>(basis.sin[k] + 8 * v);
        }
    }
    return sums_of(cos[0], sin[0], cos[1], sin[1]);
}

static void project(const TonePairBasis& basis, const std::int16_t* x, TonePairParts& sums) {
    const Float4 found = projections(basis, x);
    sums = {{found[0], found[2]}, {found[1], found[3]}};
}

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
        Float8 cos{};
        Float8 sin{};
        for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
            const Float8 both = at.samples(basis, n);
            const Float8 left = samples(heard.samples[i] + n) - both;
            tone_square += both * both;
            square += left * left;
            if constexpr (with_lags) {
                lag1 += left * __builtin_shufflevector(before, left, 7, 8, 9, 10, 11, 12, 13, 14);
                lag2 += left * __builtin_shufflevector(before, left, 6, 7, 8, 9, 10, 11, 12, 13);
                before = left;
            }
            mean += left;
            cos += left * load<Float8>(hum_table.cos + n);
            sin += left * load<Float8>(hum_table.sin + n);
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

// In each lane the greatest sum so far, and the number of samples up to it. Sums run from lane to lane.
static int find_stop(const TonePairBasis& basis, const TonePairSeries& tones, const HeardSubBlocks& heard,
                     const StopEvidence& says) {
    const Float8 zero{};
    Float8 before{};
    Float8 most{};
    Int8 found{};
    for (int i = 0; i < heard.size; ++i) {
        const TonesAt at(tones, heard.place[i]);
        Int8 count = Int8{1, 2, 3, 4, 5, 6, 7, 8} + heard.place[i] * block_size;
        for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
            const Float8 sample = samples(heard.samples[i] + n);
            const Float8 left = sample - at.samples(basis, n);
            Float8 x = sample * sample * says.per_heard - left * left * says.per_left + says.beforehand;
            x += __builtin_shufflevector(zero, x, 7, 8, 9, 10, 11, 12, 13, 14);
            x += __builtin_shufflevector(zero, x, 6, 7, 8, 9, 10, 11, 12, 13);
            x += __builtin_shufflevector(zero, x, 4, 5, 6, 7, 8, 9, 10, 11);
            x += before;
            before = __builtin_shufflevector(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
            const Int8 is_more = x > most;
            most = is_more ? x : most;
            found = is_more ? count : found;
            count += 8;
        }
    }
    int first = found[0];
    float greatest = most[0];
    for (int lane = 1; lane < 8; ++lane) {
        const bool is_more = most[lane] > greatest || (most[lane] == greatest && found[lane] < first);
        first = is_more ? found[lane] : first;
        greatest = is_more ? most[lane] : greatest;
    }
    return first;
}

// The sum of cos(w (n - 19.5)) over a sub-block is sin(20 w) / sin(w / 2).
static void products(const Phase* half_steps, TonePairProducts& products) {
    const Phase half[4] = {half_steps[0] - half_steps[1], half_steps[0] + half_steps[1], 2 * half_steps[0],
                           2 * half_steps[1]};
    const Phase8 angles{half[0],
                        half[1],
                        half[2],
                        half[3],
                        half[0] * block_size,
                        half[1] * block_size,
                        half[2] * block_size,
                        half[3] * block_size};
    const Float8 sines = sine(angles);
    const Float8 above = __builtin_shufflevector(sines, sines, 4, 5, 6, 7, 4, 5, 6, 7);
    const Float8 cosines = absolute(sines) < 1e-6F ? all(block_size) : above / sines;
    products.cross_cos = 0.5F * (cosines[0] + cosines[1]);
    products.cross_sin = 0.5F * (cosines[0] - cosines[1]);
    for (int k = 0; k < 2; ++k) {
        products.own_cos[k] = 0.5F * (block_size + cosines[2 + k]);
        products.own_sin[k] = 0.5F * (block_size - cosines[2 + k]);
    }
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

// Evidence summed piece by piece, in lane 0; the others mean nothing. Without branches, as the processor
// could not predict them.
struct EvidenceSoFar {
    Float4 sum;
    Float4 most;
    Float4 before; // the piece that led to the most
    Int4 most_at;  // pieces up to there
    Int4 pieces;

    [[gnu::always_inline]] void add(Float4 says) {
        const Float4 earlier = sum;
        sum += says;
        pieces += 1;
        const Int4 is_more = sum > most;
        most = is_more ? sum : most;
        before = is_more ? earlier : before;
        most_at = is_more ? pieces : most_at;
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
    EvidenceSoFar by_group{};
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
    const int border = by_group.most_at[0];
    const int end = border < walk.sub_blocks * groups ? border + 1 : border;
    EvidenceSoFar by_sample{by_group.before, Float4{}, Float4{}, Int4{}, Int4{}};
    for (int g = border > 0 ? border - 1 : 0; g < end; ++g) {
        const int i = g / groups;
        if (walk.samples[i] == nullptr) {
            continue;
        }
        const int in_order = g - i * groups;
        by_sample.pieces = Int4{} + 8 * g;
        weigh_samples(basis, tones_at(i), walk.samples[i],
                      std::ptrdiff_t{8} * (backwards ? groups - 1 - in_order : in_order), backwards,
                      by_sample);
    }
    return by_sample.most_at[0];
}

// How both tones' phasors turn. The mean advance from one sub-block to the next gives a close estimate of the
// step; one Newton step towards the greatest sum does the rest.
KEYTONE_INLINE void find_turnings(Phasors z[2], const HeardSubBlocks& heard, Phase8 steps, Turning* found) {
    // In halves, as they have been written: a processor would wait to load both at once.
    const Int8 place = joined(load<Int4>(heard.place), load<Int4>(heard.place + 4));
    const auto next = [](auto x) { return __builtin_shufflevector(x, x, 1, 2, 3, 4, 5, 6, 7, 7); };
    const Float8 adjacent = next(place) == place + 1 ? all(1.0F) : Float8{};
    const auto advance = [&](const Phasors& now) {
        const Phasors later{next(now.re) * adjacent, next(now.im) * adjacent};
        return Phasors{later.re * now.re + later.im * now.im, later.im * now.re - later.re * now.im};
    };
    const Phasors low = advance(z[0]);
    const Phasors high = advance(z[1]);
    const Float4 advances = sums_of(low.re, low.im, high.re, high.im);
    // From here on, lane 0 is the low tone, and lane 1 the high one.
    const Phasors beyond = times({__builtin_shufflevector(advances, advances, 0, 2, 0, 2, 0, 2, 0, 2),
                                  __builtin_shufflevector(advances, advances, 1, 3, 1, 3, 1, 3, 1, 3)},
                                 unit(-steps));
    const Float8 first = angle(beyond.im, beyond.re);
    const Phase8 turns = steps + phase_of(first);

    const Float8 places = to_float(place);
    const Float8 from_middle = places - all(heard.middle);
    const auto size = static_cast<float>(heard.size);
    // Both tones step by step, so that neither waits for the other.
    Float4 sums[2];
    for (int k = 0; k < 2; ++k) {
        z[k] = times(z[k], unit(reinterpret_cast<Phase8>(-place) * turns[k]));
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
    const Float4 more = is_known ? quadrature / power * size / square : Float4{};
    for (int k = 0; k < 2; ++k) {
        // The small remaining turn, limited to half a turn.
        const Float8 turned = more[k] * places;
        const Float8 limited = turned > 3.0F ? all(3.0F) : (turned < -3.0F ? all(-3.0F) : turned);
        z[k] = times(z[k], unit(-phase_of(limited)));
        found[k].step = first[k] + more[k];
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
        found[k].re = re;
        found[k].im = im;
    }
    const Float4 wavering = sums_of(squares[0], squares[1], squares[0], squares[1]);
    found[0].wavering = wavering[0];
    found[1].wavering = wavering[1];
}

// Eight rows of four to four rows of eight.
KEYTONE_INLINE void transpose(const Float4* rows, Float8* columns) {
    const auto joined = [&](int row) {
        return __builtin_shufflevector(rows[row], rows[row + 4], 0, 1, 2, 3, 4, 5, 6, 7);
    };
    const auto first = [](Float8 a, Float8 b) {
        return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
    };
    const auto last = [](Float8 a, Float8 b) {
        return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
    };
    const Float8 a = joined(0);
    const Float8 b = joined(1);
    const Float8 c = joined(2);
    const Float8 d = joined(3);
    const Float8 ac[2]{first(a, c), last(a, c)};
    const Float8 bd[2]{first(b, d), last(b, d)};
    for (std::ptrdiff_t half = 0; half < 2; ++half) {
        columns[2 * half] = first(ac[half], bd[half]);
        columns[2 * half + 1] = last(ac[half], bd[half]);
    }
}

// Each sub-block's phasors solve 2 x 2 equations for both tones' cosines, and as many for their sines.
static void fit_round(const Phase* half_steps, const HeardSubBlocks& heard, TonePairBasis& basis,
                      Turning* found) {
    make_basis(half_steps, basis);
    TonePairProducts p;
    products(half_steps, p);
    Float4 rows[HeardSubBlocks::most]; // of each sub-block: low cosine, low sine, high ones
    for (int i = 0; i < heard.size; ++i) {
        rows[i] = projections(basis, heard.samples[i]);
    }
    for (int i = heard.size; i < HeardSubBlocks::most; ++i) {
        rows[i] = Float4{};
    }
    Float8 sums[4];
    transpose(rows, sums);
    const float cos_scale = 1.0F / (p.own_cos[0] * p.own_cos[1] - p.cross_cos * p.cross_cos);
    const float sin_scale = 1.0F / (p.own_sin[0] * p.own_sin[1] - p.cross_sin * p.cross_sin);
    Phasors z[2];
    for (std::size_t k = 0; k < 2; ++k) {
        const std::size_t other = 1 - k;
        z[k].re = cos_scale * (p.own_cos[other] * sums[2 * k] - p.cross_cos * sums[2 * other]);
        z[k].im = sin_scale * (p.cross_sin * sums[2 * other + 1] - p.own_sin[other] * sums[2 * k + 1]);
    }
    find_turnings(z, heard, both_phases(half_steps) * (2U * static_cast<Phase>(block_size)), found);
}

} // namespace keytone::simd
