// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_STREAM_SET being its name.
#include "dsp/simd/stream_kernels.hpp"

#include "dsp/simd/vectors.hpp"

namespace keytone::simd {

namespace {

using Byte8 [[gnu::vector_size(8)]] = std::uint8_t;

// Both sines from some sample of the first block on, whose phase is 0.
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

// The same of a later block. From any phase on, a sine is its table's two, weighted.
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
    float weights_[4]; // of these four
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

/// To the nearest, the even one where two are; cut to 16 bits.
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

/// Blocks stand on a grid of their own, from sample 0 on.
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
        // Their upper halves.
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

/// Floats as they stand.
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

KEYTONE_INLINE Int8 widen(Short8 x) {
#if defined(__AVX2__)
    return reinterpret_cast<Int8>(_mm256_cvtepi16_epi32(reinterpret_cast<__m128i>(x)));
#else
    return __builtin_convertvector(x, Int8);
#endif
}
KEYTONE_INLINE Int8 widen(Byte8 x) {
#if defined(__AVX2__)
    return reinterpret_cast<Int8>(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128(reinterpret_cast<long long>(x))));
#else
    return __builtin_convertvector(x, Int8);
#endif
}
KEYTONE_INLINE Byte8 narrow(Int8 x) {
#if defined(__AVX2__)
    const auto wide = reinterpret_cast<__m256i>(x & 0xff);
    const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
    return reinterpret_cast<Byte8>(_mm_cvtsi128_si64(_mm_packus_epi16(words, words)));
#else
    return __builtin_convertvector(x, Byte8);
#endif
}

// G.711's segments are the exponents of a floating-point number, its steps the first four bits behind the
// leading one. So a float's own bits, shifted, are segment and step.
constexpr int step_bits = 4;
constexpr int mantissa_bits = 23;
constexpr int exponent_bias = 127;

KEYTONE_INLINE Int8 segment_and_step(Int8 magnitude, int first_exponent) {
    const auto bits = reinterpret_cast<Int8>(to_float(magnitude));
    return (bits >> (mantissa_bits - step_bits)) - ((exponent_bias + first_exponent) << step_bits);
}

// The middle of the step: (32 + 2 step + 1) 2^segment.
KEYTONE_INLINE Int8 middle(Int8 segment_and_step) {
    constexpr int half_step = 1 << (mantissa_bits - step_bits - 1);
    const Int8 bits =
        ((segment_and_step + ((exponent_bias + 5) << step_bits)) << (mantissa_bits - step_bits)) + half_step;
    return __builtin_convertvector(reinterpret_cast<Float8>(bits), Int8);
}

// Table 2a/G.711: 14 bits, with 33 added powers of two begin the segments.
KEYTONE_INLINE Byte8 ulaw_code(Int8 linear) {
    const Int8 is_negative = linear < 0;
    const Int8 magnitude = (is_negative ? -linear : linear) >> 2;
    const Int8 biased = (magnitude > 8158 ? Int8{} + 8158 : magnitude) + 33;
    return narrow(~(segment_and_step(biased, 5) | (is_negative & 0x80)));
}

KEYTONE_INLINE Short8 ulaw_sample(Byte8 code) {
    const Int8 inverted = ~widen(code);
    const Int8 magnitude = 4 * (middle(inverted & 0x7f) - 33);
    return __builtin_convertvector((inverted & 0x80) != 0 ? -magnitude : magnitude, Short8);
}

// Table 1a/G.711: 12 bits; the first two segments have the same steps.
KEYTONE_INLINE Byte8 alaw_code(Int8 linear) {
    const Int8 is_negative = linear < 0;
    const Int8 magnitude = (is_negative ? ~linear : linear) >> 4;
    const Int8 plain = magnitude < 16 ? magnitude : segment_and_step(magnitude, 3);
    return narrow((plain | (~is_negative & 0x80)) ^ 0x55);
}

KEYTONE_INLINE Short8 alaw_sample(Byte8 code) {
    const Int8 plain = widen(code) ^ 0x55;
    const Int8 segment_and_step = plain & 0x7f;
    const Int8 is_first = segment_and_step < 16;
    const Int8 lifted = is_first ? segment_and_step : segment_and_step - 16;
    const Int8 magnitude = 8 * (middle(lifted) - (is_first & 32));
    return __builtin_convertvector((plain & 0x80) != 0 ? magnitude : -magnitude, Short8);
}

template <Byte8 (*code)(Int8)>
KEYTONE_INLINE void encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    int n = 0;
    for (; n + 8 <= count; n += 8) {
        store(code(widen(load<Short8>(linear + n))), codes + n);
    }
    if (n < count) {
        std::int16_t left[8]{};
        __builtin_memcpy(left, linear + n, static_cast<std::size_t>(count - n) * sizeof *linear);
        const Byte8 last = code(widen(load<Short8>(left)));
        __builtin_memcpy(codes + n, &last, static_cast<std::size_t>(count - n));
    }
}

template <Short8 (*sample)(Byte8)>
KEYTONE_INLINE void decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    int n = 0;
    for (; n + 8 <= count; n += 8) {
        store(sample(load<Byte8>(codes + n)), linear + n);
    }
    if (n < count) {
        std::uint8_t left[8]{};
        __builtin_memcpy(left, codes + n, static_cast<std::size_t>(count - n));
        const Short8 last = sample(load<Byte8>(left));
        __builtin_memcpy(linear + n, &last, static_cast<std::size_t>(count - n) * sizeof *linear);
    }
}

void ulaw_encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    encode<ulaw_code>(linear, count, codes);
}
void alaw_encode(const std::int16_t* linear, int count, std::uint8_t* codes) {
    encode<alaw_code>(linear, count, codes);
}
void ulaw_decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    decode<ulaw_sample>(codes, count, linear);
}
void alaw_decode(const std::uint8_t* codes, int count, std::int16_t* linear) {
    decode<alaw_sample>(codes, count, linear);
}

} // namespace

extern const StreamKernels KEYTONE_STREAM_SET;
const StreamKernels KEYTONE_STREAM_SET{add_sines,   add_sines_pcm16, shape,       to_pcm16,
                                       ulaw_encode, alaw_encode,     ulaw_decode, alaw_decode};

} // namespace keytone::simd
