// SPDX-License-Identifier: MIT
#pragma once

#include "server/media/packet_io.hpp"
#include "server/media/packet_tap.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace keytone::server {

/// Sockets, many datagrams a system call. One media thread has one.
class SocketIo final : public PacketIo {
  public:
    /// Read of one socket in a tick, at most: a flood keeps nobody else waiting.
    static constexpr int max_per_tick = 128;

    /// Allocates all that it will need. `tap`, which outlives it, is given all that comes and goes.
    /// `[control]`
    explicit SocketIo(PacketTap* tap = nullptr);
    ~SocketIo() override;
    SocketIo(const SocketIo&) = delete;
    SocketIo& operator=(const SocketIo&) = delete;

    void receive(const RtpPort& port, Channel channel, Sink sink) noexcept override;
    void send(const RtpPort& port, Channel channel, const SocketAddress& to,
              std::span<const std::uint8_t> bytes) noexcept override;
    void flush() noexcept override;

    /// Datagrams that the system would not send. `[audio]`
    [[nodiscard]] std::uint64_t send_failures() const noexcept { return send_failures_; }

  private:
    static constexpr std::size_t in_batch = 16;
    static constexpr std::size_t out_batch = 32;
    /// A datagram that is longer is cut, and is no packet of a telephone call.
    static constexpr std::size_t max_in = 2048;
    static constexpr std::size_t max_out = 640; ///< More than 60 ms of G.711, or a report.

    struct Incoming;
    struct Outgoing;

    std::unique_ptr<Incoming> in_;
    std::unique_ptr<Outgoing> out_;
    PacketTap* tap_;
    std::uint64_t send_failures_ = 0;
};

} // namespace keytone::server
