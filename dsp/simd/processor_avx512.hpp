// SPDX-License-Identifier: MIT
//
// Operations on registers of 64 bytes, besides those of 32 bytes that AVX2 has: two sub-blocks at once.
#pragma once

#include "dsp/simd/processor_avx2.hpp"
#include "dsp/simd/vector_types.hpp"

#include <immintrin.h>

namespace keytone::simd::processor {

using WideSum = __m512i;
using Float16 [[gnu::vector_size(64)]] = float;
using WidePairs [[gnu::vector_size(64)]] = std::int16_t;

/// a[0] b[0] + a[1] b[1], lane by lane; and that added to a sum.
KEYTONE_INLINE WideSum products(WideSum a, WideSum b) {
    return _mm512_madd_epi16(a, b);
}
KEYTONE_INLINE WideSum add_products(WideSum sum, WideSum a, WideSum b) {
    return _mm512_dpwssd_epi32(sum, a, b);
}
KEYTONE_INLINE void keep(WideSum& sum) {
    asm("" : "+v"(sum));
}

/// What a register of 32 bytes holds, twice.
KEYTONE_INLINE WideSum twice(__m256i x) {
    return _mm512_broadcast_i64x4(x);
}

/// Of two sub-blocks: four pairs of samples, in every four lanes of 32 bits of either half; and two pairs,
/// twice.
KEYTONE_INLINE WidePairs four_pairs(const std::int16_t* first, const std::int16_t* second) {
    const auto eight = [](const std::int16_t* x) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(x));
    };
    return reinterpret_cast<WidePairs>(
        _mm512_mask_broadcast_i32x4(_mm512_broadcast_i32x4(eight(first)), 0xff00, eight(second)));
}
KEYTONE_INLINE WidePairs two_pairs(const std::int16_t* first, const std::int16_t* second) {
    const auto four = [](const std::int16_t* x) {
        return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
    };
    return reinterpret_cast<WidePairs>(
        _mm512_mask_broadcastq_epi64(_mm512_broadcastq_epi64(four(first)), 0xf0, four(second)));
}
KEYTONE_INLINE WidePairs reversed_in_fours(WidePairs x) {
    return reinterpret_cast<WidePairs>(
        _mm512_shuffle_epi8(reinterpret_cast<__m512i>(x), _mm512_broadcast_i32x4(places_reversed())));
}

/// The sum of four vectors, of which every four lanes are turned on by 0, 1, 2 and 3 lanes.
KEYTONE_INLINE WideSum turns_added(WideSum first, WideSum second, WideSum third, WideSum last) {
    return _mm512_add_epi32(_mm512_add_epi32(first, _mm512_shuffle_epi32(second, _MM_PERM_CBAD)),
                            _mm512_add_epi32(_mm512_shuffle_epi32(third, _MM_PERM_BADC),
                                             _mm512_shuffle_epi32(last, _MM_PERM_ADCB)));
}

KEYTONE_INLINE Float16 to_float(WideSum x) {
    return _mm512_cvtepi32_ps(x);
}

/// Squares of numbers, given by their real and imaginary parts; and of every four the greatest, in all four.
KEYTONE_INLINE Float16 squares(WideSum re, WideSum im) {
    const Float16 x = to_float(re);
    const Float16 y = to_float(im);
    return x * x + y * y;
}
KEYTONE_INLINE Float16 greatest_of(Float16 square) {
    const Float16 of_two = _mm512_max_ps(square, _mm512_permute_ps(square, 0b01'00'11'10));
    return _mm512_max_ps(of_two, _mm512_permute_ps(of_two, 0b10'11'00'01));
}

/// Every four lanes in the place of the next four, and these in theirs.
KEYTONE_INLINE Float16 other_fours(Float16 x) {
    return _mm512_shuffle_f32x4(x, x, 0b10'11'00'01);
}
/// Lane 0 in all of the first half, and lane 1 in all of the second.
KEYTONE_INLINE Float16 first_and_second(Float4 x) {
    return _mm512_permutevar_ps(_mm512_broadcast_f32x4(x),
                                _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
}

/// The lanes of `b` where `bits` are set, and else those of `a`.
KEYTONE_INLINE Float16 blended(unsigned bits, Float16 a, Float16 b) {
    return _mm512_mask_blend_ps(static_cast<__mmask16>(bits), a, b);
}
/// The lesser of two numbers and the greater, lane by lane.
KEYTONE_INLINE Float16 lesser(Float16 a, Float16 b) {
    return _mm512_min_ps(a, b);
}
KEYTONE_INLINE Float16 greater(Float16 a, Float16 b) {
    return _mm512_max_ps(a, b);
}
/// A bit for each lane of `a` that is at least that of `b`.
KEYTONE_INLINE unsigned at_least_bits(Float16 a, Float16 b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ);
}

/// Half of a register.
KEYTONE_INLINE SumVector half_of_wide(WideSum x, bool is_first) {
    return is_first ? _mm512_castsi512_si256(x) : _mm512_extracti64x4_epi64(x, 1);
}

} // namespace keytone::simd::processor
