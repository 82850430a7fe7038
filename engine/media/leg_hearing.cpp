// SPDX-License-Identifier: MIT
#include "engine/media/leg_hearing.hpp"

#include "engine/media/leg_clock.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace keytone {

namespace {

// A frame of the listener's, 10 ms, at the highest rate.
constexpr std::array<std::int16_t, SampleRate::offered_hz.back() / 100> silence{};

} // namespace

LegHearing::LegHearing(Leg leg, SampleRate rate, const DtmfLimits& limits, ReportOutbox& outbox)
    : leg_(leg),
      outbox_(outbox),
      detector_(rate, limits),
      listener_(rate),
      line_frame_(listener_.frame()),
      silence_length_(rate.samples(LineLimits{}.min_silence)) {}

// Both listen to the same part of a frame before either hears the next, so that their reports come in one
// order however the host cuts the audio.
void LegHearing::hear(std::span<const std::int16_t> samples, LineSink on_line, KeySink on_key,
                      PartSink on_part) noexcept {
    while (!samples.empty()) {
        const auto part =
            samples.first(static_cast<std::size_t>(std::min(std::ssize(samples), rest_of_frame())));
        detector_.process(part, [&](const DtmfReport& heard) { report(heard, on_key); });
        listen(part, on_line);
        on_part(part);
        samples = samples.subspan(part.size());
    }
}

void LegHearing::hear_lost(SampleCount count, LineSink on_line, KeySink on_key) noexcept {
    while (count > 0) {
        const auto part =
            std::span(silence).first(static_cast<std::size_t>(std::min(count, rest_of_frame())));
        detector_.process_lost(std::ssize(part), [&](const DtmfReport& heard) { report(heard, on_key); });
        listen(part, on_line);
        count -= std::ssize(part);
    }
}

void LegHearing::listen(std::span<const std::int16_t> samples, LineSink on_line) noexcept {
    heard_ += std::ssize(samples);
    listener_.process(samples, [&](LineEvent event) {
        event.at += first_sample_;
        event.known += first_sample_;
        report(event);
        on_line(event);
    });
}

std::optional<SampleIndex> LegHearing::quiet_since() const noexcept {
    const auto since = listener_.quiet_since();
    return since ? std::optional(first_sample_ + *since) : std::nullopt;
}

std::optional<LineSounds::Sound> LegHearing::last_words() const noexcept {
    auto words = listener_.last_words();
    if (words) {
        words->begin += first_sample_;
        words->end += first_sample_;
    }
    return words;
}

bool LegHearing::is_so(const Gate& gate, SampleIndex last_tone_end, SampleIndex now) const noexcept {
    if (!gate.listen) {
        return false;
    }
    if (gate.cue == CueKind::dial_tone) {
        return listener_.dial_tone();
    }
    if (gate.cue != CueKind::prompt_end) {
        return silence_known_at(gate, last_tone_end) <= now;
    }
    const auto quiet = quiet_since();
    const auto words = last_words();
    return quiet && words && words->end > gate.heard_since && words->begin >= last_tone_end &&
           heard_to() - *quiet >= silence_of(gate);
}

SampleIndex LegHearing::silence_known_at(const Gate& gate, SampleIndex last_tone_end) const noexcept {
    const auto quiet = quiet_since();
    if (gate.cue != CueKind::silence || !gate.listen || !quiet) {
        return unlimited;
    }
    return later_by(std::max({*quiet, gate.heard_since, last_tone_end}), silence_of(gate));
}

void LegHearing::finish() noexcept {
    detector_.finish([this](const DtmfReport& heard) { report_key(heard); });
}

void LegHearing::report(const DtmfReport& heard, KeySink on_key) noexcept {
    on_key(heard.kind, first_sample_ + heard_ + rest_of_frame());
    report_key(heard);
}

// A key is told as a whole, once it is over.
void LegHearing::report_key(const DtmfReport& key) noexcept {
    if (key.kind != DtmfReport::Kind::end) {
        return;
    }
    const SampleIndex begin = first_sample_ + key.onset;
    outbox_.put({.kind = MediaReport::Kind::digit_heard,
                 .leg = leg_,
                 .digit = key.key.character(),
                 .snr_tenths_db = static_cast<std::int16_t>(
                     std::lround(std::clamp(10.0 * key.snr.value, -32768.0, 32767.0))),
                 .begin = begin,
                 .end = begin + key.duration});
}

void LegHearing::report(const LineEvent& event) noexcept {
    const auto kind = [&] {
        switch (event.kind) {
        case LineEvent::Kind::sound_began:
            return MediaReport::Kind::sound_began;
        case LineEvent::Kind::sound_ended:
            return MediaReport::Kind::sound_ended;
        case LineEvent::Kind::dial_tone:
            return MediaReport::Kind::dial_tone;
        case LineEvent::Kind::beep_ended:
            return MediaReport::Kind::beep;
        }
        return MediaReport::Kind::sound_began;
    }();
    outbox_.put({.kind = kind, .leg = leg_, .begin = event.at, .end = event.known});
}

} // namespace keytone
