// SPDX-License-Identifier: MIT
//
// Operations that AVX2 has instructions of its own for. The headers of the other processors offer the same.
#pragma once

#include "dsp/simd/processor_x86.hpp"
#include "dsp/simd/vector_types.hpp"

#include <immintrin.h>

namespace keytone::simd::processor {

/// The lanes in reverse order.
KEYTONE_INLINE Short8 reversed(Short8 x) {
    return __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0);
}

/// Loads eight samples.
KEYTONE_INLINE Float8 samples(const std::int16_t* x) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x))));
}

/// a[0] b[0] + a[1] b[1], and so on: four sums. Two products of -32768 with itself wrap to -2^31.
KEYTONE_INLINE Int4 pair_products(Short8 a, Short8 b) {
    return reinterpret_cast<Int4>(_mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
}

/// The same of sixteen samples: eight sums.
KEYTONE_INLINE Int8 pair_products(Short16 a, Short16 b) {
    return reinterpret_cast<Int8>(
        _mm256_madd_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}

/// As many samples as one vector holds, and their products' sums in pairs.
using Samples = Short16;
using PairSums = Int8;

/// Adds up lanes to four.
KEYTONE_INLINE Int4 in_four(Int8 x) {
    return halves_added(x);
}

/// The sum of each vector's lanes.
KEYTONE_INLINE Int4 lane_sums(Int8 a, Int8 b, Int8 c, Int8 d) {
    const __m256i first = _mm256_hadd_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b));
    const __m256i last = _mm256_hadd_epi32(reinterpret_cast<__m256i>(c), reinterpret_cast<__m256i>(d));
    const __m256i halves = _mm256_hadd_epi32(first, last);
    return reinterpret_cast<Int4>(
        _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1)));
}

/// The products' sums, added to others.
KEYTONE_INLINE Int8 pair_products_added(Int8 sums, Short16 a, Short16 b) {
#if defined(__AVX512VNNI__)
    return reinterpret_cast<Int8>(_mm256_dpwssd_epi32(
        reinterpret_cast<__m256i>(sums), reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
    return sums + pair_products(a, b);
#endif
}

/// How far to shift samples, of which `greatest` are the greatest, none negative, so that they keep so many
/// bits.
KEYTONE_INLINE Shift shift_to(int kept_bits, Short16 greatest) {
    const auto lanes = reinterpret_cast<__m256i>(~greatest);
    const __m128i least =
        _mm_minpos_epu16(_mm_min_epu16(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1)));
    return shift_of_number(kept_bits, _mm_andnot_si128(least, _mm_cvtsi32_si128(0xffff)));
}
KEYTONE_INLINE Short16 shifted(Short16 x, Shift by) {
    return reinterpret_cast<Short16>(_mm256_sra_epi16(reinterpret_cast<__m256i>(x), by));
}

/// Sixteen samples from a place on, of some that lie in a row: one instruction takes them out of two
/// registers.
inline constexpr bool takes_from_two = true;
template <std::size_t place>
KEYTONE_INLINE Short16 sixteen_from(const Short16* samples) {
    constexpr std::size_t away = place % 16;
    const auto first = reinterpret_cast<__m256i>(samples[place / 16]);
    if constexpr (away == 0) {
        return samples[place / 16];
    } else {
        const auto second = reinterpret_cast<__m256i>(samples[place / 16 + 1]);
        const __m256i middle = _mm256_permute2x128_si256(first, second, 0x21);
        return reinterpret_cast<Short16>(away < 8 ? _mm256_alignr_epi8(middle, first, 2 * (away % 8))
                                                  : _mm256_alignr_epi8(second, middle, 2 * (away % 8)));
    }
}

/// Four lanes, and as many of 0 as a vector has room for.
KEYTONE_INLINE PairSums beside_zeros(Int4 x) {
    return reinterpret_cast<Int8>(_mm256_zextsi128_si256(reinterpret_cast<__m128i>(x)));
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
        _mm_movemask_ps(_mm_cmp_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b), _CMP_GE_OQ)));
}

/// The lesser of two numbers and the greater, lane by lane; `b` where they are equal.
KEYTONE_INLINE Float4 lesser(Float4 a, Float4 b) {
    return _mm_min_ps(a, b);
}
KEYTONE_INLINE Float4 greater(Float4 a, Float4 b) {
    return _mm_max_ps(a, b);
}
KEYTONE_INLINE Float8 lesser(Float8 a, Float8 b) {
    return _mm256_min_ps(a, b);
}
KEYTONE_INLINE Float8 greater(Float8 a, Float8 b) {
    return _mm256_max_ps(a, b);
}

