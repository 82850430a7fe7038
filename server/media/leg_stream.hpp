// SPDX-License-Identifier: MIT
//
// A leg's stream, both ways, without a socket and without a clock of its own:
//
//     datagrams ─► far end? ─► receiver ─► samples and keys, on the leg's clock
//     samples and keys, on the leg's clock ─► sender ─► datagrams
//     reports both ways
//
// The leg's clock counts the samples that it was asked for; a packet's timestamp counts from a random number.
// The one is converted to the other by the next sample that is played, whose place is known on both.
#pragma once

#include "dsp/events/key_report.hpp"
#include "dsp/events/telephone_event_sender.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/rtcp_session.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "engine/rtp/rtp_sender.hpp"
#include "server/media/far_end.hpp"
#include "server/media/instant.hpp"
#include "server/media/packet_io.hpp"
#include "server/media/rtp_port.hpp"
#include "server/media/srtp_stream.hpp"
#include "server/media/stream_figures.hpp"
#include "server/media/stream_parameters.hpp"
#include "server/media/stream_seed.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone::server {

/// One stream and its ports. Made and destroyed on the control side; all else is `[audio]`.
class LegStream {
  public:
    using KeySink = RtpReceiver::KeySink;
    using StretchSink = RtpReceiver::StretchSink;

    /// `[control]`
    LegStream(RtpPort port, const StreamParameters& parameters, const StreamSeed& seed);

    /// The stream begins at the leg's sample `position`: timestamps of events count from the leg's first
    /// sample. `[audio]`
    void start_at(SampleIndex position, Instant now) noexcept;
    /// Another offer and answer. `[audio]`
    void change(const StreamParameters& parameters, PacketIo& io) noexcept;
    /// `[audio]`
    [[nodiscard]] const StreamParameters& parameters() const noexcept { return parameters_; }

    /// Says what receive() will read. `[audio]`
    void expect(PacketIo& io) const noexcept;
    /// Takes what came. `keys` are on the leg's clock, whose next sample is `position`. `[audio]`
    void receive(SampleIndex position, PacketIo& io, KeySink keys) noexcept;
    /// The leg's next samples: RtpReceiver::play(). `[audio]`
    void play(Instant now, std::span<std::int16_t> out, StretchSink stretches, KeySink keys) noexcept;
    /// A packet of a key that the leg sends; called before send() for the same block. `[audio]`
    void send_event(const TelephoneEventPacket& packet, PacketIo& io) noexcept;
    /// The leg's next samples, and a report when its time has come. `[audio]`
    void send(Instant now, std::span<const std::int16_t> samples, PacketIo& io) noexcept;
    /// The stream ends: a key that sounds ends too, and the far end is sent an RTCP BYE. `[audio]`
    void finish(Instant now, PacketIo& io, KeySink keys) noexcept;

    /// `[audio]`
    [[nodiscard]] StreamFigures figures() const noexcept;

  private:
    /// RTCP is read in every tenth tick: none of it is urgent, and the kernel stamps its arrival.
    static constexpr int ticks_per_rtcp = 10;

    /// Both directions, by the keys that were agreed on.
    struct Srtp {
        explicit Srtp(const SrtpKeys& agreed) noexcept : keys(agreed), out(agreed.own), in(agreed.far) {}

        SrtpKeys keys;
        SrtpSender out;
        SrtpReceiver in;
    };

    void secure(const SrtpKeys& keys) noexcept;
    void put(Channel channel, std::span<const std::uint8_t> bytes, PacketIo& io) noexcept;
    void take(Channel channel, const Datagram& datagram, KeySink keys) noexcept;
    void take_rtp(const Datagram& datagram, KeySink keys) noexcept;
    void take_rtcp(const Datagram& datagram) noexcept;
    [[nodiscard]] bool is_agreed(std::uint8_t payload_type) const noexcept;
    void send_report(Instant now, bool bye, PacketIo& io) noexcept;
    void plan_report(Instant now, bool is_first) noexcept;
    [[nodiscard]] SocketAddress far_rtcp() const noexcept;
    [[nodiscard]] SampleIndex samples(Instant at) const noexcept;
    [[nodiscard]] NtpTime ntp(Instant at) const noexcept;

    RtpPort port_;
    StreamParameters parameters_;
    StreamSeed seed_;
    FarEnd far_;
    std::optional<Srtp> srtp_; // where set, nothing is sent or heard in clear
    RtpReceiver receiver_;
    RtpSender sender_;
    RtcpSession reports_;
    StreamFigures figures_;
    Instant epoch_{0}; // of the receiver's clock
    Instant next_report_{0};
    int ticks_to_rtcp_ = 1;
    std::optional<SampleIndex> key_onset_; // on the leg's clock, of the key that came last
};

} // namespace keytone::server
