// SPDX-License-Identifier: MIT
//
// Operations that 64-bit ARM has instructions of its own for. The headers of the other processors offer the
// same.
#pragma once

#include "dsp/simd/four_lanes.hpp"
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
        return vpaddq_s32(reinterpret_cast<int32x4_t>(x), reinterpret_cast<int32x4_t>(y));
    };
    return reinterpret_cast<Int4>(vpaddq_s32(pairs(a, b), pairs(c, d)));
}
KEYTONE_INLINE Int4 lane_sums(Int8 a, Int8 b, Int8 c, Int8 d) {
    return lane_sums(halves_added(a), halves_added(b), halves_added(c), halves_added(d));
}

/// The products' sums, added to others.
KEYTONE_INLINE Int8 pair_products_added(Int8 sums, Short16 a, Short16 b) {
    return sums + pair_products(a, b);
}

/// How far samples are shifted to the right.
using Shift = int;

/// How far to shift samples, of which `greatest` are the greatest, none negative, so that they keep so many
/// bits.
KEYTONE_INLINE Shift shift_to(int kept_bits, Short16 greatest) {
    const int most = vmaxvq_s16(vmaxq_s16(reinterpret_cast<int16x8_t>(first_half(greatest)),
                                          reinterpret_cast<int16x8_t>(second_half(greatest))));
    const int bits = 32 - __builtin_clz(static_cast<unsigned>(most) | 1U);
    return bits > kept_bits ? bits - kept_bits : 0;
}
KEYTONE_INLINE Short16 shifted(Short16 x, Shift by) {
    return x >> by;
}
/// What products of two shifted samples are to be multiplied by, in each lane.
KEYTONE_INLINE Float4 square_of_scale(Shift shift) {
    return static_cast<float>(1U << (2 * static_cast<unsigned>(shift))) - Float4{};
}

/// Sixteen samples from a place on, of some that lie in a row: one instruction takes them out of two
/// registers.
inline constexpr bool takes_from_two = true;
template <std::size_t place>
KEYTONE_INLINE Short16 sixteen_from(const Short16* samples) {
    constexpr std::size_t away = place % 16;
    if constexpr (away == 0) {
        return samples[place / 16];
    } else {
        const auto half = [samples](std::size_t which) {
            const Short16& both = samples[place / 16 + which / 2];
            return reinterpret_cast<int16x8_t>(which % 2 == 0 ? first_half(both) : second_half(both));
        };
        constexpr std::size_t begin = away / 8;
        const auto window = [&half](std::size_t from) {
            return reinterpret_cast<Short8>(vextq_s16(half(from), half(from + 1), away % 8));
        };
        return joined(window(begin), window(begin + 1));
    }
}

/// Four lanes, and as many of 0 as a vector has room for.
KEYTONE_INLINE PairSums beside_zeros(Int4 x) {
    return x;
}

/// A bit for each lane, all of whose bits are the same.
KEYTONE_INLINE unsigned lane_bits(Int4 x) {
    return vaddvq_u32(reinterpret_cast<uint32x4_t>(x & Int4{1, 2, 4, 8}));
}

/// A bit for each lane that is negative, and for each lane of `a` that is at least that of `b`.
KEYTONE_INLINE unsigned negative_bits(Int4 x) {
    return lane_bits(x >> 31);
}
KEYTONE_INLINE unsigned at_least_bits(Float4 a, Float4 b) {
    return lane_bits(a >= b);
}

/// The lesser of two numbers and the greater, lane by lane; `b` where they are equal.
KEYTONE_INLINE Float4 lesser(Float4 a, Float4 b) {
    return a < b ? a : b;
}
KEYTONE_INLINE Float4 greater(Float4 a, Float4 b) {
    return a > b ? a : b;
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
    return vmaxvq_u32(reinterpret_cast<uint32x4_t>(both)) != 0;
}

// Eight sums of 32 bits: the number of vectors that hold them, and the operations on these.

inline constexpr int sum_vectors = 2;
inline constexpr int registers = 32; ///< For vectors.
using SumVector = int16x8_t;

/// a[0] b[0] + a[1] b[1], lane by lane; and that added to a sum.
KEYTONE_INLINE SumVector products(SumVector a, SumVector b) {
    return reinterpret_cast<SumVector>(
        pair_products(reinterpret_cast<Short8>(a), reinterpret_cast<Short8>(b)));
}
KEYTONE_INLINE SumVector add_products(SumVector sum, SumVector a, SumVector b) {
    return vreinterpretq_s16_s32(
        vaddq_s32(vreinterpretq_s32_s16(sum), vreinterpretq_s32_s16(products(a, b))));
}

/// Eight samples, in every four lanes of 32 bits: four pairs; and four samples, twice. Also in reverse order.
using PairVector = Short8;
KEYTONE_INLINE PairVector four_pairs(const std::int16_t* x) {
    return load<Short8>(x);
}
KEYTONE_INLINE PairVector two_pairs(const std::int16_t* x) {
    const int16x4_t four = vld1_s16(x);
    return reinterpret_cast<PairVector>(vcombine_s16(four, four));
}
KEYTONE_INLINE PairVector four_reversed(const std::int16_t* x) {
    return reversed(load<Short8>(x));
}
KEYTONE_INLINE PairVector two_reversed(const std::int16_t* x) {
    const int16x4_t four = vrev64_s16(vld1_s16(x));
    return reinterpret_cast<PairVector>(vcombine_s16(four, four));
}

/// The sum of four vectors, of which every four lanes are turned on by 0, 1, 2 and 3 lanes.
KEYTONE_INLINE SumVector turns_added(SumVector first, SumVector second, SumVector third, SumVector last) {
    const auto turned = [](SumVector x) { return vreinterpretq_s32_s16(x); };
    const int32x4_t begin = vaddq_s32(turned(first), vextq_s32(turned(second), turned(second), 3));
    const int32x4_t end =
        vaddq_s32(vextq_s32(turned(third), turned(third), 2), vextq_s32(turned(last), turned(last), 1));
    return vreinterpretq_s16_s32(vaddq_s32(begin, end));
}

/// Keeps `sum` as it is: the compiler may not compute it in another way.
KEYTONE_INLINE void keep(SumVector& sum) {
    asm("" : "+w"(sum));
}
/// The same of eight sums, where one register holds them.
KEYTONE_INLINE void keep(Int8& /*sums*/) {}

} // namespace keytone::simd::processor
