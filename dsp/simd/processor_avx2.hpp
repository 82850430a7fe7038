// SPDX-License-Identifier: MIT
//
// Operations that AVX2 has instructions of its own for. The headers of the other processors offer the same.
#pragma once

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

/// The sum of each vector's lanes.
KEYTONE_INLINE Int4 lane_sums(Int8 a, Int8 b, Int8 c, Int8 d) {
    const __m256i first = _mm256_hadd_epi32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b));
    const __m256i last = _mm256_hadd_epi32(reinterpret_cast<__m256i>(c), reinterpret_cast<__m256i>(d));
    const __m256i halves = _mm256_hadd_epi32(first, last);
    return reinterpret_cast<Int4>(
        _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1)));
}

/// The greatest lane; none is negative.
KEYTONE_INLINE int greatest_lane(Short16 x) {
    const auto lanes = reinterpret_cast<__m256i>(~x);
    const __m128i least =
        _mm_minpos_epu16(_mm_min_epu16(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1)));
    return 0xffff - (_mm_cvtsi128_si32(least) & 0xffff);
}

/// Four lanes, and four of 0.
KEYTONE_INLINE Int8 beside_zeros(Int4 x) {
    return reinterpret_cast<Int8>(_mm256_zextsi128_si256(reinterpret_cast<__m128i>(x)));
}

/// A bit for each lane, all of whose bits are the same.
KEYTONE_INLINE unsigned lane_bits(Int4 x) {
    return static_cast<unsigned>(_mm_movemask_ps(reinterpret_cast<__m128>(x)));
}

/// Whether any bit is set.
KEYTONE_INLINE bool any(Phase8 x) {
    return _mm256_testz_si256(reinterpret_cast<__m256i>(x), reinterpret_cast<__m256i>(x)) == 0;
}

// Eight sums of 32 bits: the number of vectors that hold them, and the operations on these.

inline constexpr int sum_vectors = 1;
using SumVector = __m256i;

/// sum + a[0] b[0] + a[1] b[1], lane by lane.
KEYTONE_INLINE SumVector add_products(SumVector sum, SumVector a, SumVector b) {
#if defined(__AVX512VNNI__)
    return _mm256_dpwssd_epi32(sum, a, b);
#else
    return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
#endif
}

/// Four pairs of samples, and one of these pairs in every lane.
using FourPairs = __m256i;
KEYTONE_INLINE FourPairs four_pairs(Short8 x) {
    return _mm256_broadcastsi128_si256(reinterpret_cast<__m128i>(x));
}
template <int pair>
KEYTONE_INLINE SumVector same_pair(FourPairs x) {
    return _mm256_shuffle_epi32(x, pair * 0b01'01'01'01);
}

/// Keeps `sum` as it is: the compiler may not compute it in another way.
KEYTONE_INLINE void keep(SumVector& sum) {
    asm("" : "+x"(sum));
}
/// The same of eight sums, where one register holds them.
KEYTONE_INLINE void keep(Int8& sums) {
    asm("" : "+x"(sums));
}

} // namespace keytone::simd::processor
