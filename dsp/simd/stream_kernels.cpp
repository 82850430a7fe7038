// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_STREAM_SET being its name.
#include "dsp/simd/stream_kernels.hpp"

#include "dsp/simd/vectors.hpp"

namespace keytone::simd {

namespace {

// The sum of both sines in the first block, from sample `from` on; the block begins at phase 0.
class FirstSum {
  public:
    [[gnu::always_inline]] FirstSum(const SinePair& pair, int from, float scale)
        : low_(pair.low->sin + from),
          high_(pair.high->sin + from),
          low_peak_(scale * pair.low_peak),
          high_peak_(scale * pair.high_peak) {}

    [[nodiscard, gnu::always_inline]] Float8 eight(int n) const {
        return load<Float8>(low_ + n) * low_peak_ + load<Float8>(high_ + n) * high_peak_;
    }
    [[nodiscard, gnu::always_inline]] float one(int n) const {
        return low_[n] * low_peak_ + high_[n] * high_peak_;
    }

  private:
    const float* low_;
    const float* high_;
    float low_peak_;
    float high_peak_;
};

// The same in a later block. A sine of any phase is a weighted sum of the table's sine and cosine.
class LaterSum {
  public:
    [[gnu::always_inline]] LaterSum(const SinePair& pair, std::uint64_t block, int from, float scale)
        : low_sin_(pair.low->sin + from),
          low_cos_(pair.low->cos + from),
          high_sin_(pair.high->sin + from),
          high_cos_(pair.high->cos + from) {
        const auto low = static_cast<Phase>(block * pair.low_step >> 32);
        const auto high = static_cast<Phase>(block * pair.high_step >> 32);
        constexpr Phase quarter = 0x4000'0000U;
        const Float8 sines = sine(Phase8{low + quarter, low, high + quarter, high, 0, 0, 0, 0});
        weights_[0] = sines[0] * (scale * pair.low_peak);
        weights_[1] = sines[1] * (scale * pair.low_peak);
        weights_[2] = sines[2] * (scale * pair.high_peak);
        weights_[3] = sines[3] * (scale * pair.high_peak);
    }

    [[nodiscard, gnu::always_inline]] Float8 eight(int n) const {
        return (load<Float8>(low_sin_ + n) * weights_[0] + load<Float8>(low_cos_ + n) * weights_[1]) +
               (load<Float8>(high_sin_ + n) * weights_[2] + load<Float8>(high_cos_ + n) * weights_[3]);
    }
    [[nodiscard, gnu::always_inline]] float one(int n) const {
        return (low_sin_[n] * weights_[0] + low_cos_[n] * weights_[1]) +
               (high_sin_[n] * weights_[2] + high_cos_[n] * weights_[3]);
    }

  private:
    const float* low_sin_;
    const float* low_cos_;
    const float* high_sin_;
    const float* high_cos_;
    float weights_[4]; // of the four tables, in this order
};

template <class Sum>
KEYTONE_INLINE void write(const Sum& sum, int count, float* out) {
    int n = 0;
    for (; n + 8 <= count; n += 8) {
        store(sum.eight(n), out + n);
    }
    for (; n < count; ++n) {
        out[n] = sum.one(n);
    }
}

/// Rounds to the nearest, halves to even; clips to 16 bits.
KEYTONE_INLINE Short8 pcm16(Float8 x) {
#if defined(__AVX2__)
    const __m256i whole = _mm256_cvtps_epi32(x);
    return reinterpret_cast<Short8>(
        _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1)));
#elif defined(__SSE2__)
    __m128 halves[2];
    __builtin_memcpy(halves, &x, sizeof halves);
    return reinterpret_cast<Short8>(_mm_packs_epi32(_mm_cvtps_epi32(halves[0]), _mm_cvtps_epi32(halves[1])));
#else
    float32x4_t halves[2];
    __builtin_memcpy(halves, &x, sizeof halves);
    return reinterpret_cast<Short8>(
        vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(halves[0])), vqmovn_s32(vcvtnq_s32_f32(halves[1]))));
#endif
}

