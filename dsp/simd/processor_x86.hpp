// SPDX-License-Identifier: MIT
//
// What all x86-64 processors do by the same instructions.
#pragma once

#include "dsp/simd/vector_types.hpp"

#include <immintrin.h>

namespace keytone::simd::processor {

/// How far samples are shifted to the right, as shifts take it.
using Shift = __m128i;

/// The shift that leaves so many bits of a number of at most 15, which is in the first lane, the others being
/// 0: the exponent tells how many it has. It stays in its register on the way.
KEYTONE_INLINE Shift shift_of_number(int kept_bits, __m128i number) {
    constexpr int exponent_of_half = 126;
    const __m128i exponent = _mm_srli_epi32(_mm_castps_si128(_mm_cvtepi32_ps(number)), 23);
    return _mm_max_epi16(_mm_sub_epi32(exponent, _mm_cvtsi32_si128(exponent_of_half + kept_bits)),
                         _mm_setzero_si128());
}

/// What products of two shifted samples are to be multiplied by, in each lane.
KEYTONE_INLINE Float4 square_of_scale(Shift shift) {
    const __m128i exponents = _mm_add_epi32(_mm_slli_epi32(shift, 24), _mm_set1_epi32(127 << 23));
    return reinterpret_cast<Float4>(_mm_shuffle_epi32(exponents, 0));
}

} // namespace keytone::simd::processor
