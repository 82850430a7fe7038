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

// In steps of 32, as the square of -32768, twice, does not fit beside a sign.
KEYTONE_INLINE Int8 squares_in_steps(const std::int16_t* x) {
    const auto squares = [&](std::ptrdiff_t n) {
        const auto samples = load<Short16>(x + n);
        return reinterpret_cast<Phase8>(pair_products(samples, samples)) >> 5;
    };
    const auto last = load<Short8>(x + 32);
    const Unsigned4 last_squares = reinterpret_cast<Unsigned4>(pair_products(last, last)) >> 5;
    return reinterpret_cast<Int8>(squares(0) + squares(16)) +
           beside_zeros(reinterpret_cast<Int4>(last_squares));
}

KEYTONE_INLINE Int4 energy_in_steps(const std::int16_t* x) {
    return halves_added(squares_in_steps(x));
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

// The bank's sums while they are computed. The compiler must not reorder them: it would compute all products
// first, and run out of registers.
struct BankTotal {
    processor::SumVector part[2][processor::sum_vectors];

    template <int pair>
    [[gnu::always_inline]] void add(processor::FourPairs half_sums, processor::FourPairs half_differences,
                                    const processor::SumVector* coefficients) {
        add<pair>(part[0], half_sums, coefficients);
        add<pair>(part[1], half_differences, coefficients + processor::sum_vectors);
    }
    template <int pair>
    [[gnu::always_inline]] static void add(processor::SumVector* sums, processor::FourPairs x,
                                           const processor::SumVector* coefficients) {
        for (int v = 0; v < processor::sum_vectors; ++v) {
            sums[v] = processor::add_products(sums[v], coefficients[v], processor::same_pair<pair>(x));
            processor::keep(sums[v]);
        }
    }
};

KEYTONE_INLINE void run_bank(const std::int16_t* x, BankSums& sums) {
    const Folded folded = fold(x);
    BankTotal total;
    for (auto& part : total.part) {
        for (auto& sum : part) {
            sum = processor::SumVector{};
        }
    }
    constexpr std::ptrdiff_t stride = std::ptrdiff_t{2} * processor::sum_vectors;
    const auto* coefficients = reinterpret_cast<const processor::SumVector*>(&bank_table);
    for (int v = 0; v < 3; ++v) {
        const processor::FourPairs half_sums = processor::four_pairs(folded.half_sum[v]);
        const processor::FourPairs half_differences = processor::four_pairs(folded.half_difference[v]);
        total.add<0>(half_sums, half_differences, coefficients);
        total.add<1>(half_sums, half_differences, coefficients + stride);
        if (v < 2) {
            total.add<2>(half_sums, half_differences, coefficients + 2 * stride);
            total.add<3>(half_sums, half_differences, coefficients + 3 * stride);
        }
        coefficients += 4 * stride;
    }
    constexpr std::ptrdiff_t lanes = filters / processor::sum_vectors;
    for (std::ptrdiff_t v = 0; v < processor::sum_vectors; ++v) {
        store(total.part[0][v], sums.re + lanes * v);
        store(total.part[1][v], sums.im + lanes * v);
    }
}

} // namespace keytone::simd
