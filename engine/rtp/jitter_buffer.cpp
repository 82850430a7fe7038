// SPDX-License-Identifier: MIT
#include "engine/rtp/jitter_buffer.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace keytone {

namespace {

constexpr SampleRate rate = SampleRate::narrowband();
/// Silence that was played before a pause may be made shorter or longer: what parts two keys (Q.24: 40 ms),
/// and a margin.
constexpr SampleCount least_pause = rate.samples(Milliseconds{60});
/// What is looked at as a whole, for whether it is silence.
constexpr SampleCount part = rate.samples(Milliseconds{5});
/// Sound this soft is silence: -50 dBm0, 2.5 dB below the softest tone that is taken for a key's. Of a
/// sample's square; 0 dBm0 is 3.14 dB below the power of a full-scale sine, 2^29.
constexpr std::int64_t silence_power = 2605;
/// Nothing comes for so long, and it is a pause. Longer than what a key outlasts (longest_bridged_loss).
constexpr SampleCount longest_loss = rate.samples(Milliseconds{250});
/// How long no audio is missed behind what is known of an event.
constexpr SampleCount event_grace = rate.samples(Milliseconds{100});
/// How far off the delay may be: too short and too long, where it can be changed in silence, and where not.
constexpr SampleCount too_short_in_silence = rate.samples(Milliseconds{2});
constexpr SampleCount too_long_in_silence = rate.samples(Milliseconds{6});
constexpr SampleCount too_short_in_sound = rate.samples(Milliseconds{3});
constexpr SampleCount too_long_in_sound = rate.samples(Milliseconds{20});
/// In sound, one sample in so many; or in half of it, where blocks are as short.
constexpr SampleCount bend = rate.samples(Milliseconds{20});
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
    // It was sent when it had lasted so long. Audio tells the time better, and many senders' events do not.
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
    // Packets mostly begin and end with a part: a detector hears in such, and one that is lost in part is
    // lost.
    const SampleCount ahead = std::max<SampleCount>(first - (now_ - delays_.base() - target_delay()), 0);
    const SampleIndex begin = first - ahead - (2 * part - (played_ + ahead) % part) % part;
    ring_.reset(begin);
    ring_.silence(begin, first);
    silent_until_ = sounded_until_ = begin;
    starved_ = waited_ = to_insert_ = 0;
    quiet_ = least_pause;
    return first;
}

/// False for what came before.
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

/// What comes late behind a pause makes the pause longer; what comes far too soon makes others be dropped.
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

