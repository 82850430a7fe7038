// SPDX-License-Identifier: MIT
//
// Operations that every x86-64 processor has instructions of its own for. The headers of the other processors
// offer the same.
#pragma once

#include "dsp/simd/four_lanes.hpp"
#include "dsp/simd/processor_x86.hpp"
#include "dsp/simd/vector_types.hpp"

#include <immintrin.h>

namespace keytone::simd::processor {

/// The lanes in reverse order.
KEYTONE_INLINE Short8 reversed(Short8 x) {
    // By shuffles: the compiler would move sample by sample.
    constexpr int last_first = 0b00'01'10'11;
    const __m128i low = _mm_shufflelo_epi16(reinterpret_cast<__m128i>(x), last_first);
    return reinterpret_cast<Short8>(_mm_shuffle_epi32(_mm_shufflehi_epi16(low, last_first), 0b01'00'11'10));
}

/// Loads eight samples.
KEYTONE_INLINE Float8 samples(const std::int16_t* x) {
    return __builtin_convertvector(load<Short8>(x), Float8);
}

/// a[0] b[0] + a[1] b[1], and so on: four sums. Two products of -32768 with itself wrap to -2^31.
KEYTONE_INLINE Int4 pair_products(Short8 a, Short8 b) {
    return reinterpret_cast<Int4>(_mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
}

/// The same of sixteen samples: eight sums.
KEYTONE_INLINE Int8 pair_products(Short16 a, Short16 b) {
    return joined(pair_products(first_half(a), first_half(b)), pair_products(second_half(a), second_half(b)));
}

/// As many samples as one vector holds, and their products' sums in pairs.
using Samples = Short8;
using PairSums = Int4;

/// Adds up lanes to four.
KEYTONE_INLINE Int4 in_four(Int4 x) {
    return x;
}

/// The sum of each vector's lanes.
KEYTONE_INLINE Int4 lane_sums(Int4 a, Int4 b, Int4 c, Int4 d) {
    const auto pairs = [](Int4 x, Int4 y) {
        return __builtin_shufflevector(x, y, 0, 4, 1, 5) + __builtin_shufflevector(x, y, 2, 6, 3, 7);
    };
    const Int4 first = pairs(a, b);
    const Int4 last = pairs(c, d);
    return __builtin_shufflevector(first, last, 0, 1, 4, 5) +
           __builtin_shufflevector(first, last, 2, 3, 6, 7);
}
KEYTONE_INLINE Int4 lane_sums(Int8 a, Int8 b, Int8 c, Int8 d) {
    return sums_of(a, b, c, d);
}

/// The products' sums, added to others.
KEYTONE_INLINE Int8 pair_products_added(Int8 sums, Short16 a, Short16 b) {
    return sums + pair_products(a, b);
}

/// How far to shift samples, of which `greatest` are the greatest, none negative, so that they keep so many
/// bits.
KEYTONE_INLINE Shift shift_to(int kept_bits, Short16 greatest) {
    __m128i most = _mm_max_epi16(reinterpret_cast<__m128i>(first_half(greatest)),
                                 reinterpret_cast<__m128i>(second_half(greatest)));
    most = _mm_max_epi16(most, _mm_shuffle_epi32(most, 0b01'00'11'10));
    most = _mm_max_epi16(most, _mm_shuffle_epi32(most, 0b10'11'00'01));
    most = _mm_max_epi16(most, _mm_srli_epi32(most, 16));
    return shift_of_number(kept_bits, _mm_and_si128(most, _mm_cvtsi32_si128(0xffff)));
}
KEYTONE_INLINE Short16 shifted(Short16 x, Shift by) {
    const auto half = [by](Short8 lanes) {
        return reinterpret_cast<Short8>(_mm_sra_epi16(reinterpret_cast<__m128i>(lanes), by));
    };
    return joined(half(first_half(x)), half(second_half(x)));
}

/// No one instruction takes samples from a place on out of two registers: they come from memory.
inline constexpr bool takes_from_two = false;
template <std::size_t place>
Short16 sixteen_from(const Short16* samples);

/// Four lanes, and as many of 0 as a vector has room for.
KEYTONE_INLINE PairSums beside_zeros(Int4 x) {
    return x;
}

/// A bit for each lane, all of whose bits are the same.
KEYTONE_INLINE unsigned lane_bits(Int4 x) {
    return static_cast<unsigned>(_mm_movemask_ps(reinterpret_cast<__m128>(x)));
}

/// A bit for each lane that is negative, and for each lane of `a` that is at least that of `b`.
KEYTONE_INLINE unsigned negative_bits(Int4 x) {
    return static_cast<unsigned>(_mm_movemask_ps(reinterpret_cast<__m128>(x)));
}
KEYTONE_INLINE unsigned at_least_bits(Float4 a, Float4 b) {
    return static_cast<unsigned>(
        _mm_movemask_ps(_mm_cmpge_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b))));
}

/// The lesser of two numbers and the greater, lane by lane; `b` where they are equal.
KEYTONE_INLINE Float4 lesser(Float4 a, Float4 b) {
    return _mm_min_ps(a, b);
}
KEYTONE_INLINE Float4 greater(Float4 a, Float4 b) {
    return _mm_max_ps(a, b);
}
KEYTONE_INLINE Float8 lesser(Float8 a, Float8 b) {
    return in_halves(a, b, [](Float4 x, Float4 y) { return lesser(x, y); });
}
KEYTONE_INLINE Float8 greater(Float8 a, Float8 b) {
    return in_halves(a, b, [](Float4 x, Float4 y) { return greater(x, y); });
}

/// Whether any bit is set.
KEYTONE_INLINE bool any(Phase8 x) {
    const Unsigned4 both =
        __builtin_shufflevector(x, x, 0, 1, 2, 3) | __builtin_shufflevector(x, x, 4, 5, 6, 7);
    const __m128i is_zero = _mm_cmpeq_epi32(reinterpret_cast<__m128i>(both), _mm_setzero_si128());
    return _mm_movemask_epi8(is_zero) != 0xffff;
}

// Eight sums of 32 bits: the number of vectors that hold them, and the operations on these.

inline constexpr int sum_vectors = 2;
inline constexpr int registers = 16; ///< For vectors.
using SumVector = __m128i;

/// a[0] b[0] + a[1] b[1], lane by lane; and that added to a sum.
KEYTONE_INLINE SumVector products(SumVector a, SumVector b) {
    return _mm_madd_epi16(a, b);
}
KEYTONE_INLINE SumVector add_products(SumVector sum, SumVector a, SumVector b) {
    return _mm_add_epi32(sum, products(a, b));
}

/// Eight samples, in every four lanes of 32 bits: four pairs; and four samples, twice. Also in reverse order.
using PairVector = Short8;
KEYTONE_INLINE PairVector four_pairs(const std::int16_t* x) {
    return load<Short8>(x);
}
KEYTONE_INLINE PairVector two_pairs(const std::int16_t* x) {
    const __m128i four = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
    return reinterpret_cast<PairVector>(_mm_unpacklo_epi64(four, four));
}
KEYTONE_INLINE PairVector four_reversed(const std::int16_t* x) {
    return reversed(load<Short8>(x));
}
KEYTONE_INLINE PairVector two_reversed(const std::int16_t* x) {
    const __m128i four =
        _mm_shufflelo_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(x)), 0b00'01'10'11);
    return reinterpret_cast<PairVector>(_mm_unpacklo_epi64(four, four));
}

/// The sum of four vectors, of which every four lanes are turned on by 0, 1, 2 and 3 lanes.
KEYTONE_INLINE SumVector turns_added(SumVector first, SumVector second, SumVector third, SumVector last) {
    return _mm_add_epi32(
        _mm_add_epi32(first, _mm_shuffle_epi32(second, 0b10'01'00'11)),
        _mm_add_epi32(_mm_shuffle_epi32(third, 0b01'00'11'10), _mm_shuffle_epi32(last, 0b00'11'10'01)));
}

/// Keeps `sum` as it is: the compiler may not compute it in another way.
KEYTONE_INLINE void keep(SumVector& sum) {
    asm("" : "+x"(sum));
}
/// The same of eight sums, where one register holds them.
KEYTONE_INLINE void keep(Int8& /*sums*/) {}

} // namespace keytone::simd::processor
