// SPDX-License-Identifier: MIT
#include "engine/media/leg_hearing.hpp"

#include "dsp/prefetch.hpp"
#include "engine/media/leg_clock.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace keytone {

namespace {

// One frame of the line listener, 10 ms, at the highest rate.
constexpr std::array<std::int16_t, SampleRate::offered_hz.back() / 100> silence{};

} // namespace

LegHearing::LegHearing(Leg leg, SampleRate rate, const DtmfLimits& limits, ReportOutbox& outbox,
                       const CallHearing::Config& call)
    : line_frame_(LineFront::samples_of_frame(rate)),
      rest_of_frame_(line_frame_),
      leg_(leg),
      rate_(rate),
      outbox_(outbox),
      silence_length_(rate.samples(LineLimits{}.min_silence)),
      listener_(rate, call.country),
      detector_(rate, limits),
      merger_({rate, rate}),
      call_(leg, call, outbox, listener_) {}

void LegHearing::start_at(SampleIndex position) noexcept {
    first_sample_ = position;
    call_.start_at(position);
    merger_ = KeyMerger({rate_, rate_, static_cast<RtpTimestamp>(position)});
}

inline void LegHearing::prefetch_listener(const LegHearing* later) noexcept {
    if (later != nullptr) {
        later->listener_.prefetch();
    }
}

inline void LegHearing::prefetch_detector(const LegHearing* later) noexcept {
    if (later != nullptr) {
        const auto* const detector = reinterpret_cast<const char*>(&later->detector_);
        prefetch_early(detector, detector + DtmfDetector::loud_size);
    }
}

void LegHearing::prefetch(const LegHearing* later) noexcept {
    prefetch_listener(later);
    prefetch_detector(later);
}

// Detector and listener both take the same part of a frame before either gets the next one, so that the order
// of their reports does not depend on how the host cuts the audio.
void LegHearing::hear(std::span<const std::int16_t> samples, LineSink on_line, EventSink on_event,
                      PartSink on_part, const LegHearing* later) noexcept {
    // What holds no key is passed to the detector in one piece, which costs less.
    std::size_t quiet = detector_.process_quiet(samples);
    prefetch_listener(later);
    if (quiet == samples.size() && waiting_count_ == 0) {
        listen(samples, on_line);
        prefetch_detector(later);
        on_part(samples);
        return;
    }
    prefetch_detector(later);
    while (!samples.empty()) {
        take_events(on_event);
        const auto part =
            samples.first(static_cast<std::size_t>(std::min(std::ssize(samples), rest_of_frame_)));
        const auto not_quiet = part.subspan(std::min(quiet, part.size()));
        quiet -= part.size() - not_quiet.size();
        if (!not_quiet.empty()) {
            detector_.process(not_quiet, [this](const DtmfReport& heard) { report_tone(heard); });
        }
        listen(part, on_line);
        on_part(part);
        samples = samples.subspan(part.size());
    }
}

void LegHearing::hear_lost(SampleCount count, LineSink on_line, EventSink on_event) noexcept {
    while (count > 0) {
        take_events(on_event);
        const auto part = std::span(silence).first(static_cast<std::size_t>(std::min(count, rest_of_frame_)));
        detector_.process_lost(std::ssize(part), [this](const DtmfReport& heard) { report_tone(heard); });
        listen(part, on_line);
        count -= std::ssize(part);
    }
}

void LegHearing::listen(std::span<const std::int16_t> samples, LineSink on_line) noexcept {
    heard_ += std::ssize(samples);
    rest_of_frame_ -= std::ssize(samples);
    listener_.process(samples, {.line =
                                    [&](LineEvent event) {
                                        event.at += first_sample_;
                                        event.known += first_sample_;
                                        report(event);
                                        if (event.kind == LineEvent::Kind::beep_ended) {
                                            last_beep_ = event.at;
                                        }
                                        on_line(event);
                                    },
                                .progress = [&](const ProgressEvent& event) { call_.hear_tone(event); },
                                .answer = [&](const Answer& by) { call_.hear_answer(by, heard_to()); }});
    while (rest_of_frame_ <= 0) {
        rest_of_frame_ += line_frame_;
    }
}

std::optional<SampleIndex> LegHearing::quiet_since() const noexcept {
    const auto since = listener_.line().quiet_since();
    return since ? std::optional(first_sample_ + *since) : std::nullopt;
}

std::optional<LineSounds::Sound> LegHearing::last_words() const noexcept {
    auto words = listener_.line().last_words();
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
        return listener_.line().dial_tone();
    }
    if (gate.cue == CueKind::ringback_end || gate.cue == CueKind::answered_by) {
        return call_.is_so(gate);
    }
    if (gate.cue == CueKind::beep) {
        return gate.remembers && has_beeped(gate);
    }
    if (gate.cue != CueKind::prompt_end) {
        return silence_known_at(gate, last_tone_end) <= now;
    }
    const auto quiet = quiet_since();
    const auto words = last_words();
    return quiet && words && words->end > gate.heard_since && words->begin >= last_tone_end &&
           heard_to() - *quiet >= silence_of(gate);
}

