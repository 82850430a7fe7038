// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_spans.hpp"

#include <algorithm>

namespace keytone {

namespace {

// Fainter than the key by this factor, 12 dB. An end of it that is, and no longer than this, is what comes
// after the key: the detector follows keys whose level falls.
constexpr std::int64_t faint = 16;
constexpr std::int64_t longest_faint_ms = 30;
// Two tones beat: only over this time is their energy about the same.
constexpr std::int64_t beat_ms = 4;

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

KeySpans::KeySpans(SampleRate rate, const DtmfLimits& limits)
    : detector_(rate, limits),
      rate_(rate),
      fade_(static_cast<std::int32_t>(rate.samples(fade))),
      millisecond_(rate.hz() / 1000) {}

void KeySpans::reset() noexcept {
    detector_.reset();
    key_energy_ = 0;
    count_ = 0;
    measured_ = 0;
    energies_.fill(0);
}

void KeySpans::hear(std::span<const std::int16_t> samples) noexcept {
    // The energies are never further ahead of the reports than they are kept.
    while (!samples.empty()) {
        const auto part = samples.first(std::min(samples.size(), static_cast<std::size_t>(8 * millisecond_)));
        measure(part);
        detector_.process(part, [this](const DtmfReport& report) { take(report); });
        samples = samples.subspan(part.size());
    }
}

void KeySpans::hear_lost(SampleCount count) noexcept {
    const SampleCount kept = std::ssize(energies_) * millisecond_;
    measure_silence(std::min(count, kept));
    measured_ += std::max<SampleCount>(count - kept, 0);
    detector_.process_lost(count, [this](const DtmfReport& report) { take(report); });
}

// Behind the stream it is quiet.
void KeySpans::finish() noexcept {
    measure_silence(2 * beat_ms * millisecond_);
    detector_.finish([this](const DtmfReport& report) { take(report); });
}

void KeySpans::measure_silence(SampleCount count) noexcept {
    constexpr std::array<std::int16_t, 192> nothing{};
    for (SampleCount left = count; left > 0; left -= std::ssize(nothing)) {
        measure(std::span(nothing).first(
            static_cast<std::size_t>(std::min<SampleCount>(left, std::ssize(nothing)))));
    }
}

void KeySpans::measure(std::span<const std::int16_t> samples) noexcept {
    for (const std::int16_t sample : samples) {
        auto& energy = energies_[static_cast<std::size_t>(measured_ / millisecond_) % energies_kept];
        energy = measured_ % millisecond_ == 0 ? 0 : energy;
        energy += std::int64_t{sample} * sample;
        ++measured_;
    }
}

// Of so many whole milliseconds before `end`.
std::int64_t KeySpans::energy_before(SampleIndex end, std::int64_t milliseconds) const noexcept {
    const std::int64_t behind = std::min(end, measured_) / millisecond_;
    std::int64_t sum = 0;
    for (std::int64_t ms = std::max<std::int64_t>(behind - milliseconds, 0); ms < behind; ++ms) {
        sum += energies_[static_cast<std::size_t>(ms) % energies_kept];
    }
    return sum;
}

// The key's end, or an earlier one where only something fainter sounds from there to the end.
SampleIndex KeySpans::without_faint_end(SampleIndex begin, SampleIndex end) const noexcept {
    const SampleIndex earliest = std::max(begin, end - longest_faint_ms * millisecond_);
    SampleIndex at = end;
    while (at > earliest && energy_before(at, beat_ms) * faint < key_energy_) {
        at -= millisecond_;
    }
    if (at <= earliest) { // a longer end is the key's
        return end;
    }
    // Some milliseconds of these may still be behind the key.
    for (int i = 1; i < beat_ms && energy_before(at, 1) * beat_ms * faint < key_energy_; ++i) {
        at -= millisecond_;
    }
    return at;
}

// How far inside the key a span's edge lies, by the energy of beat_ms outside of it.
SampleCount KeySpans::edge_beside(std::int64_t energy) const noexcept {
    return rate_.samples(energy * faint < key_energy_ ? edge : edge_beside_speech);
}

// A hint is not taken: over speech most of them are followed by nothing, and what was silenced for them could
// not be given back.
void KeySpans::take(const DtmfReport& report) noexcept {
    if (report.kind == DtmfReport::Kind::begin) {
        key_energy_ = energy_before(report.onset + 12 * SampleIndex{millisecond_}, beat_ms);
        const std::int64_t beside = energy_before(report.onset - millisecond_, beat_ms);
        add({.begin = report.onset + edge_beside(beside), .key = report.key});
    } else if (report.kind == DtmfReport::Kind::end) {
        if (KeySpan* const span = open_span(false)) {
            const SampleIndex end = without_faint_end(report.onset, report.onset + report.duration);
            const std::int64_t beside = energy_before(end + (beat_ms + 1) * millisecond_, beat_ms);
            span->end = std::max(end - edge_beside(beside), span->begin);
        }
    }
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
    const auto over = [sample](const KeySpan& span) { return span.end <= sample; };
    auto* const end =
        std::remove_if(spans_.begin(), spans_.begin() + static_cast<std::ptrdiff_t>(count_), over);
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