/// Whether any bit is set.
KEYTONE_INLINE bool any(Phase8 x) {
    return _mm256_testz_si256(reinterpret_cast<__m256i>(x), reinterpret_cast<__m256i>(x)) == 0;
}

// Eight sums of 32 bits: the number of vectors that hold them, and the operations on these.

inline constexpr int sum_vectors = 1;
/// For vectors.
#if defined(__AVX512VL__)
inline constexpr int registers = 32;
#else
inline constexpr int registers = 16;
#endif
using SumVector = __m256i;

/// a[0] b[0] + a[1] b[1], lane by lane; and that added to a sum.
KEYTONE_INLINE SumVector products(SumVector a, SumVector b) {
    return _mm256_madd_epi16(a, b);
}
KEYTONE_INLINE SumVector add_products(SumVector sum, SumVector a, SumVector b) {
#if defined(__AVX512VNNI__)
    return _mm256_dpwssd_epi32(sum, a, b);
#else
    return _mm256_add_epi32(sum, products(a, b));
#endif
}

/// Eight samples, in every four lanes of 32 bits: four pairs; and four samples, twice. Also in reverse order.
using PairVector = Short16;
KEYTONE_INLINE __m128i places_reversed() {
    return _mm_setr_epi8(14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
}
KEYTONE_INLINE PairVector reversed_in_halves(__m256i x) {
    return reinterpret_cast<PairVector>(
        _mm256_shuffle_epi8(x, _mm256_broadcastsi128_si256(places_reversed())));
}
KEYTONE_INLINE PairVector four_pairs(const std::int16_t* x) {
    return reinterpret_cast<PairVector>(
        _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x))));
}
KEYTONE_INLINE PairVector two_pairs(const std::int16_t* x) {
    return reinterpret_cast<PairVector>(_mm256_set1_epi64x(load<long long>(x)));
}
KEYTONE_INLINE PairVector four_reversed(const std::int16_t* x) {
    return reversed_in_halves(reinterpret_cast<__m256i>(four_pairs(x)));
}
KEYTONE_INLINE PairVector two_reversed(const std::int16_t* x) {
    return reversed_in_halves(reinterpret_cast<__m256i>(two_pairs(x)));
}

/// The sum of four vectors, of which every four lanes are turned on by 0, 1, 2 and 3 lanes.
KEYTONE_INLINE SumVector turns_added(SumVector first, SumVector second, SumVector third, SumVector last) {
    return _mm256_add_epi32(_mm256_add_epi32(first, _mm256_shuffle_epi32(second, 0b10'01'00'11)),
                            _mm256_add_epi32(_mm256_shuffle_epi32(third, 0b01'00'11'10),
                                             _mm256_shuffle_epi32(last, 0b00'11'10'01)));
}

/// Squares of four numbers after four others, given by their real and imaginary parts.
using Squares = Float8;
KEYTONE_INLINE Squares squares(const SumVector* re, const SumVector* im) {
    const auto x = __builtin_convertvector(reinterpret_cast<Int8>(re[0]), Float8);
    const auto y = __builtin_convertvector(reinterpret_cast<Int8>(im[0]), Float8);
    return x * x + y * y;
}
KEYTONE_INLINE GreatestSquares greatest_of(Squares square) {
    const auto greater = [](Float8 a, Float8 b) { return a > b ? a : b; };
    const Float8 of_two = greater(square, __builtin_shufflevector(square, square, 2, 3, 0, 1, 6, 7, 4, 5));
    const Float8 of_four = greater(of_two, __builtin_shufflevector(of_two, of_two, 1, 0, 3, 2, 5, 4, 7, 6));
    return {__builtin_shufflevector(of_four, of_four, 0, 1, 2, 3),
            __builtin_shufflevector(of_four, of_four, 4, 5, 6, 7)};
}
KEYTONE_INLINE Float4 first_four(Squares square) {
    return half_of<Float4>(square, 0);
}
KEYTONE_INLINE Float4 last_four(Squares square) {
    return half_of<Float4>(square, 1);
}

/// Keeps `sum` as it is: the compiler may not compute it in another way.
KEYTONE_INLINE void keep(SumVector& sum) {
    asm("" : "+v"(sum));
}
/// The same of eight sums, where one register holds them.
KEYTONE_INLINE void keep(Int8& sums) {
    asm("" : "+v"(sums));
}

} // namespace keytone::simd::processor
