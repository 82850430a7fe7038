// SPDX-License-Identifier: MIT
#include "dsp/generator/envelope.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"

#include <algorithm>
#include <cstddef>

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
    while (!samples.empty()) {
        const Stretch now = stretch(first, std::ssize(samples));
        if (now.edge.step != 0) {
            simd::stream_kernels().shape(now.edge, static_cast<int>(now.length), samples.data());
        }
        samples = samples.subspan(static_cast<std::size_t>(now.length));
        first += now.length;
    }
}

} // namespace keytone
