// SPDX-License-Identifier: MIT
//
// ITU-T G.711, both laws and both ways. Compiled once for each instruction set, like everything that is a
// part of the kernels.
#pragma once

#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd::g711 {

// As many codes at once as a register holds, from two vectors of samples.
#if defined(__AVX2__)
constexpr int codes_at_once = 32;
#else
constexpr int codes_at_once = 16;
#endif
constexpr int samples_at_once = codes_at_once / 2;
using Codes [[gnu::vector_size(codes_at_once)]] = std::uint8_t;
using SignedCodes [[gnu::vector_size(codes_at_once)]] = std::int8_t;
using Samples [[gnu::vector_size(codes_at_once)]] = std::int16_t;
using Magnitudes [[gnu::vector_size(codes_at_once)]] = std::uint16_t;

/// Two vectors in one, clipped to 255; no magnitude is above 32767.
KEYTONE_INLINE Codes packed(Magnitudes a, Magnitudes b) {
#if defined(__AVX2__)
    return reinterpret_cast<Codes>(
        _mm256_packus_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__SSE2__)
    return reinterpret_cast<Codes>(
        _mm_packus_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
    return reinterpret_cast<Codes>(vcombine_u8(vqmovn_u16(reinterpret_cast<uint16x8_t>(a)),
                                               vqmovn_u16(reinterpret_cast<uint16x8_t>(b))));
#endif
}

/// Interleaves the bytes of a and b: those of their lower halves, and those of their upper halves.
KEYTONE_INLINE Samples lower(Codes a, Codes b) {
#if defined(__AVX2__)
    return reinterpret_cast<Samples>(
        _mm256_unpacklo_epi8(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
    return reinterpret_cast<Samples>(
        __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
#endif
}
KEYTONE_INLINE Samples upper(Codes a, Codes b) {
#if defined(__AVX2__)
    return reinterpret_cast<Samples>(
        _mm256_unpackhi_epi8(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
    return reinterpret_cast<Samples>(
        __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
#endif
}

/// AVX2 does these three in each half of a register by itself: what was packed, or will be interleaved, is
/// put in order by this.
KEYTONE_INLINE Codes in_order(Codes x) {
#if defined(__AVX2__)
    return reinterpret_cast<Codes>(_mm256_permute4x64_epi64(reinterpret_cast<__m256i>(x), 0b11'01'10'00));
#else
    return x;
#endif
}

/// The magnitude; that of -32768 as a number without a sign.
KEYTONE_INLINE Magnitudes magnitude(Samples x) {
#if defined(__AVX2__)
    return reinterpret_cast<Magnitudes>(_mm256_abs_epi16(reinterpret_cast<__m256i>(x)));
#elif defined(__SSE2__)
    return reinterpret_cast<Magnitudes>(max(x, -x));
#else
    return reinterpret_cast<Magnitudes>(vabsq_s16(reinterpret_cast<int16x8_t>(x)));
#endif
}

/// Two vectors in one, clipped to 8 bits with their signs.
KEYTONE_INLINE SignedCodes packed(Samples a, Samples b) {
#if defined(__AVX2__)
    return reinterpret_cast<SignedCodes>(
        _mm256_packs_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__SSE2__)
    return reinterpret_cast<SignedCodes>(
        _mm_packs_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
    return reinterpret_cast<SignedCodes>(
        vcombine_s8(vqmovn_s16(reinterpret_cast<int16x8_t>(a)), vqmovn_s16(reinterpret_cast<int16x8_t>(b))));
#endif
}

/// The mean of x and y + 1, rounded down.
KEYTONE_INLINE Codes mean_above(Codes x, std::uint8_t y) {
#if defined(__AVX2__)
    return reinterpret_cast<Codes>(
        _mm256_avg_epu8(reinterpret_cast<__m256i>(x), reinterpret_cast<__m256i>(Codes{} + y)));
#elif defined(__SSE2__)
    return reinterpret_cast<Codes>(
        _mm_avg_epu8(reinterpret_cast<__m128i>(x), reinterpret_cast<__m128i>(Codes{} + y)));
#else
    return reinterpret_cast<Codes>(vrhaddq_u8(reinterpret_cast<uint8x16_t>(x), vdupq_n_u8(y)));
#endif
}

KEYTONE_INLINE Codes min(Codes a, Codes b) {
    return a < b ? a : b;
}

/// Each magnitude's code, plus `offset`. The first 32 codes are one unit apart, the next 16 two units, the
/// next 16 four, and so on up to code 64 and beyond. That curve is concave, so it is the minimum of the lines
/// that it consists of. Each line is the mean of the one before and a constant, rounded down.
KEYTONE_INLINE Codes codes_of(Magnitudes a, Magnitudes b, std::uint8_t offset) {
    const Codes lower_half = packed(a, b);
    // From code 79 on, 64 codes further, everything is 16 times as far apart.
    const auto is_upper = lower_half == 255;
    const Codes units = is_upper ? packed(a >> 4, b >> 4) : lower_half;
    const Codes twos = mean_above(units, 32 - 1);
    const Codes fours = mean_above(twos, 48 - 1);
    const Codes eights = mean_above(fours, 64 - 1);
    const Codes lowest{};
    return min(min(units, twos), min(fours, eights)) + (is_upper ? lowest + 64 + offset : lowest + offset);
}

// Table 2a/G.711, on 14 bits: with 33 added, the segments begin at powers of two, and the curve is that from
// code 16 on.
KEYTONE_INLINE void ulaw_codes(const std::int16_t* linear, std::uint8_t* codes) {
    const auto a = load<Samples>(linear);
    const auto b = load<Samples>(linear + samples_at_once);
    const auto biased = [](Samples x) { return (magnitude(x) + (33 << 2)) >> 3; };
    // The first bit is set here already, and inverted for what is not negative.
    const Codes plain = codes_of(biased(a), biased(b), 0x80 - 16);
    store(in_order(plain ^ (reinterpret_cast<Codes>(packed(a, b)) | 0x7f)), codes);
}

// Table 1a/G.711, on 12 bits: the first two segments have the same steps. A negative sample counts as one
// less: a set last bit changes no other sample's magnitude on 12 bits.
KEYTONE_INLINE void alaw_codes(const std::int16_t* linear, std::uint8_t* codes) {
    const auto a = load<Samples>(linear);
    const auto b = load<Samples>(linear + samples_at_once);
    const Codes plain = codes_of(magnitude(a | 1) >> 4, magnitude(b | 1) >> 4, 0);
    const Codes even_bits = Codes{} + 0x55;
    store(in_order(plain ^ (packed(a, b) < 0 ? even_bits : even_bits + 0x80)), codes);
}

/// a[0] b[0] + a[1] b[1] of each pair of bytes, those of b having signs.
KEYTONE_INLINE Samples byte_products(Samples a, Samples b) {
#if defined(__AVX2__)
    return reinterpret_cast<Samples>(
        _mm256_maddubs_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
    const auto upper_byte = reinterpret_cast<Samples>(reinterpret_cast<Magnitudes>(a) >> 8);
    return (a & 0xff) * (b << 8 >> 8) + upper_byte * (b >> 8);
#endif
}

#if defined(__SSE2__) && !defined(__AVX2__)

/// 2 to the power of the last three bits.
KEYTONE_INLINE Codes power(Codes x) {
    Codes y = (x & 1) + 1;
    y = (x & 2) == 0 ? y : 4 * y;
    return (x & 4) == 0 ? y : 16 * y;
}

/// 4 ((33 + 2 step) power - offset), where step is the last four bits; negative where the first bit is set.
KEYTONE_INLINE void write_middles(Codes x, Codes powers, Codes offsets, std::int16_t* linear) {
    const auto is_positive = reinterpret_cast<Codes>(reinterpret_cast<SignedCodes>(x) >= 0);
    const Codes step = is_positive - ((33 + 2 * (x & 15)) ^ is_positive);
    const Codes minus_sign = is_positive | 1;
    store(4 * byte_products(lower(powers, offsets), lower(step, minus_sign)), linear);
    store(4 * byte_products(upper(powers, offsets), upper(step, minus_sign)), linear + samples_at_once);
}

KEYTONE_INLINE void ulaw_samples(const std::uint8_t* codes, std::int16_t* linear) {
    const Codes inverted = ~load<Codes>(codes);
    write_middles(inverted, power(inverted >> 4), Codes{} + 33, linear);
}

KEYTONE_INLINE void alaw_samples(const std::uint8_t* codes, std::int16_t* linear) {
    const Codes plain = load<Codes>(codes) ^ (0x80 ^ 0x55);
    const Codes powers = power(plain >> 4);
    // The first segment has the steps of the second, without the leading bit.
    const auto is_first = reinterpret_cast<Codes>(powers == 1);
    write_middles(plain, powers - is_first, is_first & (2 * 32), linear);
}

#else

/// A law as a sum of two products. Where x is the code's step (its last four bits) times 8, and s its sign
/// and segment (its first four),
///
///     sample  =  (x ^ flips[0]) factors[0][s]  +  (x ^ flips[1]) factors[1][s]
///
/// whose factors all are bytes. A flip inverts what the code has inverted, and adds a number that shares no
/// bit with x.
struct TwoProducts {
    std::uint8_t flips[2];
    std::int8_t factors[2][16];
};

// Of segment k: (8 step + 132) 2^k - 132, where 2^7 does not fit.
constexpr TwoProducts ulaw_products = [] {
    TwoProducts law{{0x78 ^ 132, 0x78}, {}};
    for (int s = 0; s < 16; ++s) {
        const int sign = s < 8 ? -1 : 1;
        law.factors[0][s] = static_cast<std::int8_t>(sign * ((1 << (~s & 7)) - 1));
        law.factors[1][s] = static_cast<std::int8_t>(sign);
    }
    return law;
}();

// Of segment k: (16 step + 264) 2^(k - 1), as the sum of (8 step + 134) and (8 step + 130); of segment 0:
// 16 step + 8.
constexpr TwoProducts alaw_products = [] {
    TwoProducts law{{0x28 ^ 134, 0x28 ^ 130}, {}};
    for (int s = 0; s < 16; ++s) {
        const int sign = s < 8 ? -1 : 1;
        const int segment = (s ^ 5) & 7;
        law.factors[0][s] = static_cast<std::int8_t>(sign * (segment == 0 ? -63 : 1 << (segment - 1)));
        law.factors[1][s] = static_cast<std::int8_t>(sign * (segment == 0 ? 65 : 1 << (segment - 1)));
    }
    return law;
}();

/// The entry that each byte names, below 16.
KEYTONE_INLINE Codes entries(const std::int8_t (&table)[16], Codes names) {
#if defined(__AVX2__)
    const __m128i all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
    return reinterpret_cast<Codes>(
        _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(all), reinterpret_cast<__m256i>(names)));
#else
    return reinterpret_cast<Codes>(
        vqtbl1q_u8(vreinterpretq_u8_s8(vld1q_s8(table)), reinterpret_cast<uint8x16_t>(names)));
#endif
}

template <const TwoProducts& law>
KEYTONE_INLINE void samples_of(const std::uint8_t* codes, std::int16_t* linear) {
    const Codes ordered = in_order(load<Codes>(codes));
    const Codes step = reinterpret_cast<Codes>(reinterpret_cast<Samples>(ordered) << 3) & 0x78;
    const Codes segment = ordered >> 4;
    const Codes first = step ^ law.flips[0];
    const Codes second = step ^ law.flips[1];
    const Codes first_factor = entries(law.factors[0], segment);
    const Codes second_factor = entries(law.factors[1], segment);
    store(byte_products(lower(first, second), lower(first_factor, second_factor)), linear);
    store(byte_products(upper(first, second), upper(first_factor, second_factor)), linear + samples_at_once);
}

KEYTONE_INLINE void ulaw_samples(const std::uint8_t* codes, std::int16_t* linear) {
    samples_of<ulaw_products>(codes, linear);
}
KEYTONE_INLINE void alaw_samples(const std::uint8_t* codes, std::int16_t* linear) {
    samples_of<alaw_products>(codes, linear);
}

#endif

/// Fewer than a vector of them.
template <auto convert, class From, class To>
[[gnu::noinline]] static void convert_last(const From* from, std::size_t count, To* to) {
    From last_from[codes_at_once]{};
    To last_to[codes_at_once];
    __builtin_memcpy(last_from, from, count * sizeof *from);
    convert(last_from, last_to);
    __builtin_memcpy(to, last_to, count * sizeof *to);
}

template <auto convert, class From, class To>
KEYTONE_INLINE void convert_all(const From* from, int count, To* to) {
    const auto size = static_cast<std::size_t>(count);
    const std::size_t whole = size / codes_at_once * codes_at_once;
    for (std::size_t n = 0; n != whole; n += codes_at_once) {
        convert(from + n, to + n);
    }
    if (whole != size) {
        convert_last<convert>(from + whole, size - whole, to + whole);
    }
}

static void ulaw_encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    convert_all<ulaw_codes>(linear, count, codes);
}
static void alaw_encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    convert_all<alaw_codes>(linear, count, codes);
}
static void ulaw_decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    convert_all<ulaw_samples>(codes, count, linear);
}
static void alaw_decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    convert_all<alaw_samples>(codes, count, linear);
}

} // namespace keytone::simd::g711
