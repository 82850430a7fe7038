// SPDX-License-Identifier: MIT
#include "server/media/leg_stream.hpp"

#include "engine/rtp/rtcp_packet.hpp"
#include "engine/rtp/rtp_packet.hpp"
#include "server/media/hex.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::int64_t samples_per_second = 8000;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
/// The receiver's clock begins before the stream, so that nothing comes before it.
constexpr Instant lead = std::chrono::seconds(10);

/// Set where keys go out as tones: no packet is written with it.
constexpr std::uint8_t unused_payload_type = 127;

/// How far behind and ahead of the next sample a key can begin. Some senders' events have timestamps of a
/// clock of their own: a key outside these bounds begins now.
constexpr SampleCount longest_behind = 5 * samples_per_second;
constexpr SampleCount longest_ahead = samples_per_second / 2;

RtpReceiverConfig receiver_config(const StreamParameters& parameters) {
    RtpReceiverConfig config;
    config.payload_types = parameters.heard;
    return config;
}

RtpSenderConfig sender_config(const StreamParameters& parameters, const StreamSeed& seed) {
    RtpSenderConfig config;
    config.law = parameters.law;
    config.payload_type = parameters.payload_type;
    config.event_payload_type = parameters.event_payload_type.value_or(unused_payload_type);
    config.packet_time = parameters.packet_time;
    config.ssrc = seed.ssrc;
    config.first_sequence = seed.first_sequence;
    config.first_timestamp = seed.first_timestamp;
    return config;
}

} // namespace

LegStream::LegStream(RtpPort port, const StreamParameters& parameters, const StreamSeed& seed)
    : port_(std::move(port)),
      parameters_(parameters),
      seed_(seed),
      far_(parameters.far, parameters.symmetric),
      receiver_(receiver_config(parameters)),
      sender_(sender_config(parameters, seed)),
      reports_(seed.ssrc) {
    figures_.is_open = true;
    if (parameters.srtp) {
        srtp_.emplace(*parameters.srtp);
    }
}

void LegStream::start_at(SampleIndex position, Instant now) noexcept {
    epoch_ = now - lead;
    sender_.skip(position, [](std::span<const std::uint8_t>) {}); // no packet was begun: none goes out
    plan_report(now, true);
}

void LegStream::change(const StreamParameters& parameters, PacketIo& io) noexcept {
    sender_.change(parameters.law, parameters.payload_type,
                   parameters.event_payload_type.value_or(unused_payload_type), parameters.packet_time,
                   [&](std::span<const std::uint8_t> bytes) { put(Channel::rtp, bytes, io); });
    receiver_.set_payload_types(parameters.heard);
    far_.tell(parameters.far, parameters.symmetric);
    parameters_ = parameters;
    if (parameters.srtp) {
        secure(*parameters.srtp);
    }
}

/// A key that stays the same keeps its state: started again, it would encrypt other packets with the same
/// indexes.
void LegStream::secure(const SrtpKeys& keys) noexcept {
    if (!srtp_) {
        srtp_.emplace(keys);
        return;
    }
    if (srtp_->keys.own != keys.own) {
        srtp_->out = SrtpSender(keys.own);
    }
    if (srtp_->keys.far != keys.far) {
        srtp_->in = SrtpReceiver(keys.far);
    }
    srtp_->keys = keys;
}

// ---- Receiving

void LegStream::expect(PacketIo& io) const noexcept {
    io.expect(port_, Channel::rtp);
    if (ticks_to_rtcp_ == 1) {
        io.expect(port_, Channel::rtcp);
    }
}

void LegStream::receive(SampleIndex position, PacketIo& io, KeySink keys) noexcept {
    // A key is reported ahead of the samples of its time. Its end has the onset of its begin, even if the
    // delay has changed since.
    const auto on_leg_clock = [&](KeyReport report) {
        if (report.kind == KeyReport::Kind::begin) {
            const SampleCount ahead = rtp_distance(receiver_.buffer().position(), report.onset);
            const bool fits = ahead >= -longest_behind && ahead <= longest_ahead;
            key_onset_ = position + (fits ? ahead : 0);
        }
        report.onset = static_cast<RtpTimestamp>(key_onset_.value_or(position));
        keys(report);
    };
    figures_.since_last_packet += samples_per_second / 50;
    io.receive(port_, Channel::rtp,
               [&](const Datagram& datagram) { take(Channel::rtp, datagram, on_leg_clock); });
    if (--ticks_to_rtcp_ == 0) {
        ticks_to_rtcp_ = ticks_per_rtcp;
        io.receive(port_, Channel::rtcp,
                   [&](const Datagram& datagram) { take(Channel::rtcp, datagram, on_leg_clock); });
    }
}

