// SPDX-License-Identifier: MIT
//
// Operations that 64-bit ARM has instructions of its own for. The headers of the other processors offer the
// same.
#pragma once

#include "dsp/simd/vector_types.hpp"

#include <arm_neon.h>

namespace keytone::simd::processor {

/// The lanes in reverse order.
KEYTONE_INLINE Short8 reversed(Short8 x) {
    return __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0);
}

/// Loads eight samples.
KEYTONE_INLINE Float8 samples(const std::int16_t* x) {
    return __builtin_convertvector(load<Short8>(x), Float8);
}

/// a[0] b[0] + a[1] b[1], and so on: four sums. Two products of -32768 with itself wrap to -2^31.
KEYTONE_INLINE Int4 pair_products(Short8 a, Short8 b) {
    const auto x = reinterpret_cast<int16x8_t>(a);
    const auto y = reinterpret_cast<int16x8_t>(b);
    return reinterpret_cast<Int4>(
        vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y)));
}

/// The same of sixteen samples: eight sums.
KEYTONE_INLINE Int8 pair_products(Short16 a, Short16 b) {
    return joined(pair_products(first_half(a), first_half(b)), pair_products(second_half(a), second_half(b)));
}

/// The sum of each vector's lanes.
KEYTONE_INLINE Int4 lane_sums(Int8 a, Int8 b, Int8 c, Int8 d) {
    const auto halves = [](Int8 x) {
        return reinterpret_cast<int32x4_t>(__builtin_shufflevector(x, x, 0, 1, 2, 3) +
                                           __builtin_shufflevector(x, x, 4, 5, 6, 7));
    };
    return reinterpret_cast<Int4>(
        vpaddq_s32(vpaddq_s32(halves(a), halves(b)), vpaddq_s32(halves(c), halves(d))));
}

/// The greatest lane; none is negative.
KEYTONE_INLINE int greatest_lane(Short16 x) {
    return vmaxvq_s16(
        vmaxq_s16(reinterpret_cast<int16x8_t>(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)),
                  reinterpret_cast<int16x8_t>(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15))));
}

/// Four lanes, and four of 0.
KEYTONE_INLINE Int8 beside_zeros(Int4 x) {
    return joined(x, Int4{});
}

/// A bit for each lane, all of whose bits are the same.
KEYTONE_INLINE unsigned lane_bits(Int4 x) {
    return vaddvq_u32(reinterpret_cast<uint32x4_t>(x & Int4{1, 2, 4, 8}));
}

/// Whether any bit is set.
KEYTONE_INLINE bool any(Phase8 x) {
    const Unsigned4 both =
        __builtin_shufflevector(x, x, 0, 1, 2, 3) | __builtin_shufflevector(x, x, 4, 5, 6, 7);
    return vmaxvq_u32(reinterpret_cast<uint32x4_t>(both)) != 0;
}

// Eight sums of 32 bits: the number of vectors that hold them, and the operations on these.

inline constexpr int sum_vectors = 2;
using SumVector = int16x8_t;

/// sum + a[0] b[0] + a[1] b[1], lane by lane.
KEYTONE_INLINE SumVector add_products(SumVector sum, SumVector a, SumVector b) {
    const auto products =
        reinterpret_cast<int32x4_t>(pair_products(reinterpret_cast<Short8>(a), reinterpret_cast<Short8>(b)));
    return vreinterpretq_s16_s32(vaddq_s32(vreinterpretq_s32_s16(sum), products));
}

/// Four pairs of samples, and one of these pairs in every lane.
using FourPairs = int32x4_t;
KEYTONE_INLINE FourPairs four_pairs(Short8 x) {
    return reinterpret_cast<int32x4_t>(x);
}
template <int pair>
KEYTONE_INLINE SumVector same_pair(FourPairs x) {
    return vreinterpretq_s16_s32(vdupq_laneq_s32(x, pair));
}

/// Keeps `sum` as it is: the compiler may not compute it in another way.
KEYTONE_INLINE void keep(SumVector& sum) {
    asm("" : "+w"(sum));
}
/// The same of eight sums, where one register holds them.
KEYTONE_INLINE void keep(Int8& /*sums*/) {}

} // namespace keytone::simd::processor
