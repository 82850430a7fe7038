// SPDX-License-Identifier: MIT
#include "engine/rtp/jitter_buffer.hpp"

#include "engine/rtp/playout_rules.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace keytone {

namespace {

using playout::least_pause;
using playout::part;
using playout::rate;

/// For how long behind what is known of an event missing audio is silence, not a loss.
constexpr SampleCount event_grace = rate.samples(Milliseconds{100});
constexpr SampleCount max_shift = rate.samples(Milliseconds{1000});
constexpr SampleIndex for_ever = std::numeric_limits<SampleIndex>::max();

SampleCount bounded(Milliseconds delay) {
    return rate.samples(std::clamp(delay, Milliseconds{0}, Milliseconds{250}));
}

} // namespace

JitterBuffer::JitterBuffer(const JitterBufferLimits& limits)
    : block_(bounded(limits.block)),
      min_delay_(bounded(limits.min_delay)),
      max_delay_(std::max(bounded(limits.max_delay), min_delay_)),
      delays_(rate),
      quiet_(least_pause) {}

void JitterBuffer::begin_anew() noexcept {
    begun_ = false;
    packets_.reset();
    noise_.silence();
    delays_.begin_anew();
}

void JitterBuffer::take_audio(const TimedPacket& packet, G711Law law,
                              std::span<const std::uint8_t> codes) noexcept {
    if (codes.empty() || codes.size() > PlayoutRing::max_packet) {
        ++figures_.malformed;
        return;
    }
    const SampleIndex begin = begin_at(packet.timestamp, packet.arrival);
    const SampleIndex end = begin + std::ssize(codes);
    if (!enter(packet, begin, end, end)) {
        return;
    }
    delays_.hear(begin, packet.arrival);
    last_audio_ = packet.arrival;
    make_room(begin, end);
    figures_.late += begin < ring_.begin() ? 1U : 0U;
    ring_.write(begin, law, codes);
}

void JitterBuffer::take_noise(const TimedPacket& packet, std::span<const std::uint8_t> payload) noexcept {
    const SampleIndex begin = begin_at(packet.timestamp, packet.arrival);
    if (enter(packet, begin, begin, for_ever) && packet.sequence == packets_.newest() && !payload.empty()) {
        noise_.set_level(payload.front());
    }
}

void JitterBuffer::take_event(const TimedPacket& packet, SampleCount duration) noexcept {
    // It was sent when the event had lasted so long. Audio gives the time better, and many senders' events do
    // not give it at all.
    const auto sent = packet.timestamp + static_cast<RtpTimestamp>(duration);
    const bool tells_time = begun_ && std::abs(packet.arrival - extended(sent) - delays_.base()) <= max_shift;
    if (begun_ && !tells_time && packet.arrival - last_audio_ > max_shift) {
        begun_ = false;
    }
    const SampleIndex end = begin_at(sent, packet.arrival);
    if (!enter(packet, end - duration, end, end + event_grace)) {
        return;
    }
    if (tells_time || packet.arrival - last_audio_ > max_shift) {
        delays_.hear_base(end, packet.arrival);
    }
    ring_.silence(end - duration, end);
}

void JitterBuffer::take_other(const TimedPacket& packet) noexcept {
    if (begun_) {
        const SampleIndex at = extended(packet.timestamp);
        static_cast<void>(enter(packet, at, at, at));
    }
}

SampleCount JitterBuffer::target_delay() const noexcept {
    return std::clamp(block_ + delays_.spread(), min_delay_, max_delay_);
}

SampleCount JitterBuffer::delay(SampleIndex now) const noexcept {
    return now - delays_.base() - ring_.begin();
}

SampleIndex JitterBuffer::extended(RtpTimestamp timestamp) const noexcept {
    return ring_.begin() + rtp_distance(position(), timestamp);
}

/// The stream's first packet says where its time begins. Returns its extended timestamp.
SampleIndex JitterBuffer::begin_at(RtpTimestamp timestamp, SampleIndex arrival) noexcept {
    if (begun_) {
        return extended(timestamp);
    }
    constexpr SampleIndex cycle = SampleIndex{1} << 32U;
    const SampleIndex first = cycle + timestamp;
    begun_ = true;
    packets_.reset();
    delays_.begin_anew();
    delays_.hear_base(first, arrival);
    now_ = std::max(now_, arrival);
    // Chosen so that packets mostly begin and end with a part: a detector hears in such parts, and a part
    // that lacks a sample is lost to it as a whole.
    const SampleCount ahead = std::max<SampleCount>(first - (now_ - delays_.base() - target_delay()), 0);
    const SampleIndex begin = first - ahead - (2 * part - (played_ + ahead) % part) % part;
    ring_.reset(begin);
    ring_.silence(begin, first);
    silent_until_ = sounded_until_ = begin;
    starved_ = waited_ = to_insert_ = 0;
    quiet_ = least_pause;
    return first;
}

/// False for a packet that came before.
bool JitterBuffer::enter(const TimedPacket& packet, SampleIndex begin, SampleIndex end,
                         SampleIndex silent_until) noexcept {
    if (!packets_.add({packet.sequence, begin, end})) {
        ++figures_.duplicates;
        return false;
    }
    if (packet.sequence == packets_.newest()) {
        silent_until_ = silent_until;
    }
    if (const auto* before = packets_.find(packet.sequence - 1)) {
        ring_.silence(before->end, begin);
    }
    if (const auto* after = packets_.find(packet.sequence + 1)) {
        ring_.silence(end, after->begin);
    }
    return true;
}

/// A packet that comes late behind a pause makes the pause longer. For one that comes far too early the
/// oldest samples are dropped.
void JitterBuffer::make_room(SampleIndex begin, SampleIndex end) noexcept {
    if (begin < ring_.begin()) {
        const SampleIndex earliest = std::max({begin, sounded_until_, now_ - delays_.base() - max_delay_});
        if (earliest < ring_.begin() && ring_.end() == ring_.begin()) {
            ring_.reset(earliest);
        } else if (earliest < ring_.begin()) {
            ring_.move_back(ring_.begin() - earliest);
        }
    } else if (end > ring_.limit()) {
        const SampleIndex wanted = std::max(end - max_delay_, ring_.begin());
        figures_.overflowed += static_cast<std::uint64_t>(wanted - ring_.begin());
        skip(wanted - ring_.begin());
    }
}

void JitterBuffer::skip(SampleCount count) noexcept {
    ring_.move_on(count);
    sounded_until_ = ring_.begin();
}

} // namespace keytone
