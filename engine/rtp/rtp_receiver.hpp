// SPDX-License-Identifier: MIT
//
// One stream as it comes:
//
//     datagram ─► header ─► source ─┬─► jitter buffer ──────────► samples
//                                   └─► telephone events ───────► keys
#pragma once

#include "dsp/events/key_report.hpp"
#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/jitter_buffer.hpp"
#include "engine/rtp/rtp_packet.hpp"
#include "engine/rtp/rtp_source.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// What payload types mean; nothing for what was not negotiated. RFC 3551, 6.
struct RtpPayloadTypes {
    std::optional<std::uint8_t> pcmu = 0;
    std::optional<std::uint8_t> pcma = 8;
    std::optional<std::uint8_t> comfort_noise = 13;    ///< RFC 3389, 4.
    std::optional<std::uint8_t> telephone_event = 101; ///< Dynamic: as negotiated. RFC 4733, 2.2.
};

/// What a receiver is made with.
struct RtpReceiverConfig {
    RtpPayloadTypes payload_types{};
    JitterBufferLimits limits{};
    TelephoneEventLimits event_limits{};
};

/// Counts of datagrams, from the construction on.
struct RtpReceiverFigures {
    std::uint64_t refused = 0;         ///< No RTP.
    std::uint64_t foreign = 0;         ///< Of another SSRC.
    std::uint64_t unheard = 0;         ///< Of the stream's SSRC, but not where it goes on: RtpSource.
    std::uint64_t unknown_payload = 0; ///< Of a payload type that was not negotiated.
    std::uint64_t streams = 0;         ///< How often a stream began, or began anew.

    friend bool operator==(const RtpReceiverFigures&, const RtpReceiverFigures&) = default;
};

/// Receives PCMU, PCMA, comfort noise and telephone events at 8 kHz. A plain value; allocates only at
/// construction.
class RtpReceiver {
  public:
    using KeySink = FunctionRef<void(const KeyReport&)>;
    using StretchSink = JitterBuffer::Sink;

    /// `[control]`
    explicit RtpReceiver(const RtpReceiverConfig& config = {});

    /// What payload types mean from now on, as after another offer and answer: RFC 3264, 8.3. `[audio]`
    void set_payload_types(const RtpPayloadTypes& types) noexcept KEYTONE_NONBLOCKING { types_ = types; }
    /// A datagram came at `arrival`, in samples on the host's clock, 0 or later. It may hold any bytes: what
    /// is no packet of the stream is only counted. Keys are reported at once, before the samples of their
    /// time are played. `[audio]`
    void receive(std::span<const std::uint8_t> datagram, SampleIndex arrival,
                 KeySink keys) noexcept KEYTONE_NONBLOCKING;
    /// The next samples, due at `now` on the same clock. `stretches` is called with what each part of them
    /// is; keys whose end was lost are ended. `[audio]`
    void play(SampleIndex now, std::span<std::int16_t> out, StretchSink stretches,
              KeySink keys) noexcept KEYTONE_NONBLOCKING;
    /// The stream is over: a key that still sounds ends. `[audio]`
    void finish(KeySink keys) noexcept KEYTONE_NONBLOCKING;

    /// `[audio]`
    [[nodiscard]] const RtpReceiverFigures& figures() const noexcept { return figures_; }
    /// What a report says of the source. `[audio]`
    [[nodiscard]] RtpSourceFigures source() const noexcept { return source_.figures(); }
    /// `[audio]`
    [[nodiscard]] const JitterBuffer& buffer() const noexcept { return buffer_; }
    /// Telephone events of the present stream that could not be used. `[audio]`
    [[nodiscard]] const TelephoneEventsIgnored& ignored_events() const noexcept { return events_.ignored(); }

  private:
    RtpPayloadTypes types_;
    RtpSource source_;
    JitterBuffer buffer_;
    TelephoneEventReceiver events_;
    RtpReceiverFigures figures_;
};

} // namespace keytone
