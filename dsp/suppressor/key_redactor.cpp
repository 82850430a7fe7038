// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_redactor.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace keytone {

namespace {

DtmfLimits limits_beside(DtmfLimits limits) {
    limits.min_snr_over_voice = std::min(limits.min_snr_over_voice, KeyRedactor::snr_over_voice_beside);
    return limits;
}

bool is_near(const KeySpan& key, const KeySpan& span, SampleCount within) {
    return !key.is_empty() && key.begin <= span.begin + within && key.end >= span.begin - within;
}

/// Both tones', in decibels.
std::pair<double, double> levels_apart(const KeySpan& one, const KeySpan& other) {
    return {std::abs((one.low_level - other.low_level).value),
            std::abs((one.high_level - other.high_level).value)};
}

} // namespace

KeyRedactor::KeyRedactor(SampleRate rate, const DtmfLimits& limits)
    : delay_(rate.samples(stage_delay)),
      guess_delay_(rate.samples(guess_delay)),
      beside_(rate.samples(beside)),
      guess_beside_(rate.samples(guess_beside)),
      stages_(stages - 1, Stage{KeySpans(rate, limits)}),
      guesses_(rate) {
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
    const SampleCount delay = stage + 1 < stages_.size() ? delay_ : delay_ - guess_delay_;
    if (std::ssize(at.waiting) > delay) {
        pass_on(stage, at.waiting.size() - static_cast<std::size_t>(delay));
    }
}

void KeyRedactor::pass_on(std::size_t stage, std::size_t count) {
    Stage& at = stages_[stage];
    const auto settled = std::span(at.waiting).first(count);
    at.keys.silence(at.first, settled);
    if (stage + 1 < stages_.size()) {
        hear(stage + 1, settled);
    } else {
        guesses_.hear(settled, [this](const KeySpan& guess) { guessed_.push_back(guess); });
        settle(at.first + static_cast<SampleCount>(count) - guess_delay_);
    }
    at.first += static_cast<SampleCount>(count);
    at.waiting.erase(at.waiting.begin(), at.waiting.begin() + static_cast<std::ptrdiff_t>(count));
}

// Of what the last hearing found from settled() to before `until`, and of the guesses, keeps what is beside a
// key.
void KeyRedactor::settle(SampleIndex until) {
    const auto is_due = [&](const KeySpan& span) { return span.begin >= settled_ && span.begin < until; };
    stages_.back().keys.forget_unless(
        [&](const KeySpan& span) { return !is_due(span) || is_beside_a_key(span); });
    std::erase_if(guessed_, [&](const KeySpan& span) { return is_due(span) && !is_guess_of_a_key(span); });
    settled_ = std::max(settled_, until);
    std::erase_if(past_, [&](const KeySpan& span) { return span.end < until - guess_beside_; });
}

bool KeyRedactor::any_key(FunctionRef<bool(const KeySpan&)> is_asked) const {
    return std::ranges::any_of(past_, is_asked) ||
           std::any_of(stages_.begin(), stages_.end() - 1,
                       [&](const Stage& stage) { return std::ranges::any_of(stage.keys.spans(), is_asked); });
}

bool KeyRedactor::is_beside_a_key(const KeySpan& span) const {
    return any_key([&](const KeySpan& key) {
        const auto [low, high] = levels_apart(key, span);
        return is_near(key, span, beside_) && low <= as_loud.value && high <= as_loud.value;
    });
}

bool KeyRedactor::is_guess_of_a_key(const KeySpan& span) const {
    return any_key([&](const KeySpan& key) {
        const auto [low, high] = levels_apart(key, span);
        return is_near(key, span, guess_beside_) && std::hypot(low, high) <= guess_as_loud.value;
    });
}

void KeyRedactor::finish() {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
        stages_[stage].keys.finish();
        pass_on(stage, stages_[stage].waiting.size());
    }
    guesses_.finish([this](const KeySpan& guess) { guessed_.push_back(guess); });
    settle(stages_.back().first);
}

void KeyRedactor::for_each(FunctionRef<void(const KeySpan&)> sink) const {
    for (const Stage& stage : stages_) {
        for (const KeySpan& span : stage.keys.spans()) {
            if (!span.is_empty()) {
                sink(span);
            }
        }
    }
    std::ranges::for_each(guessed_, sink);
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
    std::erase_if(guessed_, [&](const KeySpan& span) {
        if (span.end > sample) {
            return false;
        }
        sink(span);
        return true;
    });
}

} // namespace keytone
