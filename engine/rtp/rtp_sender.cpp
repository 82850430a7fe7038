// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_sender.hpp"

#include "dsp/sample_rate.hpp"

#include <algorithm>

namespace keytone {

namespace {

std::size_t samples_of(Milliseconds packet_time) noexcept {
    // A NaN is out of range, and becomes 10 ms.
    const bool in_range = packet_time >= Milliseconds{10} && packet_time <= Milliseconds{60};
    const Milliseconds nearest = in_range                         ? packet_time
                                 : packet_time > Milliseconds{60} ? Milliseconds{60}
                                                                  : Milliseconds{10};
    return static_cast<std::size_t>(SampleRate::narrowband().samples(nearest));
}

} // namespace

RtpSender::RtpSender(const RtpSenderConfig& config) noexcept
    : config_(config), packet_samples_(samples_of(config.packet_time)), sequence_(config.first_sequence) {}

void RtpSender::send_event(const TelephoneEventPacket& packet, Sink sink) noexcept {
    // The further segments of a long event have later timestamps: the key began with the first.
    const SampleIndex segment =
        position_ + rtp_distance(static_cast<RtpTimestamp>(position_), packet.timestamp);
    const SampleIndex until = segment + packet.event.duration;
    if (!key_ || packet.marker || segment < key_->begin) {
        key_ = {segment, std::nullopt};
    }
    if (packet.event.end) {
        key_->end = until;
    }
    const auto event = pack(packet.event);
    std::ranges::copy(event, payload().begin());
    write(packet.marker, config_.event_payload_type, config_.first_timestamp + packet.timestamp, event.size(),
          sink);
}

void RtpSender::send(std::span<const std::int16_t> samples, Sink sink) noexcept {
    while (!samples.empty()) {
        const auto taken = samples.first(std::min(samples.size(), packet_samples_ - gathered_));
        g711_encode(config_.law, taken, std::span(gathered_codes_).subspan(gathered_, taken.size()));
        gathered_ += taken.size();
        position_ += std::ssize(taken);
        samples = samples.subspan(taken.size());
        if (gathered_ == packet_samples_) {
            finish_packet(sink);
        }
    }
}

void RtpSender::skip(SampleCount count, Sink sink) noexcept {
    if (count <= 0) {
        return;
    }
    if (gathered_ > 0) {
        finish_packet(sink);
    }
    position_ += count;
    spurt_begins_ = true;
}

void RtpSender::change(G711Law law, std::uint8_t payload_type, std::uint8_t event_payload_type,
                       Milliseconds packet_time, Sink sink) noexcept {
    if (gathered_ > 0) {
        finish_packet(sink);
    }
    config_.law = law;
    config_.payload_type = payload_type;
    config_.event_payload_type = event_payload_type;
    config_.packet_time = packet_time;
    packet_samples_ = samples_of(packet_time);
}

void RtpSender::finish_packet(Sink sink) noexcept {
    const std::size_t count = gathered_;
    gathered_ = 0;
    const SampleIndex begin = position_ - static_cast<SampleCount>(count);
    const bool is_keys = lies_within_key(begin, position_);
    if (is_keys && config_.during_events == AudioDuringEvents::suppressed) {
        spurt_begins_ = true;
        return;
    }
    const auto codes = payload().first(count);
    if (is_keys) {
        std::ranges::fill(codes, config_.law == G711Law::ulaw ? ulaw_encode(0) : alaw_encode(0));
    } else {
        std::ranges::copy(std::span(gathered_codes_).first(count), codes.begin());
    }
    write(spurt_begins_, config_.payload_type, config_.first_timestamp + static_cast<RtpTimestamp>(begin),
          count, sink);
    spurt_begins_ = false;
}

/// Writes the header in front of the payload, which is in place already.
void RtpSender::write(bool marker, std::uint8_t payload_type, RtpTimestamp timestamp,
                      std::size_t payload_size, Sink sink) noexcept {
    const auto header = pack(RtpHeader{marker, payload_type, sequence_, timestamp, config_.ssrc});
    std::ranges::copy(header, bytes_.begin());
    ++sequence_;
    ++packets_;
    octets_ += static_cast<std::uint32_t>(payload_size);
    sink(std::span(bytes_).first(header.size() + payload_size));
}

bool RtpSender::lies_within_key(SampleIndex begin, SampleIndex end) const noexcept {
    return key_ && begin >= key_->begin && (!key_->end || end <= *key_->end);
}

} // namespace keytone
