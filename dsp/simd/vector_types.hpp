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
using Wide2 [[gnu::vector_size(16)]] = std::uint64_t;

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

/// The same lanes without a sign: for decltype.
Phase8 unsigned_of(Int8 x);
Unsigned4 unsigned_of(Int4 x);

KEYTONE_INLINE Float8 to_float(Int8 x) {
    return __builtin_convertvector(x, Float8);
}

/// A vector's halves, and two joined. Where a vector is wider than the processor's, g++ 12 would shuffle it
/// lane by lane: each half is one register there.
template <class Half, class Vector>
KEYTONE_INLINE Half half_of(const Vector& x, std::size_t half) {
    Half lanes;
    __builtin_memcpy(&lanes, reinterpret_cast<const char*>(&x) + half * sizeof lanes, sizeof lanes);
    return lanes;
}
KEYTONE_INLINE Short8 first_half(Short16 x) {
    return half_of<Short8>(x, 0);
}
KEYTONE_INLINE Short8 second_half(Short16 x) {
    return half_of<Short8>(x, 1);
}
#if defined(__AVX2__)
// Through memory, a processor would wait for both halves' stores before it could load the whole.
KEYTONE_INLINE Int8 joined(Int4 first, Int4 second) {
    return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7);
}
KEYTONE_INLINE Short16 joined(Short8 first, Short8 second) {
    return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
#else
template <class Vector, class Half>
KEYTONE_INLINE Vector both_halves(const Half& first, const Half& second) {
    Vector lanes;
    __builtin_memcpy(&lanes, &first, sizeof first);
    __builtin_memcpy(reinterpret_cast<char*>(&lanes) + sizeof first, &second, sizeof second);
    return lanes;
}
KEYTONE_INLINE Int8 joined(Int4 first, Int4 second) {
    return both_halves<Int8>(first, second);
}
KEYTONE_INLINE Short16 joined(Short8 first, Short8 second) {
    return both_halves<Short16>(first, second);
}
#endif

/// A vector of half as many lanes: for decltype.
Float4 half_type(Float8 x);
Int4 half_type(Int8 x);
Wide2 half_type(Wide4 x);

/// The first half of the lanes and the second, lane by lane.
template <class Vector>
KEYTONE_INLINE auto halves_added(Vector x) {
    using Half = decltype(half_type(x));
#if defined(__AVX512VL__)
    // g++ 12 takes the second half out of a register of 64 bytes, and some processors do half as many
    // operations on others for as long as such an instruction is under way.
    if constexpr (sizeof(x) == 8 * sizeof(x[0])) {
        return half_of<Half>(x + __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3), 0);
    }
#endif
    return half_of<Half>(x, 0) + half_of<Half>(x, 1);
}

/// The sums of four vectors of four lanes.
template <class Vector>
KEYTONE_INLINE Vector whole_sums(Vector a, Vector b, Vector c, Vector d) {
    const auto pairs = [](Vector x, Vector y) {
        return __builtin_shufflevector(x, y, 0, 4, 1, 5) + __builtin_shufflevector(x, y, 2, 6, 3, 7);
    };
    const Vector first = pairs(a, b);
    const Vector last = pairs(c, d);
    return __builtin_shufflevector(first, last, 0, 1, 4, 5) +
           __builtin_shufflevector(first, last, 2, 3, 6, 7);
}

/// The four vectors' sums.
template <class Vector>
KEYTONE_INLINE auto sums_of(Vector a, Vector b, Vector c, Vector d) {
    return whole_sums(halves_added(a), halves_added(b), halves_added(c), halves_added(d));
}

/// Of two vectors of eight lanes the first two lanes of each half in turns, and the last two.
template <class Vector>
KEYTONE_INLINE Vector first_in_turns(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
}
template <class Vector>
KEYTONE_INLINE Vector last_in_turns(Vector a, Vector b) {
    return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}

/// The sums of four vectors' first halves, one vector after the other, and then of their last halves.
template <class Vector>
KEYTONE_INLINE Vector half_sums(const Vector* x) {
    const auto pairs = [](Vector a, Vector b) { return first_in_turns(a, b) + last_in_turns(a, b); };
    const Vector first = pairs(x[0], x[1]);
    const Vector last = pairs(x[2], x[3]);
    return __builtin_shufflevector(first, last, 0, 1, 8, 9, 4, 5, 12, 13) +
           __builtin_shufflevector(first, last, 2, 3, 10, 11, 6, 7, 14, 15);
}

/// Of two groups of four numbers the greatest square, in every lane.
struct GreatestSquares {
    Float4 first;
    Float4 last;
};

} // namespace keytone::simd