/// A machine that talks on after a beep has not beeped for the words that are waiting.
bool LegHearing::has_beeped(const Gate& gate) const noexcept {
    const auto words = last_words();
    return last_beep_ > gate.heard_since && quiet_since() && (!words || words->end <= last_beep_);
}

SampleIndex LegHearing::silence_known_at(const Gate& gate, SampleIndex last_tone_end) const noexcept {
    const auto quiet = quiet_since();
    if (gate.cue != CueKind::silence || !gate.listen || !quiet) {
        return unlimited;
    }
    return later_by(std::max({*quiet, gate.heard_since, last_tone_end}), silence_of(gate));
}

void LegHearing::hear_event(const KeyReport& event, EventSink on_event) noexcept {
    if (waiting_count_ == waiting_.size()) {
        take_oldest_event(on_event); // earlier than its time: better than never
    }
    waiting_[waiting_count_++] = event;
}

void LegHearing::finish() noexcept {
    while (waiting_count_ > 0) {
        take_oldest_event([](KeyReport::Kind /*kind*/, SampleIndex /*at*/) {}); // nothing is heard after it
    }
    detector_.finish([this](const DtmfReport& heard) { report_tone(heard); });
    if (event_) {
        KeyReport end = *event_;
        end.kind = KeyReport::Kind::end;
        end.duration = std::max<SampleCount>(first_sample_ + heard_ - at(end), 0);
        end.end_inferred = true;
        merger_.hear(end, [this](const KeyReport& key) { report_key(key); });
        event_.reset();
    }
}

/// Takes the events whose time is before the end of a frame of which nothing was heard yet. So the result
/// does not depend on how the audio is cut.
void LegHearing::take_events(EventSink on_event) noexcept {
    const SampleIndex until = first_sample_ + heard_ + rest_of_frame_;
    while (waiting_count_ > 0 && rest_of_frame_ == line_frame_ && !waits(*waiting_[0], until)) {
        take_oldest_event(on_event);
    }
}

bool LegHearing::waits(const KeyReport& event, SampleIndex until) const noexcept {
    const SampleIndex time = at(event) + event.duration;
    return time >= until && time < until + rate_.samples(max_ahead);
}

void LegHearing::take_oldest_event(EventSink on_event) noexcept {
    const KeyReport event = *waiting_[0];
    std::copy(waiting_.begin() + 1, waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_count_),
              waiting_.begin());
    --waiting_count_;
    const bool begins = event.kind == KeyReport::Kind::begin;
    event_ = begins ? std::optional(event) : std::nullopt;
    const SampleIndex now = first_sample_ + heard_;
    const SampleIndex time = at(event) + (begins ? 0 : event.duration);
    on_event(event.kind, time < now + rate_.samples(max_ahead) ? time : now);
    merger_.hear(event, [this](const KeyReport& key) { report_key(key); });
}

/// A timestamp is less than half of its range from what is heard now.
SampleIndex LegHearing::at(const KeyReport& event) const noexcept {
    const SampleIndex now = first_sample_ + heard_;
    return std::max(now + rtp_distance(static_cast<RtpTimestamp>(now), event.onset), first_sample_);
}

void LegHearing::report_tone(const DtmfReport& heard) noexcept {
    merger_.hear(heard, [&](const KeyReport& key) {
        // The end of a tone ends no other key, and the detector knows it to the sample.
        if (heard.kind == DtmfReport::Kind::end) {
            const SampleIndex begin = first_sample_ + heard.onset;
            put_key(heard.key, begin, begin + heard.duration, heard.snr.value);
        } else {
            report_key(key);
        }
    });
}

// A key is reported once, when it is over.
void LegHearing::report_key(const KeyReport& key) noexcept {
    if (key.kind == KeyReport::Kind::end) {
        const SampleIndex begin = at(key);
        put_key(key.key, begin, begin + key.duration, std::nullopt);
    }
}

// `snr_db` is nothing for a telephone event.
void LegHearing::put_key(Key key, SampleIndex begin, SampleIndex end, std::optional<double> snr_db) noexcept {
    const double tenths_db = std::clamp(10.0 * snr_db.value_or(0.0), -32768.0, 32767.0);
    outbox_.put({.kind = MediaReport::Kind::digit_heard,
                 .leg = leg_,
                 .digit = key.character(),
                 .by_event = !snr_db,
                 .snr_tenths_db = static_cast<std::int16_t>(std::lround(tenths_db)),
                 .begin = begin,
                 .end = end});
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
