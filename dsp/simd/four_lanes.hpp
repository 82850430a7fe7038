// SPDX-License-Identifier: MIT
//
// What is the same on all processors whose vectors have four lanes of 32 bits.
#pragma once

#include "dsp/simd/vector_types.hpp"

namespace keytone::simd::processor {

/// Of four numbers after four others, given by their real and imaginary parts.
template <class Sum>
KEYTONE_INLINE GreatestSquares greatest_squares(const Sum* re, const Sum* im) {
    const auto of_four = [&](int v) {
        const auto x = __builtin_convertvector(reinterpret_cast<Int4>(re[v]), Float4);
        const auto y = __builtin_convertvector(reinterpret_cast<Int4>(im[v]), Float4);
        const auto greater = [](Float4 a, Float4 b) { return a > b ? a : b; };
        const Float4 square = x * x + y * y;
        const Float4 of_two = greater(square, __builtin_shufflevector(square, square, 2, 3, 0, 1));
        return greater(of_two, __builtin_shufflevector(of_two, of_two, 1, 0, 3, 2));
    };
    return {of_four(0), of_four(1)};
}

} // namespace keytone::simd::processor
