// SPDX-License-Identifier: MIT
#include "dsp/telephone_event_receiver.hpp"

#include <algorithm>

namespace keytone {

namespace {

/// At most a minute: far less than half of what a timestamp counts.
SampleCount bounded(SampleRate clock, Milliseconds limit) noexcept {
    return clock.samples(std::clamp(limit, Milliseconds{0}, Milliseconds{60'000}));
}

} // namespace

TelephoneEventReceiver::TelephoneEventReceiver(SampleRate clock, const TelephoneEventLimits& limits) noexcept
    : lost_end_(bounded(clock, limits.lost_end)),
      min_pause_(bounded(clock, limits.min_pause)),
      max_reorder_(bounded(clock, limits.max_reorder)),
      packet_time_(clock.samples(Milliseconds{50})) {} // RFC 4733, 2.5.1.2

void TelephoneEventReceiver::receive(RtpTimestamp timestamp, bool marker,
                                     std::span<const std::uint8_t> payload, Sink sink) noexcept {
    const auto events = TelephoneEventPayload::from_bytes(payload);
    if (!events) {
        ++ignored_.malformed;
        return;
    }
    Mark mark = marker ? Mark::marker : Mark::none;
    for (std::size_t i = 0; i < events->size(); ++i) {
        const TelephoneEvent event = (*events)[i];
        take(timestamp, event, mark, sink);
        timestamp += event.duration; // 2.5.1.5
        mark = Mark::later_in_payload;
    }
}

void TelephoneEventReceiver::advance(RtpTimestamp now, Sink sink) noexcept {
    if (latest_ && rtp_distance(latest_->until(), now) > lost_end_) {
        end(true, sink);
    }
}

void TelephoneEventReceiver::finish(Sink sink) noexcept {
    end(true, sink);
}

void TelephoneEventReceiver::reset() noexcept {
    latest_.reset();
    sender_ = Sender::unknown;
    ignored_ = {};
}

void TelephoneEventReceiver::take(RtpTimestamp timestamp, const TelephoneEvent& event, Mark mark,
                                  Sink sink) noexcept {
    if (!Key::from_event_code(event.code)) {
        ++ignored_.not_keys;
        return;
    }
    if (event.duration == 0) {
        ++ignored_.no_duration;
        return;
    }
    switch (place(timestamp, event, mark)) {
    case Place::earlier:
        ++ignored_.overtaken;
        return;
    case Place::new_key:
        end(true, sink);
        begin(timestamp, event, sink);
        break;
    case Place::same_key:
        follow(timestamp, event);
        break;
    }
    if (event.end) {
        latest_->end_came = true;
        end(false, sink);
    }
}

// The rules of the header.
TelephoneEventReceiver::Place
TelephoneEventReceiver::place(RtpTimestamp timestamp, const TelephoneEvent& event, Mark mark) const noexcept {
    if (!latest_) {
        return Place::new_key;
    }
    const SampleCount ahead = rtp_distance(latest_->timestamp, timestamp);
    if (ahead < 0) {
        // It was sent at its end or behind, however long before that its key or segment began.
        return ahead + event.duration >= -max_reorder_ ? Place::earlier : Place::new_key;
    }
    if (event.code != latest_->key.event_code()) {
        return Place::new_key;
    }
    return ahead == 0 || goes_on(timestamp, event, mark) ? Place::same_key : Place::new_key;
}

/// Whether a later packet of the same digit belongs to the latest key.
bool TelephoneEventReceiver::goes_on(RtpTimestamp timestamp, const TelephoneEvent& event,
                                     Mark mark) const noexcept {
    if (mark == Mark::later_in_payload || (latest_->end_came && !event.end)) {
        return false;
    }
    if (sender_ != Sender::holds_timestamp && moved_on(timestamp, event, mark)) {
        return true;
    }
    if (mark == Mark::marker || latest_->end_came) {
        return false;
    }
    const SampleCount pause = rtp_distance(latest_->until(), timestamp);
    return begins_segment(timestamp) || (pause >= 0 && pause < min_pause_);
}

/// Whether it comes from a sender that moves the timestamp with each packet of a key.
bool TelephoneEventReceiver::moved_on(RtpTimestamp timestamp, const TelephoneEvent& event,
                                      Mark mark) const noexcept {
    const SampleCount ahead = rtp_distance(latest_->timestamp, timestamp);
    const SampleCount uncounted = ahead - (event.duration - latest_->duration);
    if (uncounted == 0) {
        return true;
    }
    if (mark == Mark::marker) {
        return false;
    }
    const SampleCount pause = rtp_distance(latest_->until(), timestamp);
    const bool known = sender_ == Sender::moves_timestamp;
    if (latest_->end_came) {
        return pause < min_pause_ || (known && ahead <= 2 * packet_time_);
    }
    if (event.end && uncounted > 0 && uncounted < (known ? 3 : 1) * packet_time_) {
        return true;
    }
    return pause < 0 && event.duration >= latest_->duration;
}

/// Whether full segments end at `timestamp`.
bool TelephoneEventReceiver::begins_segment(RtpTimestamp timestamp) const noexcept {
    return (timestamp - latest_->segment) % TelephoneEvent::max_duration == 0;
}

void TelephoneEventReceiver::begin(RtpTimestamp timestamp, const TelephoneEvent& event, Sink sink) noexcept {
    latest_ = Latest{*Key::from_event_code(event.code),
                     timestamp,
                     timestamp,
                     timestamp,
                     event.duration,
                     event.volume,
                     true,
                     false};
    sink({KeyReport::Kind::begin, KeyReport::Source::telephone_event, latest_->key, latest_->onset, 0,
          telephone_event_level(latest_->volume), false});
}

void TelephoneEventReceiver::follow(RtpTimestamp timestamp, const TelephoneEvent& event) noexcept {
    const SampleCount ahead = rtp_distance(latest_->timestamp, timestamp);
    const int grown = int{event.duration} - int{latest_->duration};
    if (ahead == 0 && grown > 0) {
        sender_ = Sender::holds_timestamp;
    } else if (ahead > 0 && grown == ahead) {
        sender_ = Sender::moves_timestamp;
    }
    const bool behind = ahead > 0 && rtp_distance(latest_->until(), timestamp) >= 0;
    const bool counts_anew = grown <= 0 || begins_segment(timestamp);
    if (behind && counts_anew && !latest_->end_came) {
        latest_->segment = timestamp;
        latest_->duration = 0;
    }
    latest_->timestamp = timestamp;
    latest_->duration = std::max(latest_->duration, event.duration);
}

void TelephoneEventReceiver::end(bool inferred, Sink sink) noexcept {
    if (!latest_ || !latest_->sounds) {
        return;
    }
    latest_->sounds = false;
    const SampleCount duration = latest_->until() - latest_->onset;
    sink({KeyReport::Kind::end, KeyReport::Source::telephone_event, latest_->key, latest_->onset, duration,
          telephone_event_level(latest_->volume), inferred});
}

RtpTimestamp TelephoneEventReceiver::Latest::until() const noexcept {
    const RtpTimestamp counted = segment + duration;
    return moved() && rtp_distance(counted, timestamp) > 0 ? timestamp : counted;
}

} // namespace keytone
