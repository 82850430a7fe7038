// SPDX-License-Identifier: MIT
//
// What is the same on all processors whose vectors have four lanes of 32 bits.
#pragma once

#include "dsp/simd/vector_types.hpp"

namespace keytone::simd::processor {

/// Squares of four numbers after four others, given by their real and imaginary parts.
struct Squares {
    Float4 first;
    Float4 last;
};
template <class Sum>
KEYTONE_INLINE Squares squares(const Sum* re, const Sum* im) {
    const auto of_four = [&](int v) {
        const auto x = __builtin_convertvector(reinterpret_cast<Int4>(re[v]), Float4);
        const auto y = __builtin_convertvector(reinterpret_cast<Int4>(im[v]), Float4);
        return x * x + y * y;
    };
    return {of_four(0), of_four(1)};
}
KEYTONE_INLINE GreatestSquares greatest_of(const Squares& square) {
    const auto of_four = [](Float4 each) {
        const auto greater = [](Float4 a, Float4 b) { return a > b ? a : b; };
        const Float4 of_two = greater(each, __builtin_shufflevector(each, each, 2, 3, 0, 1));
        return greater(of_two, __builtin_shufflevector(of_two, of_two, 1, 0, 3, 2));
    };
    return {of_four(square.first), of_four(square.last)};
}
KEYTONE_INLINE Float4 first_four(const Squares& square) {
    return square.first;
}
KEYTONE_INLINE Float4 last_four(const Squares& square) {
    return square.last;
}

/// An operation on four lanes, of eight.
template <class Operation>
KEYTONE_INLINE Float8 in_halves(Float8 a, Float8 b, Operation of) {
    return both_halves<Float8>(of(half_of<Float4>(a, 0), half_of<Float4>(b, 0)),
                               of(half_of<Float4>(a, 1), half_of<Float4>(b, 1)));
}

} // namespace keytone::simd::processor
