// SPDX-License-Identifier: MIT
//
// Vectors of the compiler's own (GCC's and clang's vector extension), and the one operation that it does not
// offer: products of 16 bits, added in pairs. Everything here is inlined where it is used.
#pragma once

#include "dsp/simd/kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#else
#error "keytone knows x86-64 and 64-bit ARM"
#endif

#define KEYTONE_INLINE [[gnu::always_inline]] static inline

namespace keytone::simd {

using Float8 [[gnu::vector_size(32)]] = float;
using Int8 [[gnu::vector_size(32)]] = std::int32_t;
using Phase8 [[gnu::vector_size(32)]] = std::uint32_t;
using Short8 [[gnu::vector_size(16)]] = std::int16_t;
using Short16 [[gnu::vector_size(32)]] = std::int16_t;

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
KEYTONE_INLINE Float8 all(float x) {
    return x - Float8{};
}
template <class Vector>
KEYTONE_INLINE Vector max(Vector a, Vector b) {
    return a > b ? a : b;
}
KEYTONE_INLINE Float8 absolute(Float8 x) {
    return x < 0.0F ? -x : x;
}

/// The last one first.
KEYTONE_INLINE Short8 reversed(Short8 x) {
#if defined(__SSE2__) && !defined(__AVX2__)
    // The compiler goes sample by sample.
    constexpr int last_first = 0b00'01'10'11;
    const __m128i low = _mm_shufflelo_epi16(reinterpret_cast<__m128i>(x), last_first);
    return reinterpret_cast<Short8>(_mm_shuffle_epi32(_mm_shufflehi_epi16(low, last_first), 0b01'00'11'10));
#else
    return __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0);
#endif
}

KEYTONE_INLINE Float8 root(Float8 x) {
    Float8 roots;
    for (int i = 0; i < 8; ++i) {
        roots[i] = __builtin_sqrtf(x[i]);
    }
    return roots;
}

/// In one fixed order.
KEYTONE_INLINE float sum(Float8 x) {
    const Float8 halves = x + __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    const Float8 quarters = halves + __builtin_shufflevector(halves, halves, 2, 3, 0, 1, 6, 7, 4, 5);
    return quarters[0] + quarters[1];
}

/// Eight samples.
KEYTONE_INLINE Float8 samples(const std::int16_t* x) {
#if defined(__AVX2__)
    return _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x))));
#else
    return __builtin_convertvector(load<Short8>(x), Float8);
#endif
}

/// Eight sums of 32 bits, as many vectors as they take.
#if defined(__AVX2__)

