// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_receiver.hpp"

#include "dsp/g711.hpp"
#include "dsp/sample_rate.hpp"

namespace keytone {

namespace {

/// How long the payload's events had lasted when it was sent, in timestamp units; 0 where it holds none.
SampleCount duration_of(std::span<const std::uint8_t> payload) noexcept {
    SampleCount duration = 0;
    if (const auto events = TelephoneEventPayload::from_bytes(payload)) {
        for (std::size_t i = 0; i < events->size(); ++i) {
            duration += (*events)[i].duration;
        }
    }
    return duration;
}

} // namespace

RtpReceiver::RtpReceiver(const RtpReceiverConfig& config)
    : types_(config.payload_types),
      source_(SampleRate::narrowband()),
      buffer_(config.limits),
      events_(SampleRate::narrowband(), config.event_limits) {}

void RtpReceiver::receive(std::span<const std::uint8_t> datagram, SampleIndex arrival,
                          KeySink keys) noexcept {
    const auto parsed = parse_rtp(datagram);
    if (!parsed) {
        ++figures_.refused;
        return;
    }
    const RtpPacket& packet = *parsed;
    const bool is_event = packet.payload_type == types_.telephone_event;
    const bool is_noise = packet.payload_type == types_.comfort_noise;
    const bool is_ulaw = packet.payload_type == types_.pcmu;
    const bool is_known = is_event || is_noise || is_ulaw || packet.payload_type == types_.pcma;
    if (!is_known && !(source_.has_begun() && packet.ssrc == source_.ssrc())) {
        ++figures_.unknown_payload;
        return;
    }
    const auto [verdict, sequence] = source_.take(packet, arrival, is_known && !is_event);
    switch (verdict) {
    case RtpSource::Verdict::foreign:
        ++figures_.foreign;
        return;
    case RtpSource::Verdict::unheard:
        ++figures_.unheard;
        return;
    case RtpSource::Verdict::begun:
        ++figures_.streams;
        events_.finish(keys);
        events_.reset();
        buffer_.begin_anew();
        break;
    case RtpSource::Verdict::heard:
        break;
    }
    const TimedPacket timed{sequence, packet.timestamp, arrival};
    if (is_event) {
        buffer_.take_event(timed, duration_of(packet.payload));
        events_.receive(packet.sequence, packet.timestamp, packet.marker, packet.payload, keys);
    } else if (is_noise) {
        buffer_.take_noise(timed, packet.payload);
    } else if (is_known) {
        buffer_.take_audio(timed, is_ulaw ? G711Law::ulaw : G711Law::alaw, packet.payload);
    } else {
        ++figures_.unknown_payload;
        buffer_.take_other(timed);
    }
}

void RtpReceiver::play(SampleIndex now, std::span<std::int16_t> out, StretchSink stretches,
                       KeySink keys) noexcept {
    buffer_.play(now, out, stretches);
    if (buffer_.has_begun()) {
        events_.advance(buffer_.position(), keys);
    }
}

void RtpReceiver::finish(KeySink keys) noexcept {
    events_.finish(keys);
    events_.reset();
}

} // namespace keytone
