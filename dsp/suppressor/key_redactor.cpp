// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_redactor.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace keytone {

namespace {

DtmfLimits limits_beside(DtmfLimits limits) {
    limits.min_snr_over_voice = std::min(limits.min_snr_over_voice, KeyRedactor::snr_over_voice_beside);
    return limits;
}

} // namespace

KeyRedactor::KeyRedactor(SampleRate rate, const DtmfLimits& limits)
    : delay_(rate.samples(stage_delay)),
      beside_(rate.samples(beside)),
      stages_(stages - 1, Stage{KeySpans(rate, limits)}) {
    stages_.push_back(Stage{KeySpans(rate, limits_beside(limits), shortest_beside)});
}

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
    } else {
        settle(at.first + static_cast<SampleCount>(count));
    }
    at.first += static_cast<SampleCount>(count);
    at.waiting.erase(at.waiting.begin(), at.waiting.begin() + static_cast<std::ptrdiff_t>(count));
}

// Of what the last hearing found from settled() to before `until`, keeps what is beside a key.
void KeyRedactor::settle(SampleIndex until) {
    stages_.back().keys.forget_unless([&](const KeySpan& span) {
        return span.begin < settled() || span.begin >= until || is_beside_a_key(span);
    });
    std::erase_if(past_, [&](const KeySpan& span) { return span.end < until - beside_; });
}

bool KeyRedactor::is_beside_a_key(const KeySpan& span) const {
    const auto is_beside = [&](const KeySpan& key) {
        const auto off = [](Dbm0 one, Dbm0 other) { return std::abs((one - other).value); };
        return !key.is_empty() && key.begin <= span.begin + beside_ && key.end >= span.begin - beside_ &&
               off(key.low_level, span.low_level) <= as_loud.value &&
               off(key.high_level, span.high_level) <= as_loud.value;
    };
    return std::ranges::any_of(past_, is_beside) ||
           std::any_of(stages_.begin(), stages_.end() - 1, [&](const Stage& stage) {
               return std::ranges::any_of(stage.keys.spans(), is_beside);
           });
}

void KeyRedactor::finish() {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
        stages_[stage].keys.finish();
        pass_on(stage, stages_[stage].waiting.size());
    }
}

void KeyRedactor::for_each(FunctionRef<void(const KeySpan&)> sink) const {
    for (const Stage& stage : stages_) {
        for (const KeySpan& span : stage.keys.spans()) {
            if (!span.is_empty()) {
                sink(span);
            }
        }
    }
}

void KeyRedactor::forget_before(SampleIndex sample, FunctionRef<void(const KeySpan&)> sink) {
    for (Stage& stage : stages_) {
        for (const KeySpan& span : stage.keys.spans()) {
            if (span.end <= sample && !span.is_empty()) {
                sink(span);
                if (&stage != &stages_.back()) {
                    past_.push_back(span);
                }
            }
        }
        stage.keys.forget_before(sample);
    }
}

} // namespace keytone
