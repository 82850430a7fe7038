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

/// The two sines of a key, both from phase 0 on. Each sample depends on its index alone: the phase is an
/// integer that wraps with the turn, so it neither drifts nor depends on how the stream is cut. Within 1e-5
/// rad of the exact phase after 24 h at 192 kHz, and within 1e-6 of full scale.
class KeySines {
  public:
    /// Peaks refer to full scale 1. `[any]`
    KeySines(Key key, SampleRate rate, float low_peak, float high_peak) noexcept;

    /// Writes samples `first` and following, full scale being 1. `[audio]`
    void generate(SampleIndex first, std::span<float> out) const noexcept KEYTONE_NONBLOCKING;
    /// The same as 16-bit samples: to the nearest; what lies beyond full scale is cut. `[audio]`
    void generate(SampleIndex first, std::span<std::int16_t> out) const noexcept KEYTONE_NONBLOCKING;

  private:
    simd::SinePair sines_;
};

} // namespace keytone
