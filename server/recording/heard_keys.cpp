// SPDX-License-Identifier: MIT
#include "server/recording/heard_keys.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace keytone::server {

void HeardKeys::hear(const RecordedBlock& block) {
    constexpr std::array<std::int16_t, 160> silence{};
    if (!first_) {
        first_ = block.begin;
        next_ = block.begin;
    }
    while (next_ < block.begin) {
        const auto lost = std::min<SampleCount>(block.begin - next_, std::ssize(silence));
        redactor_.hear(std::span(silence).first(static_cast<std::size_t>(lost)));
        next_ += lost;
    }
    redactor_.hear(block.heard);
    next_ += std::ssize(block.heard);
}

void HeardKeys::finish() {
    if (!is_over_) {
        redactor_.finish();
    }
    is_over_ = true;
}

SampleIndex HeardKeys::settled() const {
    return is_over_ ? std::numeric_limits<SampleIndex>::max() : first_.value_or(0) + redactor_.settled();
}

void HeardKeys::silence(SampleIndex begin, std::span<std::int16_t> frames) const {
    const SampleIndex from = begin - first_.value_or(0);
    const SampleIndex until = from + std::ssize(frames) / 2;
    const std::int32_t fade = redactor_.fade_samples();
    redactor_.for_each([&](const KeySpan& span) {
        for (SampleIndex at = std::max(from, span.begin); at < std::min(until, span.end); ++at) {
            std::int16_t& sample = frames[2 * static_cast<std::size_t>(at - from)];
            sample = static_cast<std::int16_t>(sample * span.left(at, fade) / (fade + 1));
        }
    });
}

void HeardKeys::forget_before(SampleIndex sample) {
    redactor_.forget_before(sample - first_.value_or(0), [](const KeySpan& /*span*/) {});
}

} // namespace keytone::server