void JitterBuffer::play(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept {
    while (!out.empty()) {
        const auto piece = out.first(static_cast<std::size_t>(std::min(std::ssize(out), bend)));
        if (begun_) {
            adjust(now);
            for (auto rest = piece; !rest.empty();) {
                const SampleIndex at = now + std::ssize(piece) - std::ssize(rest);
                rest = rest.subspan(static_cast<std::size_t>(play_some(at, rest, sink)));
            }
        } else {
            play_silence(piece, 0, sink);
        }
        now += std::ssize(piece);
        out = out.subspan(piece.size());
    }
    now_ = now;
}

/// In a pause.
void JitterBuffer::adjust(SampleIndex now) noexcept {
    const SampleCount too_long = delay(now) - target_delay();
    if (quiet_ < least_pause) {
        return;
    }
    if (too_long > too_long_in_silence) {
        shorten_pause(too_long);
    } else if (too_long < -too_short_in_silence) {
        to_insert_ = (part - 1 - too_long) / part * part;
    }
}

void JitterBuffer::shorten_pause(SampleCount too_long) noexcept {
    for (to_insert_ = 0; too_long >= part; too_long -= part) {
        std::array<std::int16_t, part> samples;
        for (SampleCount i = 0; i < part;) {
            const auto run = ring_.run(i, part - i);
            if (run.state == PlayoutRing::State::unknown) {
                return;
            }
            i += run.count;
        }
        ring_.read(samples);
        std::int64_t energy = 0;
        for (const std::int64_t sample : samples) {
            energy += sample * sample;
        }
        if (energy > part * silence_power) {
            return;
        }
        skip(part);
        figures_.dropped += static_cast<std::uint64_t>(part);
    }
}

SampleCount JitterBuffer::play_some(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept {
    if (to_insert_ > 0) {
        const auto inserted = out.first(static_cast<std::size_t>(std::min(std::ssize(out), to_insert_)));
        to_insert_ -= std::ssize(inserted);
        figures_.inserted += inserted.size();
        return play_silence(inserted, 0, sink);
    }
    const auto run = ring_.run(0, std::ssize(out));
    const auto next = out.first(static_cast<std::size_t>(run.count));
    switch (run.state) {
    case PlayoutRing::State::audio:
        starved_ = waited_ = 0;
        return play_audio(now, out, run.count, sink);
    case PlayoutRing::State::silent:
        starved_ = waited_ = 0;
        return play_silence(next, run.count, sink);
    case PlayoutRing::State::unknown:
        break;
    }
    if (ring_.end() == ring_.begin()) {
        return await(now, out, sink);
    }
    starved_ = 0;
    if (waited_ > 0) { // the time of what is lost here is over already
        const SampleCount over = ring_.run(0, waited_).count;
        waited_ -= over;
        skip(over);
        return 0;
    }
    return play_loss(next, true, sink);
}

/// Nothing is known of what comes now, nor of anything behind it.
SampleCount JitterBuffer::await(SampleIndex now, std::span<std::int16_t> out, Sink sink) noexcept {
    if (ring_.begin() < silent_until_) {
        const SampleCount count = std::min(std::ssize(out), silent_until_ - ring_.begin());
        return play_silence(out.first(static_cast<std::size_t>(count)), count, sink);
    }
    if (starved_ >= longest_loss) {
        const SampleCount to_target = delay(now) + std::ssize(out) - target_delay();
        return play_silence(out, std::max<SampleCount>(to_target, 0), sink);
    }
    const bool waits = delay(now) + std::ssize(out) <= max_delay_;
    starved_ += std::ssize(out);
    waited_ += waits ? std::ssize(out) : 0;
    figures_.inserted += waits ? out.size() : 0;
    return play_loss(out, !waits, sink);
}

SampleCount JitterBuffer::play_audio(SampleIndex now, std::span<std::int16_t> out, SampleCount count,
                                     Sink sink) noexcept {
    const SampleCount too_long = delay(now) - target_delay();
    const auto samples = out.first(static_cast<std::size_t>(count));
    if (count >= bend / 2 && quiet_ < least_pause) {
        if (too_long > too_long_in_sound && ring_.run(0, count + 1).count == count + 1) {
            return play_bent(samples, count + 1, sink);
        }
        if (too_long < -too_short_in_sound) {
            return play_bent(samples, count - 1, sink);
        }
    }
    ring_.read(samples);
    tell(PlayedStretch::Kind::heard, count, ring_.begin(), sink);
    weigh(samples);
    skip(count);
    return count;
}

/// `taken` samples as one less or more, by cubic interpolation (Catmull and Rom).
SampleCount JitterBuffer::play_bent(std::span<std::int16_t> out, SampleCount taken, Sink sink) noexcept {
    std::array<std::int16_t, bend + 1> read;
    const auto samples = std::span(read).first(static_cast<std::size_t>(taken));
    ring_.read(samples);
    const auto sample = [&](SampleCount at) {
        return static_cast<float>(
            samples[static_cast<std::size_t>(std::clamp<SampleCount>(at, 0, taken - 1))]);
    };
    const SampleCount steps = std::ssize(out) - 1;
    for (SampleCount i = 0; i <= steps; ++i) {
        const SampleCount scaled = i * (taken - 1);
        const SampleCount at = scaled / steps;
        const float x = static_cast<float>(scaled % steps) / static_cast<float>(steps);
        const float a = sample(at - 1);
        const float b = sample(at);
        const float c = sample(at + 1);
        const float d = sample(at + 2);
        const float value =
            b + 0.5F * x * (c - a + x * (2.0F * a - 5.0F * b + 4.0F * c - d + x * (3.0F * (b - c) + d - a)));
        out[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(std::clamp(value, -32768.0F, 32767.0F));
    }
    figures_.bent += 1;
    tell(PlayedStretch::Kind::heard, std::ssize(out), ring_.begin(), sink);
    weigh(out);
    skip(taken);
    return std::ssize(out);
}

/// The stream moves on by `moved` meanwhile.
SampleCount JitterBuffer::play_silence(std::span<std::int16_t> out, SampleCount moved, Sink sink) noexcept {
    noise_.generate(out);
    tell(PlayedStretch::Kind::silent, std::ssize(out), ring_.begin(), sink);
    quiet_ += std::ssize(out);
    ring_.move_on(moved);
    return std::ssize(out);
}

SampleCount JitterBuffer::play_loss(std::span<std::int16_t> out, bool moves, Sink sink) noexcept {
    std::ranges::fill(out, std::int16_t{0});
    tell(PlayedStretch::Kind::lost, std::ssize(out), ring_.begin(), sink);
    quiet_ = weighed_ = energy_ = 0;
    if (moves) {
        skip(std::ssize(out));
    }
    return std::ssize(out);
}

void JitterBuffer::tell(PlayedStretch::Kind kind, SampleCount count, SampleIndex timestamp,
                        Sink sink) noexcept {
    auto& counter = kind == PlayedStretch::Kind::heard    ? figures_.heard
                    : kind == PlayedStretch::Kind::silent ? figures_.silent
                                                          : figures_.lost;
    counter += static_cast<std::uint64_t>(count);
    sink({kind, played_, count, static_cast<RtpTimestamp>(timestamp)});
    played_ += count;
}

void JitterBuffer::weigh(std::span<const std::int16_t> samples) noexcept {
    for (const std::int64_t sample : samples) {
        energy_ += sample * sample;
        if (++weighed_ == part) {
            quiet_ = energy_ <= part * silence_power ? quiet_ + part : 0;
            weighed_ = energy_ = 0;
        }
    }
}

} // namespace keytone
