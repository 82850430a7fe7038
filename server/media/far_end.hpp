// SPDX-License-Identifier: MIT
//
// Where media is sent, and whose packets are heard, for a phone behind a translator of addresses. Told A by
// its SDP, packets come from B:
//
//     from      B  B  B  B  C  B  A
//     heard           B  B     B
//     sent to   A  A  B  B  B  B  B
//
// Three packets of one source in a row show that it is there. After that nobody else can take the call over.
#pragma once

#include "engine/rtp/rtp_packet.hpp"
#include "server/media/socket_address.hpp"

#include <cstdint>

namespace keytone::server {

/// The far end of a stream. Nothing is sent to an address that neither its SDP told of nor three packets came
/// from. A plain value.
class FarEnd {
  public:
    static constexpr int lock_packets = 3;
    /// How far ahead of the packet before the next of them may be numbered, as some are lost.
    static constexpr int max_ahead = 10;

    /// What SDP tells. Without `symmetric`, packets are heard from any port of that host. `[any]`
    FarEnd(const SocketAddress& told, bool symmetric) noexcept
        : told_(told), to_(told), symmetric_(symmetric) {}
    /// What SDP tells anew: another address, and the source has to be shown again. `[audio]`
    void tell(const SocketAddress& told, bool symmetric) noexcept;

    /// Whether a packet from there is the far end's. It is a valid one, of a payload type that was
    /// negotiated. `[audio]`
    [[nodiscard]] bool admit(const SocketAddress& from, std::uint32_t ssrc, RtpSequence sequence) noexcept;

    /// Where media goes; may be none. `[audio]`
    [[nodiscard]] const SocketAddress& to() const noexcept { return to_; }
    /// Whether packets showed it. `[audio]`
    [[nodiscard]] bool locked() const noexcept { return locked_; }

  private:
    /// Packets in a row from one source.
    struct Candidate {
        SocketAddress from;
        std::uint32_t ssrc = 0;
        RtpSequence sequence = 0;
        int count = 0;
    };

    SocketAddress told_;
    SocketAddress to_;
    bool symmetric_;
    bool locked_ = false;
    Candidate candidate_;
};

} // namespace keytone::server
