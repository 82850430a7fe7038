// SPDX-License-Identifier: MIT
#include "dsp/envelope.hpp"

#include "dsp/sine.hpp"

#include <algorithm>

namespace keytone {

namespace {

constexpr std::uint64_t quarter_turn = std::uint64_t{1} << 62U;

} // namespace

Envelope::Envelope(SampleCount length, SampleCount edge) noexcept
    : length_(std::max<SampleCount>(length, 0)), edge_(std::clamp<SampleCount>(edge, 0, length_ / 2)) {
    if (edge_ > 0) {
        half_step_ = quarter_turn / (2 * static_cast<std::uint64_t>(edge_));
    }
}

float Envelope::gain(SampleIndex index) const noexcept {
    if (index < 0 || index >= length_) {
        return 0.0F;
    }
    const SampleIndex from_nearer_end = std::min(index, length_ - 1 - index);
    return from_nearer_end < edge_ ? edge_gain(from_nearer_end) : 1.0F;
}

void Envelope::apply(std::span<float> samples, SampleIndex first) const noexcept {
    const SampleIndex end = first + static_cast<SampleCount>(samples.size());
    for (SampleIndex i = first; i < std::min(end, edge_); ++i) {
        samples[static_cast<std::size_t>(i - first)] *= edge_gain(i);
    }
    for (SampleIndex i = std::max(first, length_ - edge_); i < end; ++i) {
        samples[static_cast<std::size_t>(i - first)] *= edge_gain(length_ - 1 - i);
    }
}

float Envelope::edge_gain(SampleIndex index) const noexcept {
    // sin^2(x) = (1 - cos(2x)) / 2. Taken in the middle of each sample, so that rise and fall mirror each
    // other.
    const float s = sine_of_phase((2 * static_cast<std::uint64_t>(index) + 1) * half_step_);
    return s * s;
}

} // namespace keytone
