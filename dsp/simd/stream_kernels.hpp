// SPDX-License-Identifier: MIT
//
// The inner loops that every sample of a line goes through: tones out, and G.711 both ways. Compiled in the
// same way as dsp/simd/detector_kernels.hpp.
#pragma once

#include <atomic>
#include <cstdint>

namespace keytone::simd {

/// The first samples of a cosine and a sine that begin at phase 0.
struct alignas(64) SineBlock {
    static constexpr int size = 1024;
    float cos[size];
    float sin[size];
};

/// Two sines that begin at phase 0. A step is the phase advance of a sample; 2^64 is a turn.
struct SinePair {
    const SineBlock* low;
    const SineBlock* high;
    std::uint64_t low_step;
    std::uint64_t high_step;
    float low_peak;
    float high_peak;
};

/// The edge of a tone, sample by sample: the gain is the squared sine of a phase that starts at `phase` and
/// advances by `step`; 2^64 is a turn.
struct GainEdge {
    std::uint64_t phase;
    std::uint64_t step;
};

struct StreamKernels {
    /// Adds both sines from sample `first` on. Each sample is computed in the same way, whatever was before
    /// it.
    void (*add_sines)(const SinePair& pair, std::uint64_t first, int count, float* out);
    /// The same for a full scale of 32768: rounded to the nearest, and clipped.
    void (*add_sines_pcm16)(const SinePair& pair, std::uint64_t first, int count, std::int16_t* out);
    /// The same, scaled by an edge before it is rounded.
    void (*add_edge_pcm16)(const SinePair& pair, std::uint64_t first, const GainEdge& edge, int count,
                           std::int16_t* out);
    /// Scales samples by an edge.
    void (*shape)(const GainEdge& edge, int count, float* samples);
    /// Converts from full scale 1 to full scale 32768: rounded to the nearest, and clipped.
    void (*to_pcm16)(const float* samples, int count, std::int16_t* out);
    void (*ulaw_encode)(const std::int16_t* linear, int count, std::uint8_t* codes);
    void (*alaw_encode)(const std::int16_t* linear, int count, std::uint8_t* codes);
    void (*ulaw_decode)(const std::uint8_t* codes, int count, std::int16_t* linear);
    void (*alaw_decode)(const std::uint8_t* codes, int count, std::int16_t* linear);
};

/// Those in use: set when the program starts, by use_instruction_set().
extern std::atomic<const StreamKernels*> stream_kernels_in_use;

/// The kernels of the instruction set in use. `[any]`
inline const StreamKernels& stream_kernels() noexcept {
    return *stream_kernels_in_use.load(std::memory_order_relaxed);
}

} // namespace keytone::simd