/// Reports may come on either port: RFC 5761.
void LegStream::take(Channel channel, const Datagram& datagram, KeySink keys) noexcept {
    const bool report = channel == Channel::rtcp || is_rtcp(datagram.bytes);
    Datagram clear = datagram;
    std::array<std::uint8_t, max_srtp_packet> place;
    if (srtp_) {
        const auto opened =
            report ? srtp_->in.open_rtcp(datagram.bytes, place) : srtp_->in.open_rtp(datagram.bytes, place);
        if (!opened) {
            return;
        }
        clear.bytes = *opened;
    }
    report ? take_rtcp(clear) : take_rtp(clear, keys);
}

void LegStream::take_rtp(const Datagram& datagram, KeySink keys) noexcept {
    const auto packet = parse_rtp(datagram.bytes);
    if (!packet || !is_agreed(packet->payload_type)) {
        ++figures_.refused;
        return;
    }
    if (!far_.admit(datagram.source, packet->ssrc, packet->sequence)) {
        ++figures_.foreign_source;
        return;
    }
    const auto other = receiver_.figures().foreign;
    receiver_.receive(datagram.bytes, samples(datagram.arrival), keys);
    if (receiver_.figures().foreign != other) {
        return;
    }
    ++figures_.packets_in;
    figures_.since_last_packet = 0;
    if (!figures_.first_arrival) {
        figures_.first_arrival = datagram.arrival;
    }
}

void LegStream::take_rtcp(const Datagram& datagram) noexcept {
    if (!datagram.source.same_host(far_.to())) {
        ++figures_.foreign_source;
    } else if (const auto compound = parse_rtcp(datagram.bytes)) {
        reports_.take(*compound, ntp(datagram.arrival));
    } else {
        ++figures_.refused;
    }
}

bool LegStream::is_agreed(std::uint8_t payload_type) const noexcept {
    const RtpPayloadTypes& types = parameters_.heard;
    return payload_type == types.pcmu || payload_type == types.pcma || payload_type == types.comfort_noise ||
           payload_type == types.telephone_event;
}

void LegStream::play(Instant now, std::span<std::int16_t> out, StretchSink stretches, KeySink keys) noexcept {
    // Reported here are only ends of keys that no packet announced.
    receiver_.play(samples(now), out, stretches, [&](KeyReport report) {
        report.onset = static_cast<RtpTimestamp>(key_onset_.value_or(0));
        keys(report);
    });
}

// ---- Sending

void LegStream::put(Channel channel, std::span<const std::uint8_t> bytes, PacketIo& io) noexcept {
    const SocketAddress to = channel == Channel::rtp ? far_.to() : far_rtcp();
    if (!to.is_set()) {
        return; // else SRTP would count it as sent
    }
    if (!srtp_) {
        io.send(port_, channel, to, bytes);
        return;
    }
    std::array<std::uint8_t, max_srtp_packet> place;
    io.send(port_, channel, to,
            channel == Channel::rtp ? srtp_->out.protect_rtp(bytes, place)
                                    : srtp_->out.protect_rtcp(bytes, place));
}

void LegStream::send_event(const TelephoneEventPacket& packet, PacketIo& io) noexcept {
    if (parameters_.event_payload_type && parameters_.sends && far_.to().is_set()) {
        sender_.send_event(packet,
                           [&](std::span<const std::uint8_t> bytes) { put(Channel::rtp, bytes, io); });
    }
}

void LegStream::send(Instant now, std::span<const std::int16_t> samples, PacketIo& io) noexcept {
    const auto out = [&](std::span<const std::uint8_t> bytes) { put(Channel::rtp, bytes, io); };
    if (parameters_.sends && far_.to().is_set()) {
        sender_.send(samples, out);
    } else {
        sender_.skip(std::ssize(samples), out);
    }
    if (now >= next_report_) {
        send_report(now, false, io);
        plan_report(now, false);
    }
}

