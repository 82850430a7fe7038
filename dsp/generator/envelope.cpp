// SPDX-License-Identifier: MIT
#include "dsp/generator/envelope.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/simd/stream_kernels.hpp"

#include <algorithm>

namespace keytone {

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
    if (from_nearer_end >= edge_) {
        return 1.0F;
    }
    // sin^2(x) = (1 - cos(2x)) / 2.
    const float root = sine_of_phase(phase(from_nearer_end));
    return root * root;
}

void Envelope::apply(std::span<float> samples, SampleIndex first) const noexcept {
    const SampleIndex end = first + std::ssize(samples);
    const auto shape = [&](SampleIndex from, SampleIndex to, SampleIndex from_nearer_end,
                           std::uint64_t step) {
        if (from < to) {
            simd::stream_kernels().shape(phase(from_nearer_end), step, static_cast<int>(to - from),
                                         samples.data() + (from - first));
        }
    };
    shape(first, std::min(end, edge_), first, 2 * half_step_);
    const SampleIndex falling = std::max(first, length_ - edge_);
    shape(falling, end, length_ - 1 - falling, 0 - 2 * half_step_);
}

std::uint64_t Envelope::phase(SampleIndex from_nearer_end) const noexcept {
    // Evaluated in the middle of each sample, so that rise and fall mirror each other.
    return (2 * static_cast<std::uint64_t>(from_nearer_end) + 1) * half_step_;
}

} // namespace keytone
