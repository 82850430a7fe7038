// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event_sender.hpp"

#include <algorithm>

namespace keytone {

namespace {

constexpr SampleIndex farthest = 1'000'000'000'000'000;

SampleIndex end_of(const TelephoneKey& key) noexcept {
    return key.onset + key.duration;
}

} // namespace

Result<TelephoneEventSender, Error> TelephoneEventSender::create(SampleRate clock, Milliseconds packet_time,
                                                                 RtpTimestamp first_timestamp) {
    if (!(packet_time >= min_packet_time && packet_time <= max_packet_time)) {
        return Error::packet_time_out_of_range;
    }
    return TelephoneEventSender(clock.samples(packet_time), first_timestamp);
}

bool TelephoneEventSender::send(const TelephoneKey& key) noexcept {
    const bool in_range = key.onset >= -farthest && key.onset <= farthest && key.duration >= 1 &&
                          key.duration <= TelephoneKey::longest;
    if (!in_range || waiting_ || (current_ && key.onset < end_of(*current_))) {
        return false;
    }
    waiting_ = key;
    if (!current_) {
        begin_waiting();
    }
    return true;
}

void TelephoneEventSender::release(SampleIndex at) noexcept {
    auto& key = waiting_ ? waiting_ : current_;
    const bool ended = !waiting_ && ends_sent_ > 0;
    if (!key || ended || at >= end_of(*key)) {
        return;
    }
    // A duration that was reported stays true, and none is 0.
    const SampleCount least = waiting_ ? 1 : std::max(reported_, segment_ + 1);
    key->duration = std::min(key->duration, std::max(std::max(at, key->onset) - key->onset, least));
}

std::optional<SampleIndex> TelephoneEventSender::due() const noexcept {
    if (!current_) {
        return std::nullopt;
    }
    if (ends_sent_ == 0) {
        return current_->onset + next_report();
    }
    const SampleIndex repeat = end_of(*current_) + ends_sent_ * packet_time_;
    return waiting_ ? std::min(repeat, waiting_->onset) : repeat;
}

std::optional<TelephoneEventPacket> TelephoneEventSender::next(SampleIndex now) noexcept {
    const auto at = due();
    if (!at || *at > now) {
        return std::nullopt;
    }
    const SampleCount until = next_report();
    const TelephoneEventPacket result = packet(until);
    reported_ = until;
    if (result.event.end) {
        if (++ends_sent_ == end_packets) {
            begin_waiting();
        }
        return result;
    }
    if (until == tick_) {
        tick_ += packet_time_;
    }
    if (until == segment_ + TelephoneEvent::max_duration) {
        segment_ = until;
    }
    return result;
}

// Up to when the next packet reports. The last packet of a segment comes at its end, as that of an event does
// (2.5.1.3). A key no longer than a packet time is first reported half-way: there are receivers for which no
// key begins with an end.
SampleCount TelephoneEventSender::next_report() const noexcept {
    if (reported_ == 0 && current_->duration <= packet_time_) {
        return std::max(current_->duration / 2, SampleCount{1});
    }
    return std::min({tick_, segment_ + TelephoneEvent::max_duration, current_->duration});
}

TelephoneEventPacket TelephoneEventSender::packet(SampleCount until) const noexcept {
    const auto since_first = static_cast<RtpTimestamp>(current_->onset + segment_);
    return {first_timestamp_ + since_first,
            reported_ == 0,
            {current_->key.event_code(), reported_ > 0 && until == current_->duration,
             telephone_event_volume(current_->level), static_cast<std::uint16_t>(until - segment_)}};
}

void TelephoneEventSender::begin_waiting() noexcept {
    current_ = waiting_;
    waiting_.reset();
    tick_ = packet_time_;
    segment_ = 0;
    reported_ = 0;
    ends_sent_ = 0;
}

} // namespace keytone