KEYTONE_INLINE Short16 pcm16(Float8 first, Float8 second) {
#if defined(__AVX2__)
    const __m256i mixed = _mm256_packs_epi32(_mm256_cvtps_epi32(first), _mm256_cvtps_epi32(second));
    return reinterpret_cast<Short16>(_mm256_permute4x64_epi64(mixed, 0b11'01'10'00));
#else
    return __builtin_shufflevector(pcm16(first), pcm16(second), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                                   14, 15);
#endif
}

template <class Sum>
KEYTONE_INLINE void write(const Sum& sum, int count, std::int16_t* out) {
    int n = 0;
    for (; n + 16 <= count; n += 16) {
        store(pcm16(sum.eight(n), sum.eight(n + 8)), out + n);
    }
    for (; n + 8 <= count; n += 8) {
        store(pcm16(sum.eight(n)), out + n);
    }
    if (n < count) {
        float left[8]{};
        for (int i = 0; n + i < count; ++i) {
            left[i] = sum.one(n + i);
        }
        const Short8 samples = pcm16(load<Float8>(left));
        for (int i = 0; n + i < count; ++i) {
            out[n + i] = samples[i];
        }
    }
}

/// Blocks lie on a fixed grid that begins at sample 0.
template <class Sample>
KEYTONE_INLINE void add_blocks(const SinePair& pair, std::uint64_t first, int count, Sample* out,
                               float scale) {
    while (count > 0) {
        const int from = static_cast<int>(first % SineBlock::size);
        const int left = SineBlock::size - from;
        const int now = left < count ? left : count;
        if (first < SineBlock::size) {
            write(FirstSum(pair, from, scale), now, out);
        } else {
            write(LaterSum(pair, first - static_cast<std::uint64_t>(from), from, scale), now, out);
        }
        first += static_cast<std::uint64_t>(now);
        out += now;
        count -= now;
    }
}

constexpr float full_scale = 32768.0F;

void add_sines(const SinePair& pair, std::uint64_t first, int count, float* out) {
    add_blocks(pair, first, count, out, 1.0F);
}

void add_sines_pcm16(const SinePair& pair, std::uint64_t first, int count, std::int16_t* out) {
    add_blocks(pair, first, count, out, full_scale);
}

void shape(std::uint64_t first, std::uint64_t step, int count, float* samples) {
    using Phase4 [[gnu::vector_size(32)]] = std::uint64_t;
    Phase4 four = first + Phase4{0, step, 2 * step, 3 * step};
    Phase4 next_four = four + 4 * step;
    for (int n = 0; n < count; n += 8) {
        // The upper halves of the phases.
        const Float8 root = sine(__builtin_shufflevector(
            reinterpret_cast<Phase8>(four), reinterpret_cast<Phase8>(next_four), 1, 3, 5, 7, 9, 11, 13, 15));
        four += 8 * step;
        next_four += 8 * step;
        const Float8 gain = root * root;
        if (n + 8 <= count) {
            store(load<Float8>(samples + n) * gain, samples + n);
        } else {
            for (int i = 0; n + i < count; ++i) {
                samples[n + i] *= gain[i];
            }
        }
    }
}

/// Floats, unchanged.
struct Floats {
    const float* samples;

    [[nodiscard, gnu::always_inline]] Float8 eight(int n) const {
        return load<Float8>(samples + n) * full_scale;
    }
    [[nodiscard, gnu::always_inline]] float one(int n) const { return samples[n] * full_scale; }
};

void to_pcm16(const float* samples, int count, std::int16_t* out) {
    write(Floats{samples}, count, out);
}

// G.711: as many codes at once as a register holds, from two vectors of samples.
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

/// The mean, rounded up.
KEYTONE_INLINE Codes mean(Codes x, std::uint8_t y) {
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

/// 2 to the power of the last three bits.
KEYTONE_INLINE Codes power(Codes x) {
#if defined(__AVX2__)
    const __m128i powers = _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
    return reinterpret_cast<Codes>(
        _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(powers), reinterpret_cast<__m256i>(x)));
#else
    Codes y = (x & 1) + 1;
    y = (x & 2) == 0 ? y : 4 * y;
    return (x & 4) == 0 ? y : 16 * y;
#endif
}

/// a[0] b[0] + a[1] b[1] of each pair of bytes, those of b being signed.
KEYTONE_INLINE Samples byte_products(Samples a, Samples b) {
#if defined(__AVX2__)
    return reinterpret_cast<Samples>(
        _mm256_maddubs_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#else
    return (a & 0xff) * (b << 8 >> 8) + (a >> 8) * (b >> 8);
#endif
}

/// 255 minus each magnitude's code. The first 32 codes are one unit apart, the next 16 two units, the next 16
/// four, and so on up to code 64 and beyond. That curve is concave, so it is the minimum of the lines that it
/// consists of. Each line is the mean of the one before and a constant: rounded down, which is up after
/// inversion.
KEYTONE_INLINE Codes inverted_codes(Magnitudes a, Magnitudes b) {
    const Codes lower_half = packed(a, b);
    // From code 79 on, 64 codes further, everything is 16 times as far apart.
    const auto is_upper = lower_half == 255;
    const Codes units = ~(is_upper ? packed(a >> 4, b >> 4) : lower_half);
    const Codes twos = mean(units, 255 - 32);
    const Codes fours = mean(twos, 255 - 48);
    const Codes eights = mean(fours, 255 - 64);
    return max(max(units, twos), max(fours, eights)) - (reinterpret_cast<Codes>(is_upper) & 64);
}

/// The first bit is set where a sample is negative.
KEYTONE_INLINE Codes signs(Magnitudes a, Magnitudes b) {
    return packed(a >> 8, b >> 8) & 0x80;
}

// Table 2a/G.711, on 14 bits: with 33 added, the segments begin at powers of two, and the curve is that from
// code 16 on.
KEYTONE_INLINE Magnitudes ulaw_magnitude(Magnitudes linear) {
    const auto magnitude = reinterpret_cast<Magnitudes>(
        max(reinterpret_cast<Samples>(linear), reinterpret_cast<Samples>(-linear)));
    return (magnitude + (33 << 2)) >> 3;
}
KEYTONE_INLINE void ulaw_codes(const std::int16_t* linear, std::uint8_t* codes) {
    const auto a = load<Magnitudes>(linear);
    const auto b = load<Magnitudes>(linear + samples_at_once);
    const Codes inverted = inverted_codes(ulaw_magnitude(a), ulaw_magnitude(b)) + 16;
    store(in_order(inverted ^ signs(a, b)), codes);
}

// Table 1a/G.711, on 12 bits: the first two segments have the same steps.
KEYTONE_INLINE Magnitudes alaw_magnitude(Magnitudes linear) {
    return reinterpret_cast<Magnitudes>(
               max(reinterpret_cast<Samples>(linear), reinterpret_cast<Samples>(~linear))) >>
           4;
}
KEYTONE_INLINE void alaw_codes(const std::int16_t* linear, std::uint8_t* codes) {
    const auto a = load<Magnitudes>(linear);
    const auto b = load<Magnitudes>(linear + samples_at_once);
    const Codes inverted = inverted_codes(alaw_magnitude(a), alaw_magnitude(b));
    store(in_order(inverted ^ signs(a, b) ^ (0x7f ^ 0x55)), codes);
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
    const Codes inverted = in_order(~load<Codes>(codes));
    write_middles(inverted, power(inverted >> 4), Codes{} + 33, linear);
}

KEYTONE_INLINE void alaw_samples(const std::uint8_t* codes, std::int16_t* linear) {
    const Codes plain = in_order(load<Codes>(codes) ^ (0x80 ^ 0x55));
    const Codes powers = power(plain >> 4);
    // The first segment has the steps of the second, without the leading bit.
    const auto is_first = reinterpret_cast<Codes>(powers == 1);
    write_middles(plain, powers - is_first, is_first & (2 * 32), linear);
}

template <auto convert, class From, class To>
KEYTONE_INLINE void convert_all(const From* from, int count, To* to) {
    int n = 0;
    for (; n + codes_at_once <= count; n += codes_at_once) {
        convert(from + n, to + n);
    }
    if (n < count) {
        const auto left = static_cast<std::size_t>(count - n);
        From last_from[codes_at_once]{};
        To last_to[codes_at_once];
        __builtin_memcpy(last_from, from + n, left * sizeof *from);
        convert(last_from, last_to);
        __builtin_memcpy(to + n, last_to, left * sizeof *to);
    }
}

void ulaw_encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    convert_all<ulaw_codes>(linear, count, codes);
}
void alaw_encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    convert_all<alaw_codes>(linear, count, codes);
}
void ulaw_decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    convert_all<ulaw_samples>(codes, count, linear);
}
void alaw_decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    convert_all<alaw_samples>(codes, count, linear);
}

} // namespace

extern const StreamKernels KEYTONE_STREAM_SET;
const StreamKernels KEYTONE_STREAM_SET{add_sines,   add_sines_pcm16, shape,       to_pcm16,
                                       ulaw_encode, alaw_encode,     ulaw_decode, alaw_decode};

} // namespace keytone::simd
