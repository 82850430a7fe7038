// SPDX-License-Identifier: MIT
//
// Where media is sent, and whose packets are heard, for a phone behind a translator of addresses. Its SDP
// names A, but its packets come from B:
//
//     from      B  B  B  B  C  B  A
//     heard           B  B     B
//     sent to   A  A  B  B  B  B  B
//
// Three packets of one source in a row show that it is there. After that only one other source can take the
// call over: the one that the SDP names, by as many packets. So a phone that still sends to a port's last
// call does not keep the next one:
//
//     from      B  B  B  B  A  B  A  B  A  B
//     heard           B  B     B     B  A
//     sent to   A  A  B  B  B  B  B  B  A  A
#pragma once

#include "engine/rtp/rtp_packet.hpp"
#include "server/media/socket_address.hpp"

#include <cstdint>

namespace keytone::server {

/// The far end of a stream. Media is sent only to the address in its SDP, or to one that three packets came
/// from. A plain value.
class FarEnd {
  public:
    static constexpr int lock_packets = 3;
    /// How many sequence numbers there may be from one of them to the next, as some are lost.
    static constexpr int max_ahead = 10;

    /// `told`: the address in the SDP. Without `symmetric`, packets are heard from any port of that host.
    /// `[any]`
    FarEnd(const SocketAddress& told, bool symmetric) noexcept
        : told_(told), to_(told), symmetric_(symmetric) {}
    /// Another SDP: where it differs, packets have to show the source again. `[audio]`
    void tell(const SocketAddress& told, bool symmetric) noexcept;

    /// Whether a packet from there is the far end's. The caller has checked that it is valid, and of a
    /// payload type that was negotiated. `[audio]`
    [[nodiscard]] bool admit(const SocketAddress& from, std::uint32_t ssrc, RtpSequence sequence) noexcept;

    /// Where media goes; not set while that is unknown. `[audio]`
    [[nodiscard]] const SocketAddress& to() const noexcept { return to_; }
    /// Whether packets showed that address. `[audio]`
    [[nodiscard]] bool locked() const noexcept { return locked_; }

  private:
    /// Packets in a row from one source.
    struct Candidate {
        SocketAddress from;
        std::uint32_t ssrc = 0;
        RtpSequence sequence = 0;
        int count = 0;
    };

    [[nodiscard]] bool shows(const SocketAddress& from, std::uint32_t ssrc, RtpSequence sequence) noexcept;

    SocketAddress told_;
    SocketAddress to_;
    bool symmetric_;
    bool locked_ = false;
    Candidate candidate_;
};

} // namespace keytone::server
