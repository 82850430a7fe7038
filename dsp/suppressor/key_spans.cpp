// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_spans.hpp"

#include "dsp/detector/sub_block.hpp"

#include <algorithm>

namespace keytone {

namespace {

// A span's edge is this much further inside the key for each part of other sound over the tones.
constexpr Milliseconds edge_for_rest{4};
// Sooner or later than the detector says by less than this is not believed: it would lie outside of the key.
constexpr Milliseconds surely_other{10};
constexpr Milliseconds second_look{100};

} // namespace

DtmfLimits suppression_limits() {
    DtmfLimits limits;
    limits.max_high_over_low = 12_dB;
    limits.max_low_over_high = 12_dB;
    limits.max_tone_rejected = 15_ms;
    limits.max_echo_delay = 0_ms; // an echo, and what is left of a key, can be read too
    limits.min_snr_in_white_noise = Decibels{-6};
    limits.min_snr_in_coloured_noise = Decibels{-6};
    limits.min_snr_over_voice = 8_dB;
    limits.free_frequency_deviation_percent = 1.5;
    limits.sensitivity = Sensitivity::sensitive;
    return limits;
}

KeySpans::KeySpans(SampleRate rate, const DtmfLimits& limits, Milliseconds shortest)
    : detector_(rate, limits),
      rate_(rate),
      edges_(rate),
      fade_(static_cast<std::int32_t>(rate.samples(fade))),
      shortest_(rate.samples(shortest)) {}

void KeySpans::reset() noexcept {
    detector_.reset();
    edges_.reset();
    begin_ = 0;
    last_ = {};
    count_ = 0;
}

void KeySpans::hear(std::span<const std::int16_t> samples) noexcept {
    // At 8 kHz the detector reports at the ends of its sub-blocks, and the edges are found in all until
    // there; at other rates in the pieces before, wherever the stream is cut.
    const bool at_ends = rate_ == SampleRate::narrowband();
    const SampleCount piece = at_ends ? sub_block_samples : edges_.piece();
    while (!samples.empty()) {
        const auto length =
            static_cast<std::size_t>(std::min(std::ssize(samples), piece - position() % piece));
        const auto part = samples.first(length);
        if (at_ends) {
            edges_.hear(part);
        }
        detector_.process(part, [this](const DtmfReport& report) { take(report); });
        if (!at_ends) {
            edges_.hear(part);
        }
        samples = samples.subspan(length);
        if (position() - last_.about >= rate_.samples(second_look)) {
            look_again();
        }
    }
}

void KeySpans::hear_lost(SampleCount count) noexcept {
    edges_.hear_silence(count);
    detector_.process_lost(count, [this](const DtmfReport& report) { take(report); });
}

// Behind the stream it is quiet.
void KeySpans::finish() noexcept {
    detector_.finish([this](const DtmfReport& report) { take(report); });
}

// Codecs and speech put the measured frequencies off, by up to 3 %: the key's own may explain more.
KeyEdges::Edge KeySpans::end_of(Key key) const noexcept {
    const auto measured = edges_.end(last_.key, last_.about, last_.low, last_.high);
    const auto nominal = edges_.end(last_.key, last_.about, key.low(), key.high());
    return nominal.rest < measured.rest ? nominal : measured;
}

Milliseconds KeySpans::margin(float rest) {
    return std::min(edge + edge_for_rest * static_cast<double>(rest), edge_beside_speech);
}

// A hint is not taken: over speech most of them are followed by nothing, and what was silenced for them could
// not be given back.
void KeySpans::take(const DtmfReport& report) noexcept {
    if (report.kind == DtmfReport::Kind::begin) {
        const auto found = edges_.begin(report.onset, report.low_frequency, report.high_frequency);
        const bool much_sooner = report.onset - found.at >= rate_.samples(surely_other);
        begin_ = much_sooner ? found.at : std::max(found.at, report.onset);
        add({.begin = begin_ + margin(found),
             .key = report.key,
             .low_level = report.low_level,
             .high_level = report.high_level});
    } else if (report.kind == DtmfReport::Kind::end) {
        if (KeySpan* const span = open_span(false)) {
            look_again();
            last_ = {span->begin, begin_, report.onset + report.duration, report.low_frequency,
                     report.high_frequency};
            end(*span);
        }
    }
}

void KeySpans::end(KeySpan& span) noexcept {
    const auto found = end_of(span.key);
    const bool much_later = found.at - last_.about >= rate_.samples(surely_other);
    const SampleIndex end = much_later ? found.at : std::min(found.at, last_.about);
    const bool speech = found.rest > most_rest_of_short && found.at - last_.key < shortest_;
    span.end = speech ? span.begin : std::max(end - margin(found), span.begin);
}

// Speech may have hidden a key's end. A span that is still there some time later is looked at again, with
// what was heard since.
void KeySpans::look_again() noexcept {
    if (last_.begin < 0) {
        return;
    }
    for (KeySpan& span : std::span(spans_).first(count_)) {
        if (!span.is_event && span.begin == last_.begin && span.end != KeySpan::open) {
            end(span);
        }
    }
    last_.begin = -1;
}

void KeySpans::suppress(SampleIndex begin, SampleIndex end) noexcept {
    add({.begin = begin, .end = end, .is_event = true});
}

void KeySpans::end_event(SampleIndex end) noexcept {
    if (KeySpan* const span = open_span(true)) {
        span->end = std::max(end, span->begin);
    }
}

void KeySpans::add(const KeySpan& span) noexcept {
    if (count_ == capacity) {
        std::copy(spans_.begin() + 1, spans_.end(), spans_.begin());
        --count_;
    }
    spans_[count_++] = span;
}

KeySpan* KeySpans::open_span(bool is_event) noexcept {
    for (std::size_t i = count_; i > 0; --i) {
        KeySpan& span = spans_[i - 1];
        if (span.end == KeySpan::open && span.is_event == is_event) {
            return &span;
        }
    }
    return nullptr;
}

void KeySpans::forget_before(SampleIndex sample) noexcept {
    forget_unless([sample](const KeySpan& span) { return span.end > sample; });
}

void KeySpans::forget_unless(FunctionRef<bool(const KeySpan&)> is_wanted) noexcept {
    auto* const end = std::remove_if(spans_.begin(), spans_.begin() + static_cast<std::ptrdiff_t>(count_),
                                     [&](const KeySpan& span) { return !is_wanted(span); });
    count_ = static_cast<std::size_t>(end - spans_.begin());
}

void KeySpans::silence(SampleIndex first, std::span<std::int16_t> samples) const noexcept {
    for (const KeySpan& span : spans()) {
        const SampleIndex until = std::min(first + std::ssize(samples), span.end);
        for (SampleIndex index = std::max(first, span.begin); index < until; ++index) {
            std::int16_t& sample = samples[static_cast<std::size_t>(index - first)];
            sample = static_cast<std::int16_t>(sample * span.left(index, fade_) / (fade_ + 1));
        }
    }
}

} // namespace keytone
