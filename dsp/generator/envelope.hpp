// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// Raised-cosine rise and fall of a tone, so that switching it does not click:
///
///     gain  0 ..rise.. 1 1 1 1 1 1 ..fall.. 0
///           |< edge >|            |< edge >|
///           |<------------ length ------->|
///
/// The fall is the mirror of the rise, and half-way up an edge the gain is one half.
class Envelope {
  public:
    /// Both in samples, 0 or more. An edge longer than half the length is shortened to that. `[any]`
    Envelope(SampleCount length, SampleCount edge) noexcept;

    /// Gain of sample `index`: 0 outside the tone. `[audio]`
    [[nodiscard]] float gain(SampleIndex index) const noexcept;
    /// Scales `samples`, the first of which is sample `first` of the tone; all lie within it. `[audio]`
    void apply(std::span<float> samples, SampleIndex first) const noexcept;

    /// In samples. `[any]`
    [[nodiscard]] SampleCount length() const noexcept { return length_; }
    /// In samples, at most half the length. `[any]`
    [[nodiscard]] SampleCount edge() const noexcept { return edge_; }

  private:
    [[nodiscard]] std::uint64_t phase(SampleIndex from_nearer_end) const noexcept;

    SampleCount length_;
    SampleCount edge_;
    std::uint64_t half_step_ = 0; ///< Phase of half a sample: an edge is a quarter turn of a sine, squared.
};

} // namespace keytone
