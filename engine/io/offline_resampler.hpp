// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace keytone::io {

/// Brings one channel from a rate to another by libsamplerate's medium sinc converter, away from the audio
/// thread. The first sample out stands for the instant of the first one in; `n` samples become n · to / from,
/// to the nearest. The same samples added give the same result, however they are cut into pieces of one
/// caller. Equal rates pass the samples through.
class OfflineResampler {
  public:
    /// Rates in Hz, their ratio within 1/256 to 256. `[control]`
    OfflineResampler(int from_hz, int to_hz);
    OfflineResampler(OfflineResampler&&) noexcept;
    OfflineResampler& operator=(OfflineResampler&&) noexcept;
    ~OfflineResampler();

    /// Appends samples, full scale being 1. `[control]`
    void add(std::span<const float> samples);
    /// What is done so far and was not taken yet, full scale being 1. `[control]`
    std::vector<float> take();
    /// The rest of the result, all of it where nothing was taken; nothing can be added behind it. `[control]`
    std::vector<float> finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// To 16 bits, rounded to the nearest and clamped. `[control]`
std::vector<std::int16_t> to_pcm16(std::span<const float> samples);
/// To floating point, full scale being 1. `[control]`
std::vector<float> from_pcm16(std::span<const std::int16_t> samples);

} // namespace keytone::io
