// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace keytone::io {

/// Converts one channel from one rate to another by libsamplerate's medium sinc converter, off the audio
/// thread. The first output sample stands for the instant of the first input sample; `n` samples become n ·
/// to / from, to the nearest. The same samples give the same result, however they are cut into calls. Equal
/// rates pass the samples through unchanged.
class OfflineResampler {
  public:
    /// Rates in Hz, their ratio within 1/256 to 256. `[control]`
    OfflineResampler(int from_hz, int to_hz);
    OfflineResampler(OfflineResampler&&) noexcept;
    OfflineResampler& operator=(OfflineResampler&&) noexcept;
    ~OfflineResampler();

    /// Appends samples, full scale being 1. `[control]`
    void add(std::span<const float> samples);
    /// The output that is ready and has not been taken yet, full scale being 1. `[control]`
    std::vector<float> take();
    /// The rest of the output: all of it where nothing was taken. Nothing can be added after it. `[control]`
    std::vector<float> finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// To 16 bits, rounded to the nearest and clipped. `[control]`
std::vector<std::int16_t> to_pcm16(std::span<const float> samples);
/// To floating point, full scale being 1. `[control]`
std::vector<float> from_pcm16(std::span<const std::int16_t> samples);

} // namespace keytone::io
