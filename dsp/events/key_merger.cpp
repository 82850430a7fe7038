// SPDX-License-Identifier: MIT
#include "dsp/events/key_merger.hpp"

#include "dsp/levels.hpp"

#include <algorithm>

namespace keytone {

namespace {

using Kind = KeyReport::Kind;
using Source = KeyReport::Source;

Dbm0 together(Dbm0 low, Dbm0 high) noexcept {
    constexpr Dbm0 zero{0.0};
    return zero + power_ratio(power_ratio(low - zero) + power_ratio(high - zero));
}

} // namespace

KeyMerger::KeyMerger(const InBandClock& clock, Milliseconds window) noexcept
    : clock_(clock),
      window_(clock.rtp_clock.samples(std::clamp(window, Milliseconds{0}, Milliseconds{2000}))) {}

void KeyMerger::hear(const KeyReport& event, Sink sink) noexcept {
    if (event.kind == Kind::begin) {
        hear_event_begin(event, sink);
        return;
    }
    const RtpTimestamp at = event.onset + static_cast<RtpTimestamp>(event.duration);
    for (Told& told : told_) {
        if (told.event_onset == event.onset && told.key == event.key && !told.event_end) {
            told.event_end = at;
            if (&told == &latest() && sounding_ && sounding_->source == Source::telephone_event) {
                end(at, event.end_inferred, sink);
            }
            return;
        }
    }
}

void KeyMerger::hear(const DtmfReport& tone, Sink sink) noexcept {
    const RtpTimestamp onset = rtp_time(tone.onset);
    if (tone.kind == DtmfReport::Kind::begin) {
        hear_tone_begin({Kind::begin, Source::in_band, tone.key, onset, 0,
                         together(tone.low_level, tone.high_level), false},
                        sink);
    } else if (tone.kind == DtmfReport::Kind::end && sounding_ && sounding_->source == Source::in_band) {
        end(rtp_time(tone.onset + tone.duration), false, sink);
    }
}

void KeyMerger::reset() noexcept {
    told_ = {};
    told_count_ = 0;
    sounding_.reset();
}

void KeyMerger::hear_event_begin(const KeyReport& event, Sink sink) noexcept {
    // Searches from the oldest on: where a digit was pressed twice, its first event belongs to its first
    // tone.
    for (std::size_t i = 1; i <= told_.size(); ++i) {
        Told& told = told_[(told_count_ + i) % told_.size()];
        if (told.key == event.key && !told.event_onset && told.tone_onset &&
            near(*told.tone_onset, event.onset)) {
            told.event_onset = event.onset;
            if (&told == &latest() && sounding_) {
                sounding_->source = Source::telephone_event;
            }
            return;
        }
    }
    begin(event, sink);
    latest().event_onset = event.onset;
}

void KeyMerger::hear_tone_begin(const KeyReport& tone, Sink sink) noexcept {
    for (std::size_t i = 1; i <= told_.size(); ++i) {
        Told& told = told_[(told_count_ + i) % told_.size()];
        if (told.key != tone.key || !told.event_onset) {
            continue;
        }
        const bool lasts = rtp_distance(*told.event_onset, tone.onset) >= 0 &&
                           (!told.event_end || rtp_distance(tone.onset, *told.event_end) > 0);
        if (lasts || (!told.tone_onset && near(*told.event_onset, tone.onset))) {
            told.tone_onset = tone.onset;
            return;
        }
    }
    begin(tone, sink);
    latest().tone_onset = tone.onset;
}

void KeyMerger::begin(const KeyReport& report, Sink sink) noexcept {
    // One key at a time: where this one begins, the other ends.
    end(report.onset, true, sink);
    ++told_count_;
    latest() = Told{};
    latest().key = report.key;
    sounding_ = report;
    sink(report);
}

void KeyMerger::end(RtpTimestamp at, bool inferred, Sink sink) noexcept {
    if (!sounding_) {
        return;
    }
    KeyReport report = *sounding_;
    sounding_.reset();
    report.kind = Kind::end;
    report.duration = std::max(rtp_distance(report.onset, at), SampleCount{0});
    report.end_inferred = inferred;
    sink(report);
}

bool KeyMerger::near(RtpTimestamp a, RtpTimestamp b) const noexcept {
    const SampleCount distance = rtp_distance(a, b);
    return distance <= window_ && distance >= -window_;
}

RtpTimestamp KeyMerger::rtp_time(SampleIndex index) const noexcept {
    // Whole seconds and the remainder separately, so that no product overflows.
    const SampleIndex seconds = index / clock_.rate.hz();
    const SampleIndex rest = index % clock_.rate.hz();
    const auto whole =
        static_cast<std::uint64_t>(seconds) * static_cast<std::uint64_t>(clock_.rtp_clock.hz());
    const auto part = static_cast<std::uint64_t>(rest * clock_.rtp_clock.hz() / clock_.rate.hz());
    return clock_.first + static_cast<RtpTimestamp>(whole + part);
}

} // namespace keytone
