// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/media/socket_address.hpp"

#include <cstdint>
#include <string>

namespace keytone::server {

/// The ports that streams may take, both included.
struct PortRange {
    std::uint16_t first = 20'000;
    std::uint16_t last = 29'999;
};

/// What goes over a port of a stream.
enum class Channel : std::uint8_t { rtp, rtcp };

/// Two bound sockets: RTP on an even port, RTCP on the next (RFC 3550, 11). They never block, and the kernel
/// stamps what comes with its arrival. Closed by the destructor.
class RtpPort {
  public:
    /// The first free pair of the range, searched for from a random one on, because packets may still come to
    /// a port that was just closed. The port of `local` is not used. Error: one line. `[control]`
    [[nodiscard]] static Result<RtpPort, std::string> open(const SocketAddress& local, PortRange range);

    RtpPort(RtpPort&& other) noexcept;
    RtpPort& operator=(RtpPort&& other) noexcept;
    ~RtpPort();

    /// Where RTP is received. `[any]`
    [[nodiscard]] const SocketAddress& local() const noexcept { return local_; }
    /// `[any]`
    [[nodiscard]] int socket(Channel channel) const noexcept {
        return channel == Channel::rtp ? rtp_ : rtcp_;
    }

  private:
    RtpPort(const SocketAddress& local, int rtp, int rtcp) noexcept : local_(local), rtp_(rtp), rtcp_(rtcp) {}

    SocketAddress local_;
    int rtp_;
    int rtcp_;
};

} // namespace keytone::server
