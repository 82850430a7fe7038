// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_redactor.hpp"

#include <algorithm>
#include <iterator>

namespace keytone {

KeyRedactor::KeyRedactor(SampleRate rate, const DtmfLimits& limits)
    : delay_(rate.samples(stage_delay)), stages_(stages, Stage{KeySpans(rate, limits)}) {}

void KeyRedactor::hear(std::span<const std::int16_t> samples) {
    // In pieces, so that what is known when does not depend on how the recording is cut.
    constexpr std::size_t piece = 256;
    while (!samples.empty()) {
        const auto part = samples.first(std::min(samples.size(), piece));
        hear(0, part);
        samples = samples.subspan(part.size());
    }
}

void KeyRedactor::hear(std::size_t stage, std::span<const std::int16_t> samples) {
    Stage& at = stages_[stage];
    at.keys.hear(samples);
    at.waiting.insert(at.waiting.end(), samples.begin(), samples.end());
    if (std::ssize(at.waiting) > delay_) {
        pass_on(stage, at.waiting.size() - static_cast<std::size_t>(delay_));
    }
}

void KeyRedactor::pass_on(std::size_t stage, std::size_t count) {
    Stage& at = stages_[stage];
    const auto settled = std::span(at.waiting).first(count);
    at.keys.silence(at.first, settled);
    if (stage + 1 < stages_.size()) {
        hear(stage + 1, settled);
    }
    at.first += static_cast<SampleCount>(count);
    at.waiting.erase(at.waiting.begin(), at.waiting.begin() + static_cast<std::ptrdiff_t>(count));
}

void KeyRedactor::finish() {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
        stages_[stage].keys.finish();
        pass_on(stage, stages_[stage].waiting.size());
    }
}

void KeyRedactor::for_each(FunctionRef<void(const KeySpan&)> sink) const {
    for (const Stage& stage : stages_) {
        std::ranges::for_each(stage.keys.spans(), sink);
    }
}

void KeyRedactor::forget_before(SampleIndex sample, FunctionRef<void(const KeySpan&)> sink) {
    for (Stage& stage : stages_) {
        for (const KeySpan& span : stage.keys.spans()) {
            if (span.end <= sample) {
                sink(span);
            }
        }
        stage.keys.forget_before(sample);
    }
}

} // namespace keytone