struct PairSums {
    static constexpr int vectors = 1;
    using Vector = __m256i;
    KEYTONE_INLINE Vector zero() { return _mm256_setzero_si256(); }
    /// sum + a[0] b[0] + a[1] b[1], lane by lane.
    KEYTONE_INLINE Vector add(Vector sum, Vector a, Vector b) {
#if defined(__AVX512VNNI__)
        return _mm256_dpwssd_epi32(sum, a, b);
#else
        return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
#endif
    }
    /// Four pairs, and one of them in every lane.
    using Four = __m256i;
    KEYTONE_INLINE Four four(Short8 x) {
        return _mm256_broadcastsi128_si256(reinterpret_cast<__m128i>(x));
    }
    template <int pair>
    KEYTONE_INLINE Vector same(Four x) {
        return _mm256_shuffle_epi32(x, pair * 0b01'01'01'01);
    }
    /// `sum` is taken as it is, and not computed another way.
    KEYTONE_INLINE void keep(Vector& sum) {
        asm("" : "+x"(sum));
    }
};

#elif defined(__SSE2__)

struct PairSums {
    static constexpr int vectors = 2;
    using Vector = __m128i;
    KEYTONE_INLINE Vector zero() { return _mm_setzero_si128(); }
    KEYTONE_INLINE Vector add(Vector sum, Vector a, Vector b) {
        return _mm_add_epi32(sum, _mm_madd_epi16(a, b));
    }
    using Four = __m128i;
    KEYTONE_INLINE Four four(Short8 x) { return reinterpret_cast<__m128i>(x); }
    template <int pair>
    KEYTONE_INLINE Vector same(Four x) {
        return _mm_shuffle_epi32(x, pair * 0b01'01'01'01);
    }
    KEYTONE_INLINE void keep(Vector& sum) { asm("" : "+x"(sum)); }
};

#else

struct PairSums {
    static constexpr int vectors = 2;
    using Vector = int16x8_t;
    KEYTONE_INLINE Vector zero() { return vdupq_n_s16(0); }
    KEYTONE_INLINE Vector add(Vector sum, Vector a, Vector b) {
        const int32x4_t low = vmull_s16(vget_low_s16(a), vget_low_s16(b));
        const int32x4_t high = vmull_high_s16(a, b);
        return vreinterpretq_s16_s32(vaddq_s32(vreinterpretq_s32_s16(sum), vpaddq_s32(low, high)));
    }
    using Four = int32x4_t;
    KEYTONE_INLINE Four four(Short8 x) { return reinterpret_cast<int32x4_t>(x); }
    template <int pair>
    KEYTONE_INLINE Vector same(Four x) {
        return vreinterpretq_s16_s32(vdupq_laneq_s32(x, pair));
    }
    KEYTONE_INLINE void keep(Vector& sum) { asm("" : "+w"(sum)); }
};

#endif

using Int4 [[gnu::vector_size(16)]] = std::int32_t;
using Unsigned4 [[gnu::vector_size(16)]] = std::uint32_t;

/// a[0] b[0] + a[1] b[1], and so on: four sums. Two products of -32768 with itself wrap to -2^31.
KEYTONE_INLINE Int4 pair_products(Short8 a, Short8 b) {
#if defined(__x86_64__)
    return reinterpret_cast<Int4>(_mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
    const auto x = reinterpret_cast<int16x8_t>(a);
    const auto y = reinterpret_cast<int16x8_t>(b);
    return reinterpret_cast<Int4>(
        vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y)));
#endif
}

/// The same of sixteen samples: eight sums.
KEYTONE_INLINE Int8 pair_products(Short16 a, Short16 b) {
#if defined(__AVX2__)
    return reinterpret_cast<Int8>(
        _mm256_madd_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
    const Int4 low = pair_products(__builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7),
                                   __builtin_shufflevector(b, b, 0, 1, 2, 3, 4, 5, 6, 7));
    const Int4 high = pair_products(__builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15),
                                    __builtin_shufflevector(b, b, 8, 9, 10, 11, 12, 13, 14, 15));
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#endif
}

/// Sine of a phase, off by less than 3e-7; the polynomial of sine_of_phase().
KEYTONE_INLINE Float8 sine(Phase8 phase) {
    const Phase8 outer_half = 0U - ((phase + 0x4000'0000U) >> 31);
    const Phase8 folded = phase ^ (outer_half & 0x7fff'ffffU);
    const Float8 x = to_float(reinterpret_cast<Int8>(folded)) * 0x1p-30F;
    const Float8 y = x * x;
    return x * (1.57079629F +
                y * (-0.6459633599F + y * (0.07968848054F + y * (-0.004672227923F + y * 0.0001508205646F))));
}
KEYTONE_INLINE Float8 cosine(Phase8 phase) {
    return sine(phase + 0x4000'0000U);
}

/// Angle of x + j y in radians, off by less than 2e-5; 0 for 0.
KEYTONE_INLINE Float8 angle(Float8 y, Float8 x) {
    constexpr float pi = 3.14159265F;
    const Float8 ax = absolute(x);
    const Float8 ay = absolute(y);
    const Float8 greater = max(ax, ay);
    const Float8 a = (ax > ay ? ay : ax) / max(greater, all(1e-30F));
    const Float8 s = a * a;
    Float8 r =
        a *
        (0.99997726F +
         s * (-0.33262347F + s * (0.19354346F + s * (-0.11643287F + s * (0.05265332F - s * 0.01172120F)))));
    r = ay > ax ? 0.5F * pi - r : r;
    r = x < 0.0F ? pi - r : r;
    return y < 0.0F ? -r : r;
}

} // namespace keytone::simd
