// SPDX-License-Identifier: MIT
//
// The inner loops through which every sample of a line goes: tones out, and G.711 both ways. Compiled like
// dsp/simd/detector_kernels.hpp.
#pragma once

#include <cstdint>

namespace keytone::simd {

/// A sine's cosine and sine at the first samples from phase 0 on.
struct alignas(64) SineBlock {
    static constexpr int size = 1024;
    float cos[size];
    float sin[size];
};

/// Two sines from phase 0 on. A step is the phase's advance in a sample, 2^64 being a turn.
struct SinePair {
    const SineBlock* low;
    const SineBlock* high;
    std::uint64_t low_step;
    std::uint64_t high_step;
    float low_peak;
    float high_peak;
};

struct StreamKernels {
    /// Samples `first` and following. Each is made in one way only, whatever came before it.
    void (*add_sines)(const SinePair& pair, std::uint64_t first, int count, float* out);
    /// The same, full scale being 32768: rounded to the nearest, and cut.
    void (*add_sines_pcm16)(const SinePair& pair, std::uint64_t first, int count, std::int16_t* out);
    /// Scales samples by the squared sine of a phase that advances by `step`, 2^64 being a turn.
    void (*shape)(std::uint64_t first, std::uint64_t step, int count, float* samples);
    /// Rounds to the nearest, and cuts; full scale is 1, and then 32768.
    void (*to_pcm16)(const float* samples, int count, std::int16_t* out);
    void (*ulaw_encode)(const std::int16_t* linear, int count, std::uint8_t* codes);
    void (*alaw_encode)(const std::int16_t* linear, int count, std::uint8_t* codes);
    void (*ulaw_decode)(const std::uint8_t* codes, int count, std::int16_t* linear);
    void (*alaw_decode)(const std::uint8_t* codes, int count, std::int16_t* linear);
};

/// Those of the instruction set in use. `[any]`
const StreamKernels& stream_kernels() noexcept;

} // namespace keytone::simd