void LegStream::finish(Instant now, PacketIo& io, KeySink keys) noexcept {
    io.forget(port_);
    receiver_.finish([&](KeyReport report) {
        report.onset = static_cast<RtpTimestamp>(key_onset_.value_or(0));
        keys(report);
    });
    sender_.skip(1, [&](std::span<const std::uint8_t> bytes) { put(Channel::rtp, bytes, io); });
    send_report(now, true, io);
    figures_.is_open = false;
}

void LegStream::send_report(Instant now, bool bye, PacketIo& io) noexcept {
    RtcpReport report{.ssrc = seed_.ssrc, .sender = {}, .block = {}, .cname = {}, .bye = bye};
    if (sender_.packets() > 0) {
        report.sender = {ntp(now), sender_.timestamp(), sender_.packets(), sender_.octets()};
    }
    if (figures_.packets_in > 0) {
        report.block = reports_.report(receiver_.source(), ntp(now));
    }
    // A CNAME made for this stream alone reveals nothing of the machine: RFC 7022, 4.2.
    std::array<char, 16> name;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const std::uint32_t word = i < 8 ? seed_.ssrc : seed_.first_timestamp;
        name[i] = hex_digits[word >> (i % 8 * 4) & 0xFU];
    }
    report.cname = std::string_view(name.data(), name.size());
    std::array<std::uint8_t, max_rtcp_size> bytes;
    const std::size_t size = write_rtcp(report, bytes);
    put(Channel::rtcp, std::span<const std::uint8_t>(bytes).first(size), io);
}

void LegStream::plan_report(Instant now, bool is_first) noexcept {
    // Marsaglia's xorshift: random enough to spread reports evenly.
    std::uint32_t& state = seed_.report_times;
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    RtcpTiming timing;
    timing.sends = parameters_.sends;
    timing.is_first = is_first;
    const Milliseconds wait = rtcp_interval(timing, static_cast<double>(state) / 4294967296.0);
    next_report_ = now + Instant(static_cast<std::int64_t>(wait.value * 1e6));
}

/// The RTCP address in the SDP, while media goes to that host; else the port after the one that media goes
/// to.
SocketAddress LegStream::far_rtcp() const noexcept {
    const SocketAddress& to = far_.to();
    if (parameters_.far_rtcp.is_set() && parameters_.far_rtcp.same_host(to)) {
        return parameters_.far_rtcp;
    }
    return to.with_port(static_cast<std::uint16_t>(to.port() + 1U));
}

// ---- Clocks and figures

SampleIndex LegStream::samples(Instant at) const noexcept {
    const std::int64_t since = std::max<std::int64_t>((at - epoch_).count(), 0);
    return since / (nanoseconds_per_second / samples_per_second);
}

NtpTime LegStream::ntp(Instant at) const noexcept {
    const auto wall = static_cast<std::uint64_t>(at.count() + seed_.wall_clock_ahead);
    const std::uint64_t seconds = wall / nanoseconds_per_second;
    const std::uint64_t rest = wall % nanoseconds_per_second;
    return seconds << 32U | (rest << 32U) / nanoseconds_per_second;
}

StreamFigures LegStream::figures() const noexcept {
    StreamFigures figures = figures_;
    const RtpSourceFigures source = receiver_.source();
    figures.secured = srtp_.has_value();
    if (srtp_) {
        figures.tampered = srtp_->in.figures().tampered;
        figures.replayed = srtp_->in.figures().replayed;
    }
    figures.locked = far_.locked();
    figures.far = far_.to();
    figures.far_left = reports_.far_left();
    figures.packets_out = sender_.packets();
    figures.lost = source.expected - source.received;
    figures.late = receiver_.buffer().figures().late;
    figures.foreign_ssrc = receiver_.figures().foreign;
    figures.streams = receiver_.figures().streams;
    figures.jitter = Milliseconds{1000.0 * source.jitter / samples_per_second};
    figures.round_trip = reports_.round_trip();
    figures.far_reception = reports_.far_reception();
    return figures;
}

} // namespace keytone::server
