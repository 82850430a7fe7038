// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_STREAM_SET being its name.
#include "dsp/simd/stream_kernels.hpp"

#include "dsp/simd/g711.hpp"
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

/// Eight gains of an edge, from its sample `n` on.
KEYTONE_INLINE Float8 eight_gains(const GainEdge& edge, int n) {
    using Phase4 [[gnu::vector_size(32)]] = std::uint64_t;
    const Phase4 steps = edge.step * Phase4{0, 1, 2, 3};
    const Phase4 four = edge.phase + static_cast<std::uint64_t>(n) * edge.step + steps;
    const Phase4 next_four = four + 4 * edge.step;
    // The upper halves of the phases.
    const Float8 root = sine(__builtin_shufflevector(
        reinterpret_cast<Phase8>(four), reinterpret_cast<Phase8>(next_four), 1, 3, 5, 7, 9, 11, 13, 15));
    return root * root;
}

/// A sum of sines within an edge, whose sample 0 is the sum's.
template <class Sum>
struct Edged {
    Sum sum;
    GainEdge edge;

    [[nodiscard, gnu::always_inline]] Float8 eight(int n) const {
        return sum.eight(n) * eight_gains(edge, n);
    }
    [[nodiscard, gnu::always_inline]] float one(int n) const { return sum.one(n) * eight_gains(edge, n)[0]; }
};
template <class Sum>
Edged(Sum, GainEdge) -> Edged<Sum>;

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

/// Fewer than eight samples, from `n` on.
template <class Sum>
[[gnu::noinline]] void write_last(const Sum sum, int n, int count, std::int16_t* out) {
    float left[8]{};
    for (int i = 0; n + i < count; ++i) {
        left[i] = sum.one(n + i);
    }
    const Short8 samples = pcm16(load<Float8>(left));
    for (int i = 0; n + i < count; ++i) {
        out[n + i] = samples[i];
    }
}

template <class Sum>
KEYTONE_INLINE void write(const Sum& sum, int count, std::int16_t* out) {
    int n = 0;
    for (; n + 16 <= count; n += 16) {
        store(pcm16(sum.eight(n), sum.eight(n + 8)), out + n);
    }
    if (n + 8 <= count) {
        store(pcm16(sum.eight(n)), out + n);
        n += 8;
    }
    if (n < count) {
        write_last(sum, n, count, out);
    }
}

/// Writes samples `first` and following of a pair's sum, which `part` gets the parts of: a sum, the number of
/// samples before it, and its own. Blocks lie on a fixed grid that begins at sample 0.
template <class Part>
KEYTONE_INLINE void for_each_block(const SinePair& pair, std::uint64_t first, int count, float scale,
                                   Part part) {
    for (int before = 0; before < count;) {
        const int from = static_cast<int>(first % SineBlock::size);
        const int left = SineBlock::size - from;
        const int now = left < count - before ? left : count - before;
        if (first < SineBlock::size) {
            part(FirstSum(pair, from, scale), before, now);
        } else {
            part(LaterSum(pair, first / SineBlock::size * SineBlock::size, from, scale), before, now);
        }
        first += static_cast<std::uint64_t>(now);
        before += now;
    }
}

constexpr float full_scale = 32768.0F;

void add_sines(const SinePair& pair, std::uint64_t first, int count, float* out) {
    for_each_block(pair, first, count, 1.0F,
                   [&](const auto& sum, int before, int now) { write(sum, now, out + before); });
}

[[gnu::noinline]] void add_later_sines_pcm16(const SinePair& pair, std::uint64_t first, int count,
                                             std::int16_t* out) {
    for_each_block(pair, first, count, full_scale,
                   [&](const auto& sum, int before, int now) { write(sum, now, out + before); });
}

void add_sines_pcm16(const SinePair& pair, std::uint64_t first, int count, std::int16_t* out) {
    // Nearly all tones end in their first block: what the others need is not set up for these.
    if (first + static_cast<std::uint64_t>(count) <= SineBlock::size) {
        write(FirstSum(pair, static_cast<int>(first), full_scale), count, out);
    } else {
        add_later_sines_pcm16(pair, first, count, out);
    }
}

[[gnu::noinline]] void add_later_edge_pcm16(const SinePair& pair, std::uint64_t first, const GainEdge& edge,
                                            int count, std::int16_t* out) {
    for_each_block(pair, first, count, full_scale, [&](const auto& sum, int before, int now) {
        const GainEdge rest{edge.phase + static_cast<std::uint64_t>(before) * edge.step, edge.step};
        write(Edged{sum, rest}, now, out + before);
    });
}

void add_edge_pcm16(const SinePair& pair, std::uint64_t first, const GainEdge& edge, int count,
                    std::int16_t* out) {
    if (first + static_cast<std::uint64_t>(count) <= SineBlock::size) {
        write(Edged{FirstSum(pair, static_cast<int>(first), full_scale), edge}, count, out);
    } else {
        add_later_edge_pcm16(pair, first, edge, count, out);
    }
}

void shape(const GainEdge& edge, int count, float* samples) {
    for (int n = 0; n < count; n += 8) {
        const Float8 gain = eight_gains(edge, n);
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

} // namespace

extern const StreamKernels KEYTONE_STREAM_SET;
const StreamKernels KEYTONE_STREAM_SET{
    add_sines,         add_sines_pcm16,   add_edge_pcm16,   shape, to_pcm16, g711::ulaw_encode,
    g711::alaw_encode, g711::ulaw_decode, g711::alaw_decode};

} // namespace keytone::simd
