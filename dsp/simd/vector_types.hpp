// SPDX-License-Identifier: MIT
//
// Vectors by the compilers' own extension (GCC's and clang's). Everything here is inlined where it is used.
#pragma once

#include <cstddef>
#include <cstdint>

#define KEYTONE_INLINE [[gnu::always_inline]] static inline

namespace keytone::simd {

using Float8 [[gnu::vector_size(32)]] = float;
using Int8 [[gnu::vector_size(32)]] = std::int32_t;
using Phase8 [[gnu::vector_size(32)]] = std::uint32_t;
using Short8 [[gnu::vector_size(16)]] = std::int16_t;
using Short16 [[gnu::vector_size(32)]] = std::int16_t;
using Float4 [[gnu::vector_size(16)]] = float;
using Int4 [[gnu::vector_size(16)]] = std::int32_t;
using Unsigned4 [[gnu::vector_size(16)]] = std::uint32_t;
using Wide4 [[gnu::vector_size(32)]] = std::uint64_t;

template <class Vector, class Element>
KEYTONE_INLINE Vector load(const Element* from) {
    Vector vector;
    __builtin_memcpy(&vector, from, sizeof vector);
    return vector;
}

template <class Vector, class Element>
KEYTONE_INLINE void store(const Vector& vector, Element* to) {
    __builtin_memcpy(to, &vector, sizeof vector);
}

KEYTONE_INLINE Float8 to_float(Int8 x) {
    return __builtin_convertvector(x, Float8);
}

/// The first eight lanes, and the last eight.
KEYTONE_INLINE Short8 first_half(Short16 x) {
    return __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7);
}
KEYTONE_INLINE Short8 second_half(Short16 x) {
    return __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
}
KEYTONE_INLINE Int8 joined(Int4 first, Int4 second) {
    return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7);
}
KEYTONE_INLINE Short16 joined(Short8 first, Short8 second) {
    return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/// The first half of the lanes and the second, lane by lane.
template <class Vector>
KEYTONE_INLINE auto halves_added(Vector x) {
    return __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
}

/// The four vectors' sums.
template <class Vector>
KEYTONE_INLINE auto sums_of(Vector a, Vector b, Vector c, Vector d) {
    const auto pairs = [](auto x, auto y) {
        return __builtin_shufflevector(x, y, 0, 4, 1, 5) + __builtin_shufflevector(x, y, 2, 6, 3, 7);
    };
    const auto first = pairs(halves_added(a), halves_added(b));
    const auto last = pairs(halves_added(c), halves_added(d));
    return __builtin_shufflevector(first, last, 0, 1, 4, 5) +
           __builtin_shufflevector(first, last, 2, 3, 6, 7);
}

} // namespace keytone::simd
