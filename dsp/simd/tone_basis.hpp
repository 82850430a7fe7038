// SPDX-License-Identifier: MIT
//
// Two tones' cosines and sines in a sub-block, and what samples have of them. Compiled once for each
// instruction set, like everything that is a part of the kernels.
#pragma once

#include "dsp/detector/sub_block.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

inline constexpr int basis_vectors = block_size / 8;
inline constexpr Phase quarter_phase = 0x4000'0000U;

// Both phases, in all lanes as `places` says: below 8 the low one's, from 8 on the high one's. They are read
// one by one, as they have been written: a processor would wait to load both at once, which the compiler may
// not do.
template <int... places>
KEYTONE_INLINE Phase8 both_phases(const Phase* phases) {
    Phase low = phases[0];
    Phase high = phases[1];
    asm("" : "+r"(low), "+r"(high));
    return __builtin_shufflevector(Phase8{} + low, Phase8{} + high, places...);
}

// The middle eight samples of both tones are computed; the others follow by turning these on and back by
// eight samples and by sixteen.
static void make_basis(const Phase* half_steps, TonePairBasis& basis) {
    const Phase8 halves = both_phases<0, 1, 2, 3, 12, 13, 14, 15>(half_steps);
    const Phase8 phases = halves * Phase8{1, 3, 5, 7, 1, 3, 5, 7};
    const Float8 c = cosine(phases);
    const Float8 s = sine(phases);
    const Float8 minus_s = -s;
    const Float8 middle_cos[2]{__builtin_shufflevector(c, c, 3, 2, 1, 0, 0, 1, 2, 3),
                               __builtin_shufflevector(c, c, 7, 6, 5, 4, 4, 5, 6, 7)};
    const Float8 middle_sin[2]{__builtin_shufflevector(minus_s, s, 3, 2, 1, 0, 8, 9, 10, 11),
                               __builtin_shufflevector(minus_s, s, 7, 6, 5, 4, 12, 13, 14, 15)};
    const Float8 turns = sine(halves * Phase8{16, 32, 16, 32, 16, 32, 16, 32} +
                              Phase8{0, 0, quarter_phase, quarter_phase, 0, 0, quarter_phase, quarter_phase});
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

// The same address. What a loop reads there, the compiler would else load before the loop, and store most of
// it again, as there are too few registers.
template <class T>
KEYTONE_INLINE const T* read_anew(const T* from) {
    asm("" : "+r"(from));
    return from;
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

// The projections of two sub-blocks, the second one's in the second half: the same sums in the same order.
KEYTONE_INLINE Float8 projections_of_two(const TonePairBasis& basis, const std::int16_t* first,
                                         const std::int16_t* second) {
    const std::int16_t* const x[2]{first, second};
    Float8 sums[2][4]; // of each sub-block: low cosine, low sine, high ones
    for (std::ptrdiff_t v = 0; v < basis_vectors; ++v) {
        const Float8 parts[4]{load<Float8>(basis.cos[0] + 8 * v), load<Float8>(basis.sin[0] + 8 * v),
                              load<Float8>(basis.cos[1] + 8 * v), load<Float8>(basis.sin[1] + 8 * v)};
        for (int i = 0; i < 2; ++i) {
            const Float8 sample = samples(x[i] + 8 * v);
            for (int part = 0; part < 4; ++part) {
                const Float8 product = sample * parts[part];
                sums[i][part] = v == 0 ? product : sums[i][part] + product;
            }
        }
    }
    Float8 halves[4];
    for (int part = 0; part < 4; ++part) {
        const Float8 a = sums[0][part];
        const Float8 b = sums[1][part];
        halves[part] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
                       __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
    return half_sums(halves);
}

// Eight rows of four, two in each vector, to four rows of eight.
KEYTONE_INLINE void transpose(const Float8* rows, Float8* columns) {
    const auto in_order = [](Float8 x) { return __builtin_shufflevector(x, x, 0, 4, 1, 5, 2, 6, 3, 7); };
    const Float8 even[2]{first_in_turns(rows[0], rows[2]), last_in_turns(rows[0], rows[2])};
    const Float8 odd[2]{first_in_turns(rows[1], rows[3]), last_in_turns(rows[1], rows[3])};
    for (std::ptrdiff_t half = 0; half < 2; ++half) {
        columns[2 * half] = in_order(first_in_turns(even[half], odd[half]));
        columns[2 * half + 1] = in_order(last_in_turns(even[half], odd[half]));
    }
}

} // namespace keytone::simd
