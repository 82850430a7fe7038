// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/simd/stream_kernels.hpp"
#include "dsp/units.hpp"

#include <algorithm>
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

    /// Samples one after another that are all of one edge, or all between the edges, where the gain is 1.
    struct Stretch {
        SampleCount length;
        simd::GainEdge edge; ///< Its step is 0 between the edges.
    };

    /// Gain of sample `index`: 0 outside the tone. `[audio]`
    [[nodiscard]] float gain(SampleIndex index) const noexcept;
    /// Scales `samples`, the first of which is sample `first` of the tone; all lie within it. `[audio]`
    void apply(std::span<float> samples, SampleIndex first) const noexcept;

    /// Whether `count` samples from `first` of the tone on all lie between the edges. `[audio]`
    [[nodiscard]] bool is_between_edges(SampleIndex first, SampleCount count) const noexcept {
        return first >= edge_ && first + count <= length_ - edge_;
    }
    /// The stretch that begins at sample `first` of the tone; no longer than `most`. `[audio]`
    [[nodiscard]] Stretch stretch(SampleIndex first, SampleCount most) const noexcept {
        if (first < edge_) {
            return {std::min(most, edge_ - first), {phase(first), 2 * half_step_}};
        }
        const SampleIndex falling = length_ - edge_;
        if (first < falling) {
            return {std::min(most, falling - first), {}};
        }
        return {most, {phase(length_ - 1 - first), 0 - 2 * half_step_}};
    }

    /// In samples. `[any]`
    [[nodiscard]] SampleCount length() const noexcept { return length_; }
    /// In samples, at most half the length. `[any]`
    [[nodiscard]] SampleCount edge() const noexcept { return edge_; }

  private:
    /// Evaluated in the middle of each sample, so that rise and fall mirror each other.
    [[nodiscard]] std::uint64_t phase(SampleIndex from_nearer_end) const noexcept {
        return (2 * static_cast<std::uint64_t>(from_nearer_end) + 1) * half_step_;
    }

    SampleCount length_;
    SampleCount edge_;
    std::uint64_t half_step_ = 0; ///< Phase of half a sample: an edge is a quarter turn of a sine, squared.
};

} // namespace keytone
