// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event_receiver.hpp"

#include <algorithm>

namespace keytone {

namespace {

/// RFC 4733, 2.5.1.4: an end is sent three times.
constexpr int ends_sent = 3;
/// The points that it takes to believe in a second press at the same timestamp. Each end that was seen of the
/// press before counts one, up to three, and so does each packet whose duration goes on counting. If the
/// first packet of the press before was seen, that counts three: only a duplicate of it could then look like
/// a new press.
constexpr int proof_of_press = 8;
constexpr int proof_by_first_packet = 3;

/// At most a minute: far less than half of a timestamp's range.
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
    receive_any(std::nullopt, timestamp, marker, payload, sink);
}

void TelephoneEventReceiver::receive(RtpSequence sequence, RtpTimestamp timestamp, bool marker,
                                     std::span<const std::uint8_t> payload, Sink sink) noexcept {
    receive_any(sequence, timestamp, marker, payload, sink);
}

void TelephoneEventReceiver::receive_any(std::optional<RtpSequence> sequence, RtpTimestamp timestamp,
                                         bool marker, std::span<const std::uint8_t> payload,
                                         Sink sink) noexcept {
    const auto events = TelephoneEventPayload::from_bytes(payload);
    if (!events) {
        ++ignored_.malformed;
        return;
    }
    Mark mark = marker ? Mark::marker : Mark::none;
    for (std::size_t i = 0; i < events->size(); ++i) {
        const TelephoneEvent event = (*events)[i];
        take({sequence, timestamp, mark, event}, sink);
        timestamp += event.duration; // 2.5.1.5
        mark = Mark::later_in_payload;
    }
}

void TelephoneEventReceiver::advance(RtpTimestamp now, Sink sink) noexcept {
    const bool set_back = now_ && rtp_distance(now, *now_) > lost_end_;
    now_ = now;
    if (!latest_) {
        return;
    }
    latest_->other_clock = latest_->other_clock || set_back;
    if (latest_->other_clock || rtp_distance(latest_->until(), now) > lost_end_) {
        latest_->past = true;
        end(true, sink);
    }
}

void TelephoneEventReceiver::finish(Sink sink) noexcept {
    end(true, sink);
}

void TelephoneEventReceiver::reset() noexcept {
    latest_.reset();
    now_.reset();
    sender_ = Sender::unknown;
    ignored_ = {};
}

void TelephoneEventReceiver::take(const Arrival& arrival, Sink sink) noexcept {
    if (!Key::from_event_code(arrival.event.code)) {
        ++ignored_.not_keys;
        return;
    }
    if (arrival.event.duration == 0) {
        ++ignored_.no_duration;
        return;
    }
    switch (place(arrival)) {
    case Place::earlier:
        ++ignored_.overtaken;
        return;
    case Place::nothing_new:
        return;
    case Place::new_key:
        end(true, sink);
        begin(arrival, sink);
        break;
    case Place::same_key:
        follow(arrival);
        break;
    }
    if (arrival.event.end) {
        latest_->ends = static_cast<std::uint8_t>(std::min(latest_->ends + 1, ends_sent));
        end(false, sink);
    }
}

// Applies the table in the header.
TelephoneEventReceiver::Place TelephoneEventReceiver::place(const Arrival& arrival) noexcept {
    if (!latest_) {
        return Place::new_key;
    }
    const SampleCount ahead = rtp_distance(latest_->timestamp, arrival.timestamp);
    const bool same_digit = arrival.event.code == latest_->key.event_code();
    const Order sent = order(arrival);
    if (sent == Order::before) {
        return same_digit && ahead == 0 ? Place::nothing_new : Place::earlier;
    }
    if (sent == Order::within) {
        return same_digit ? Place::same_key : Place::earlier;
    }
    if (sent == Order::unknown && latest_->other_clock) {
        const bool repeats = same_digit && ahead == 0 && arrival.event.duration >= latest_->duration &&
                             (arrival.event.end || latest_->ends == 0);
        return repeats ? Place::same_key : Place::new_key;
    }
    if (sent == Order::unknown && ahead < 0) {
        // Such a packet was sent at its event's end or later, however long before that its key or segment
        // began.
        return ahead + arrival.event.duration >= -max_reorder_ ? Place::earlier : Place::new_key;
    }
    if (!same_digit) {
        return Place::new_key;
    }
    if (sent == Order::behind && follows_closely(arrival)) {
        return Place::same_key;
    }
    if (ahead == 0) {
        return place_at_timestamp(arrival, sent);
    }
    return ahead > 0 && goes_on(arrival) ? Place::same_key : Place::new_key;
}

/// All events of a packet have its number, and so do duplicates: their timestamps decide.
TelephoneEventReceiver::Order TelephoneEventReceiver::order(const Arrival& arrival) const noexcept {
    if (!arrival.sequence || *arrival.sequence == latest_->last_sequence) {
        return Order::unknown;
    }
    const int behind = rtp_packets_between(latest_->last_sequence, *arrival.sequence);
    if (behind > 0) {
        return Order::behind;
    }
    const SampleCount ahead = rtp_distance(latest_->timestamp, arrival.timestamp);
    if (behind < -max_late_packets || ahead > max_reorder_ || ahead < -max_reorder_) {
        return Order::behind; // the numbers were restarted, or have wrapped since
    }
    return rtp_packets_between(latest_->first_sequence, *arrival.sequence) > 0 ? Order::within
                                                                               : Order::before;
}

/// Whether its sequence number shows that it belongs to the latest key, whatever its timestamp is.
bool TelephoneEventReceiver::follows_closely(const Arrival& arrival) const noexcept {
    if (arrival.mark != Mark::none) {
        return false;
    }
    // Whatever was lost in between, one of the next three packets is an end.
    const int behind = rtp_packets_between(latest_->update_sequence, *arrival.sequence);
    const bool told_on =
        arrival.event.end || (latest_->ends == 0 && arrival.event.duration > latest_->duration);
    return latest_->updated && behind > 0 && behind <= ends_sent && told_on;
}

/// Places a packet that has the latest key's digit and timestamp.
TelephoneEventReceiver::Place TelephoneEventReceiver::place_at_timestamp(const Arrival& arrival,
                                                                         Order order) noexcept {
    if (arrival.mark == Mark::later_in_payload) {
        return Place::same_key;
    }
    const bool shorter = arrival.event.duration < latest_->duration;
    const bool marked = arrival.mark == Mark::marker;
    if (order == Order::behind) {
        const bool anew =
            arrival.event.end ? marked && latest_->ends > 0 : shorter && (marked || latest_->ends > 0);
        return anew ? Place::new_key : Place::same_key;
    }
    if (marked && shorter && !arrival.event.end && (latest_->ends > 0 || !latest_->sounds)) {
        latest_->pressed_on = 0;
        latest_->pressed_ends = 0;
        latest_->pressed_duration = arrival.event.duration;
        return latest_->past ? Place::new_key : Place::nothing_new;
    }
    return pressed_again(arrival) ? Place::new_key : Place::same_key;
}

/// Whether enough packets have gone on counting from a marker after the end to be a key of their own.
bool TelephoneEventReceiver::pressed_again(const Arrival& arrival) noexcept {
    if (!latest_->pressed_on) {
        return false;
    }
    const int grown = int{arrival.event.duration} - int{latest_->pressed_duration};
    const bool counts_on = grown > 0 || (grown == 0 && arrival.event.end);
    if (arrival.mark != Mark::none || !counts_on) {
        latest_->pressed_on.reset();
        return false;
    }
    ++*latest_->pressed_on;
    latest_->pressed_ends = static_cast<std::uint8_t>(latest_->pressed_ends + (arrival.event.end ? 1 : 0));
    latest_->pressed_duration = arrival.event.duration;
    // Repeats of the end may take two packet times more.
    const bool too_early = now_ && rtp_distance(latest_->until(), *now_) < 2 * packet_time_;
    const int seen_before = latest_->ends + (latest_->marked ? proof_by_first_packet : 0);
    return !too_early && seen_before + *latest_->pressed_on >= proof_of_press;
}

/// Whether a later packet of the same digit belongs to the latest key.
bool TelephoneEventReceiver::goes_on(const Arrival& arrival) const noexcept {
    const bool ended = latest_->ends > 0;
    if (arrival.mark == Mark::later_in_payload || (ended && !arrival.event.end)) {
        return false;
    }
    if ((arrival.event.end && is_moved_end(arrival)) || moved_on(arrival)) {
        return true;
    }
    if (arrival.mark == Mark::marker || ended) {
        return false;
    }
    return begins_segment(arrival.timestamp) ||
           rtp_distance(latest_->until(), arrival.timestamp) < min_pause_;
}

/// Whether an end with a later timestamp is one of the latest key's.
bool TelephoneEventReceiver::is_moved_end(const Arrival& arrival) const noexcept {
    if (rtp_distance(latest_->until(), arrival.timestamp) < min_pause_) {
        return true;
    }
    if (arrival.mark == Mark::marker) {
        return false;
    }
    if (latest_->ends > 0) {
        const int packets = sender_ == Sender::moves_timestamp ? 2 : 1;
        return rtp_distance(latest_->timestamp, arrival.timestamp) <= packets * packet_time_;
    }
    return arrival.timestamp == latest_->segment + arrival.event.duration;
}

/// Whether it comes from a sender that advances the timestamp with each packet of a key.
bool TelephoneEventReceiver::moved_on(const Arrival& arrival) const noexcept {
    const SampleCount ahead = rtp_distance(latest_->timestamp, arrival.timestamp);
    const SampleCount uncounted = ahead - (arrival.event.duration - latest_->duration);
    if (uncounted == 0) {
        return true;
    }
    if (arrival.mark == Mark::marker || latest_->ends > 0 || sender_ == Sender::holds_timestamp) {
        return false;
    }
    const int packets = sender_ == Sender::moves_timestamp ? 3 : 1;
    return arrival.event.end && uncounted > 0 && uncounted < packets * packet_time_;
}

/// Whether a sequence of full segments ends at `timestamp`.
bool TelephoneEventReceiver::begins_segment(RtpTimestamp timestamp) const noexcept {
    return (timestamp - latest_->segment) % TelephoneEvent::max_duration == 0;
}

void TelephoneEventReceiver::begin(const Arrival& arrival, Sink sink) noexcept {
    const TelephoneEvent& event = arrival.event;
    // A second press at the timestamp of the last one began with packets that were held back.
    const bool pressed = latest_ && latest_->pressed_on && latest_->timestamp == arrival.timestamp &&
                         latest_->key.event_code() == event.code;
    const int ends_before = pressed ? latest_->pressed_ends - (event.end ? 1 : 0) : 0;
    latest_ = Latest{.key = *Key::from_event_code(event.code),
                     .onset = arrival.timestamp,
                     .segment = arrival.timestamp,
                     .timestamp = arrival.timestamp,
                     .duration = event.duration,
                     .volume = event.volume};
    latest_->marked = pressed || arrival.mark == Mark::marker;
    latest_->ends = static_cast<std::uint8_t>(std::clamp(ends_before, 0, ends_sent));
    latest_->first_sequence = arrival.sequence.value_or(0);
    latest_->last_sequence = latest_->first_sequence;
    latest_->update_sequence = latest_->first_sequence;
    latest_->updated = !event.end;
    sink({KeyReport::Kind::begin, KeyReport::Source::telephone_event, latest_->key, latest_->onset, 0,
          telephone_event_level(latest_->volume), false});
}

void TelephoneEventReceiver::follow(const Arrival& arrival) noexcept {
    if (arrival.sequence && rtp_packets_between(latest_->last_sequence, *arrival.sequence) > 0) {
        latest_->last_sequence = *arrival.sequence;
        if (!arrival.event.end) {
            latest_->update_sequence = *arrival.sequence;
            latest_->updated = true;
        }
    }
    const RtpTimestamp timestamp = arrival.timestamp;
    const SampleCount ahead = rtp_distance(latest_->timestamp, timestamp);
    const int grown = int{arrival.event.duration} - int{latest_->duration};
    latest_->marked = latest_->marked || arrival.mark == Mark::marker;
    if (ahead == 0 && grown > 0) {
        sender_ = Sender::holds_timestamp;
        latest_->grew = true;
    } else if (ahead > 0 && grown == ahead) {
        sender_ = Sender::moves_timestamp;
    }
    if (ahead > 0) {
        const bool behind = rtp_distance(latest_->until(), timestamp) >= 0;
        const bool counts_anew = grown < 0 || begins_segment(timestamp) || (grown == 0 && !latest_->grew);
        if (behind && counts_anew && latest_->ends == 0) {
            latest_->segment = timestamp;
            latest_->duration = 0;
            latest_->grew = false;
        }
        latest_->timestamp = timestamp;
    }
    latest_->duration = std::max(latest_->duration, arrival.event.duration);
}

void TelephoneEventReceiver::end(bool inferred, Sink sink) noexcept {
    if (!latest_ || !latest_->sounds) {
        return;
    }
    latest_->sounds = false;
    const SampleCount duration = latest_->counted() - latest_->onset;
    sink({KeyReport::Kind::end, KeyReport::Source::telephone_event, latest_->key, latest_->onset, duration,
          telephone_event_level(latest_->volume), inferred});
}

RtpTimestamp TelephoneEventReceiver::Latest::until() const noexcept {
    return rtp_distance(counted(), timestamp) > 0 ? timestamp : counted();
}

} // namespace keytone
