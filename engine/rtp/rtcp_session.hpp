// SPDX-License-Identifier: MIT
//
// What two ends tell each other of their packets, and when. The round trip, RFC 3550, figure 2:
//
//     far end      SR sent: NTP       RR received
//                        \           /
//     here           SR received ── RR sent: LSR = that NTP, DLSR = the wait between
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/rtcp_packet.hpp"
#include "engine/rtp/rtp_source.hpp"

#include <cstdint>
#include <optional>

namespace keytone {

/// What the far end said of what it received from here.
struct FarReception {
    double fraction_lost = 0.0;         ///< Between its last two reports, 0 to 1.
    std::int32_t cumulative_lost = 0;   ///< Packets.
    std::uint32_t highest_sequence = 0; ///< Extended: what was sent up to there has arrived, or is lost.
    std::uint32_t jitter = 0;           ///< In timestamp units.
};

/// Makes reports, and reads those of the far end. A plain value; the host gives the time.
class RtcpSession {
  public:
    /// Reports are sent with `ssrc`, that of the RTP sender.
    explicit RtcpSession(std::uint32_t ssrc) noexcept : ssrc_(ssrc) {}

    /// The block about a source, at `now`. The fraction lost counts since this was last called. RFC 3550,
    /// A.3. `[audio]`
    [[nodiscard]] RtcpReportBlock report(const RtpSourceFigures& source,
                                         NtpTime now) noexcept KEYTONE_NONBLOCKING;
    /// What came at `now`. `[audio]`
    void take(const RtcpCompound& compound, NtpTime now) noexcept KEYTONE_NONBLOCKING;

    /// The last round trip; nothing before the far end answered a sender report. 6.4.1. `[any]`
    [[nodiscard]] std::optional<Milliseconds> round_trip() const noexcept { return round_trip_; }
    /// Nothing before the far end reported on what is sent from here. `[any]`
    [[nodiscard]] const std::optional<FarReception>& far_reception() const noexcept { return far_; }
    /// Whether the far end left. `[any]`
    [[nodiscard]] bool far_left() const noexcept { return far_left_; }

  private:
    std::uint32_t ssrc_;
    std::uint32_t source_ = 0; // the one that the last block was about
    std::int64_t expected_before_ = 0;
    std::int64_t received_before_ = 0;
    std::uint32_t far_ssrc_ = 0;
    std::uint32_t last_sr_ = 0;
    NtpTime last_sr_came_ = 0;
    std::optional<Milliseconds> round_trip_;
    std::optional<FarReception> far_;
    bool far_left_ = false;
};

/// What the time to the next report depends on. RFC 3550, 6.2 and 6.3.1.
struct RtcpTiming {
    int members = 2;   ///< Of the session, us included; at least 1.
    int senders = 2;   ///< Of these.
    bool sends = true; ///< Whether we are one of them.
    double octets_per_second =
        400;                ///< What RTCP may use: 5 % of the session's; PCMU has 8000 octets of payload.
    double mean_size = 120; ///< Octets of a compound packet, with the headers of UDP and IP.
    bool is_first = false;  ///< The first report may be sent after half of the time.
};

/// How long to wait for the next report; `random` is even from 0 to 1. The least is 5 s, half of it for the
/// first. RFC 3550, 6.3.1 and A.7. `[any]`
[[nodiscard]] Milliseconds rtcp_interval(const RtcpTiming& timing, double random) noexcept;

} // namespace keytone
