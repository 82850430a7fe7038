// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/simd/stream_kernels.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// The two sines of a key, both beginning at phase 0. Each sample depends on its index alone: the phase is an
/// integer that wraps at a turn, so it neither drifts nor depends on how the stream is cut. After 24 h at 192
/// kHz it is within 1e-5 rad of the exact phase, and the samples within 1e-6 of full scale.
class KeySines {
  public:
    /// Peaks refer to full scale 1. `[any]`
    KeySines(Key key, SampleRate rate, float low_peak, float high_peak) noexcept;

    /// Writes samples `first` and following, full scale being 1. `[audio]`
    void generate(SampleIndex first, std::span<float> out) const noexcept KEYTONE_NONBLOCKING {
        simd::stream_kernels().add_sines(sines_, static_cast<std::uint64_t>(first),
                                         static_cast<int>(out.size()), out.data());
    }
    /// The same as 16-bit samples, rounded to the nearest; clipped at full scale. `[audio]`
    void generate(SampleIndex first, std::span<std::int16_t> out) const noexcept KEYTONE_NONBLOCKING {
        simd::stream_kernels().add_sines_pcm16(sines_, static_cast<std::uint64_t>(first),
                                               static_cast<int>(out.size()), out.data());
    }
    /// The same, scaled by an edge before it is rounded. `[audio]`
    void generate(SampleIndex first, std::span<std::int16_t> out,
                  const simd::GainEdge& edge) const noexcept KEYTONE_NONBLOCKING {
        simd::stream_kernels().add_edge_pcm16(sines_, static_cast<std::uint64_t>(first), edge,
                                              static_cast<int>(out.size()), out.data());
    }

  private:
    simd::SinePair sines_;
};

} // namespace keytone
