// SPDX-License-Identifier: MIT
#include "server/recording/sensitive_spans.hpp"

#include "dsp/sample_rate.hpp"
#include "engine/policy/call_state.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace keytone::server {

namespace {

constexpr SampleIndex unknown = std::numeric_limits<SampleIndex>::max();

SampleCount longest_echo() {
    return SampleRate::narrowband().samples(max_echo_delay);
}

// Every other sample, from `first` on, of the frames from `from` to `to`.
void clear(std::span<std::int16_t> frames, std::size_t first, SampleIndex from, SampleIndex to) {
    const auto all = static_cast<SampleIndex>(frames.size() / 2);
    for (SampleIndex frame = std::max<SampleIndex>(from, 0); frame < std::min(to, all); ++frame) {
        frames[2 * static_cast<std::size_t>(frame) + first] = 0;
    }
}

} // namespace

SilentSpan SensitiveSpans::take(const Outcome& outcome) {
    if (outcome.leg != Leg::a) {
        return {};
    }
    if (!outcome.sensitive) {
        hear_key(outcome);
        return {};
    }
    if (const auto* const planned = std::get_if<OpPlanned>(&outcome.what)) {
        plan(outcome, *planned);
    } else if (const auto* const ended = std::get_if<OpEnded>(&outcome.what)) {
        end(outcome, *ended);
    } else if (const auto* const key = std::get_if<DigitHeard>(&outcome.what)) {
        const SilentSpan span{key->begin - margin, key->end + margin, key->end + margin, {}, 0};
        spans_.push_back(span);
        return span;
    }
    return {};
}

// To the sample, as the detector errs by less than this where a key stands free. What is told of only after
// it was written was a telephone event with no tone beside it: HeardKeys knows of tones in time.
void SensitiveSpans::hear_key(const Outcome& outcome) {
    constexpr SampleCount edge = SampleRate::narrowband().samples(Milliseconds{0.8});
    const auto* const key = std::get_if<DigitHeard>(&outcome.what);
    if (!keeps_heard_keys_ && key != nullptr) {
        spans_.push_back({key->begin + edge, key->begin, key->end - edge, {}, 0});
    }
}

// Silent from where it is to begin, for as long as it may last: when it ends is known when it has ended.
void SensitiveSpans::plan(const Outcome& outcome, const OpPlanned& plan) {
    if (plan.tones.empty()) {
        return;
    }
    const SilentSpan planned{plan.tones.front().begin - margin, unknown, unknown, outcome.id, plan.op};
    const auto known = std::ranges::find_if(spans_, [&](const SilentSpan& span) {
        return span.id == outcome.id && span.op == plan.op && span.sent_end == unknown;
    });
    if (known == spans_.end()) {
        spans_.push_back(planned);
    } else {
        known->begin = planned.begin;
    }
}

void SensitiveSpans::end(const Outcome& outcome, const OpEnded& end) {
    const auto known = std::ranges::find_if(spans_, [&](const SilentSpan& span) {
        return span.id == outcome.id && span.op == end.op && span.sent_end == unknown;
    });
    if (known == spans_.end()) {
        return;
    }
    if (end.end <= end.begin) { // It never began.
        spans_.erase(known);
        return;
    }
    known->sent_end = end.end + margin;
    known->heard_end = end.end + longest_echo() + margin;
}

void SensitiveSpans::forget_before(SampleIndex sample) {
    std::erase_if(spans_, [&](const SilentSpan& span) { return span.heard_end <= sample; });
}

void SensitiveSpans::silence(SampleIndex begin, std::span<std::int16_t> frames) const {
    for (const SilentSpan& span : spans_) {
        clear(frames, 0, span.begin - begin, span.heard_end == unknown ? unknown : span.heard_end - begin);
        clear(frames, 1, span.begin - begin, span.sent_end == unknown ? unknown : span.sent_end - begin);
    }
}

} // namespace keytone::server
