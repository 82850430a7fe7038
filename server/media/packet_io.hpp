// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/function_ref.hpp"
#include "server/media/instant.hpp"
#include "server/media/rtp_port.hpp"
#include "server/media/socket_address.hpp"

#include <cstdint>
#include <span>

namespace keytone::server {

/// A datagram that came. Its bytes are valid while it is looked at.
struct Datagram {
    std::span<const std::uint8_t> bytes;
    SocketAddress source;
    Instant arrival;
};

/// Where a call's datagrams come from and go to: sockets, or a test.
class PacketIo {
  public:
    using Sink = FunctionRef<void(const Datagram&)>;

    virtual ~PacketIo() = default;

    /// Announces that a receive() of that port will follow the next fetch(). `[audio]`
    virtual void expect(const RtpPort& /*port*/, Channel /*channel*/) noexcept {}
    /// Reads from all ports that are expected, together. `[audio]`
    virtual void fetch() noexcept {}
    /// Nothing of the port is received any more. `[audio]`
    virtual void forget(const RtpPort& /*port*/) noexcept {}
    /// What came since the last time, in the order of arrival, up to a bound; the rest waits. `[audio]`
    virtual void receive(const RtpPort& port, Channel channel, Sink sink) noexcept = 0;
    /// Goes out at the next flush(). `[audio]`
    virtual void send(const RtpPort& port, Channel channel, const SocketAddress& to,
                      std::span<const std::uint8_t> bytes) noexcept = 0;
    /// Sends what was given since the last time. `[audio]`
    virtual void flush() noexcept = 0;
};

} // namespace keytone::server
