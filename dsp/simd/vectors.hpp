// SPDX-License-Identifier: MIT
//
// Arithmetic on vectors of eight, the same on every processor to the bit. Operations for which processors
// have better instructions of their own are in each processor's header. Everything here is inlined where it
// is used.
#pragma once

#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/vector_types.hpp"

#if defined(KEYTONE_WIDE_REGISTERS)
#include "dsp/simd/processor_avx512.hpp"
#elif defined(__AVX2__)
#include "dsp/simd/processor_avx2.hpp"
#elif defined(__x86_64__)
#include "dsp/simd/processor_sse2.hpp"
#elif defined(__aarch64__)
#include "dsp/simd/processor_neon.hpp"
#else
#error "keytone knows x86-64 and 64-bit ARM"
#endif

namespace keytone::simd {

using processor::any;
using processor::at_least_bits;
using processor::beside_zeros;
using processor::greater;
using processor::lane_bits;
using processor::lane_sums;
using processor::lesser;
using processor::negative_bits;
using processor::pair_products;
using processor::pair_products_added;
using processor::reversed;
using processor::samples;
using processor::sixteen_from;

KEYTONE_INLINE Float8 all(float x) {
    return x - Float8{};
}
template <class Vector>
KEYTONE_INLINE Vector max(Vector a, Vector b) {
    return a > b ? a : b;
}
/// The lanes for which something is true; 0 for the others.
template <class Mask, class Vector>
KEYTONE_INLINE Vector where(Mask is, Vector x) {
    return reinterpret_cast<Vector>(is & reinterpret_cast<Mask>(x));
}
KEYTONE_INLINE Float8 absolute(Float8 x) {
    return x < 0.0F ? -x : x;
}

KEYTONE_INLINE Float8 root(Float8 x) {
    Float8 roots;
    for (int i = 0; i < 8; ++i) {
        roots[i] = __builtin_sqrtf(x[i]);
    }
    return roots;
}

/// Adds the lanes in one fixed order.
KEYTONE_INLINE float sum(Float8 x) {
    const Float8 halves = x + __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    const Float8 quarters = halves + __builtin_shufflevector(halves, halves, 2, 3, 0, 1, 6, 7, 4, 5);
    return quarters[0] + quarters[1];
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

/// Angle of x + j y in radians, off by less than 2e-5; 0 for 0. Signs are changed and constants added by
/// bits: to choose takes longer, and whoever asks waits.
KEYTONE_INLINE Float8 angle(Float8 y, Float8 x) {
    constexpr float pi = 3.14159265F;
    const auto bits = [](auto lanes) { return reinterpret_cast<Phase8>(lanes); };
    const auto number = [](Phase8 lanes) { return reinterpret_cast<Float8>(lanes); };
    const Phase8 sign = Phase8{} + 0x8000'0000U;
    const Float8 ax = number(bits(x) & ~sign);
    const Float8 ay = number(bits(y) & ~sign);
    const Float8 a = lesser(ay, ax) / greater(greater(ax, ay), all(1e-30F));
    const Float8 s = a * a;
    const Float8 r =
        a *
        (0.99997726F +
         s * (-0.33262347F + s * (0.19354346F + s * (-0.11643287F + s * (0.05265332F - s * 0.01172120F)))));
    // What it is turned back from, where it is.
    const auto from = [&](Float8 turn, Phase8 is, Float8 less) {
        return number(bits(turn) & is) + number(bits(less) ^ (sign & is));
    };
    const Float8 in_quarter = from(all(0.5F * pi), bits(ay > ax), r);
    const Float8 in_half = from(all(pi), bits(x < 0.0F), in_quarter);
    return number(bits(in_half) ^ (sign & bits(y < 0.0F)));
}

} // namespace keytone::simd
