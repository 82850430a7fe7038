// SPDX-License-Identifier: MIT
//
// The filter bank: eight filters over a sub-block, sixteen sums of twenty products each. Compiled once for
// each instruction set, like everything that is inlined into the kernels.
#pragma once

#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

KEYTONE_INLINE float total_of(Int4 x) {
    // Forty products, divided by 32, stay inside 32 bits.
    const Int4 halves = x + __builtin_shufflevector(x, x, 2, 3, 0, 1);
    return static_cast<float>(halves[0] + halves[1]);
}

// Sums of products of 16 bits, in steps of 32, as the square of -32768, twice, does not fit beside a sign.
KEYTONE_INLINE processor::PairSums in_steps(processor::Samples a, processor::Samples b) {
    return pair_products(a, b) >> 5;
}
KEYTONE_INLINE processor::PairSums squares_of(processor::Samples x) {
    using Unsigned = decltype(unsigned_of(processor::PairSums{}));
    return reinterpret_cast<processor::PairSums>(reinterpret_cast<Unsigned>(pair_products(x, x)) >> 5);
}

constexpr int samples_at_once = sizeof(processor::Samples) / sizeof(std::int16_t);

// The energy, by lanes.
KEYTONE_INLINE processor::PairSums squares_in_steps(const std::int16_t* x) {
    processor::PairSums sums{};
    for (int n = 0; n + samples_at_once <= block_size; n += samples_at_once) {
        sums += squares_of(load<processor::Samples>(x + n));
    }
    if constexpr (block_size % samples_at_once != 0) {
        const auto last = load<Short8>(x + block_size - 8);
        const Unsigned4 last_squares = reinterpret_cast<Unsigned4>(pair_products(last, last)) >> 5;
        sums += beside_zeros(reinterpret_cast<Int4>(last_squares));
    }
    return sums;
}

KEYTONE_INLINE Int4 energy_in_steps(const std::int16_t* x) {
    return processor::in_four(squares_in_steps(x));
}

// A sub-block folded about its middle: of each two samples at the same distance from it, half of their sum,
// which is what all cosines need, and half of their difference, which is what all sines need. Of the last
// vector, only four are used.
struct Folded {
    Short8 half_sum[3];
    Short8 half_difference[3];
};

KEYTONE_INLINE Folded fold(const std::int16_t* x) {
    Folded folded;
    for (std::ptrdiff_t v = 0; v < 3; ++v) {
        const auto before = load<Short8>(x + 8 * v);
        const auto behind = reversed(load<Short8>(x + block_size - 8 - 8 * v));
        folded.half_sum[v] = (before & behind) + ((before ^ behind) >> 1); // rounded down
        folded.half_difference[v] = folded.half_sum[v] - behind;
    }
    return folded;
}

// BankSums, in registers.
struct BankLanes {
    processor::SumVector re[processor::sum_vectors];
    processor::SumVector im[processor::sum_vectors];
};

// Four pairs of samples and those as far behind the middle, the first in reverse order: half of their sums
// and differences, as fold() makes them.
template <class Pairs>
struct HalfPairs {
    Pairs sum;
    Pairs difference;
};
template <class Pairs>
KEYTONE_INLINE HalfPairs<Pairs> half_pairs(Pairs before, Pairs behind) {
    const Pairs sum = (before & behind) + ((before ^ behind) >> 1);
    return {sum, sum - behind};
}

// A group's sums of products with a sub-block's halves, of as many groups at once as a vector holds;
// `coefficients` tells those of a turn. The compiler must not reorder them: it would compute all products
// first, and run out of registers.
template <class Sum, class Pairs, class Coefficients>
KEYTONE_INLINE Sum bank_sums(Pairs outer, Pairs middle, Pairs inner, Coefficients coefficients) {
    const auto begin = [&](Pairs x, int row) {
        Sum sum = processor::products(reinterpret_cast<Sum>(x), coefficients(row));
        processor::keep(sum);
        return sum;
    };
    const auto add = [&](Sum& sum, Pairs x, int row) {
        sum = processor::add_products(sum, reinterpret_cast<Sum>(x), coefficients(row));
        processor::keep(sum);
    };
    Sum first = begin(outer, 0);
    Sum second = begin(outer, 1);
    Sum third = begin(outer, 2);
    Sum last = begin(outer, 3);
    add(first, middle, 4);
    add(second, middle, 5);
    add(third, middle, 6);
    add(last, middle, 7);
    add(first, inner, 8);
    add(second, inner, 9);
    return processor::turns_added(first, second, third, last);
}

KEYTONE_INLINE BankLanes bank_lanes(const std::int16_t* x) {
    const auto outer = half_pairs(processor::four_pairs(x), processor::four_reversed(x + 32));
    const auto middle = half_pairs(processor::four_pairs(x + 8), processor::four_reversed(x + 24));
    const auto inner = half_pairs(processor::two_pairs(x + 16), processor::two_reversed(x + 20));
    const auto part = [](std::ptrdiff_t at) {
        return [at](int row) {
            const auto* const sums = reinterpret_cast<const processor::SumVector*>(&bank_table.turn[row]);
            return sums[at];
        };
    };
    using Sum = processor::SumVector;
    BankLanes lanes;
    for (std::ptrdiff_t v = 0; v < processor::sum_vectors; ++v) {
        lanes.re[v] = bank_sums<Sum>(outer.sum, middle.sum, inner.sum, part(v));
    }
    for (std::ptrdiff_t v = 0; v < processor::sum_vectors; ++v) {
        lanes.im[v] = bank_sums<Sum>(outer.difference, middle.difference, inner.difference,
                                     part(processor::sum_vectors + v));
    }
    return lanes;
}

KEYTONE_INLINE void store(const BankLanes& lanes, BankSums& sums) {
    constexpr std::ptrdiff_t in_one = filters / processor::sum_vectors;
    for (std::ptrdiff_t v = 0; v < processor::sum_vectors; ++v) {
        store(lanes.re[v], sums.re + in_one * v);
        store(lanes.im[v], sums.im + in_one * v);
    }
}
KEYTONE_INLINE void run_bank(const std::int16_t* x, BankSums& sums) {
    store(bank_lanes(x), sums);
}

// Writes sums to place `age` of a series, and those of what follows where a vector holds more.
template <class Floats>
KEYTONE_INLINE void put_turned(Floats re_sums, Floats im_sums, BankSeries& series, int age) {
    constexpr float unscale = 1.0F / bank_scale;
    const Floats re = unscale * re_sums;
    const Floats im = unscale * im_sums;
    const auto turn_re = load<Floats>(bank_turns.re[age]);
    const auto turn_im = load<Floats>(bank_turns.im[age]);
    store(re * turn_re - im * turn_im, series.re[age]);
    store(re * turn_im + im * turn_re, series.im[age]);
}
static void put(BankSeries& series, int age, const BankSums& sums) {
    put_turned(to_float(load<Int8>(sums.re)), to_float(load<Int8>(sums.im)), series, age);
}

} // namespace keytone::simd
