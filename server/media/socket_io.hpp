// SPDX-License-Identifier: MIT
#pragma once

#include "server/media/batch_ring.hpp"
#include "server/media/packet_io.hpp"
#include "server/media/packet_tap.hpp"
#include "server/media/wall_clock.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace keytone::server {

/// Sockets, with many datagrams a system call: those of many sockets where the kernel has io_uring, else
/// those of one. Each media thread has one SocketIo.
class SocketIo final : public PacketIo {
  public:
    /// Datagrams read of one socket in a tick, at most, besides those read ahead: a flood does not delay
    /// other calls.
    static constexpr int max_per_tick = 128;

    /// How many calls' datagrams are read together, at most.
    static constexpr std::size_t calls_together = 32;

    /// Allocates all that it will need. `tap`, which outlives it, gets a copy of all that comes and goes.
    /// Without `batches` each socket has a system call of its own. `[control]`
    explicit SocketIo(PacketTap* tap = nullptr, bool batches = true);
    ~SocketIo() override;
    SocketIo(const SocketIo&) = delete;
    SocketIo& operator=(const SocketIo&) = delete;

    void expect(const RtpPort& port, Channel channel) noexcept override;
    void fetch() noexcept override;
    void forget(const RtpPort& port) noexcept override;
    void receive(const RtpPort& port, Channel channel, Sink sink) noexcept override;
    void send(const RtpPort& port, Channel channel, const SocketAddress& to,
              std::span<const std::uint8_t> bytes) noexcept override;
    void flush() noexcept override;

    /// `[any]`
    [[nodiscard]] bool batches() const noexcept { return ring_ != nullptr; }
    /// Datagrams that the system would not send. `[audio]`
    [[nodiscard]] std::uint64_t send_failures() const noexcept { return send_failures_; }

  private:
    static constexpr std::size_t in_batch = 16;
    static constexpr std::size_t out_batch = 64;
    /// Two legs of each call, and the reports of some.
    static constexpr std::size_t max_expected = 3 * calls_together;
    /// Datagrams read ahead of each socket: mostly one has come, and that there is no second shows that there
    /// are no more.
    static constexpr std::size_t read_ahead = 2;
    /// In bytes. A longer datagram is cut: it is no packet of a telephone call.
    static constexpr std::size_t max_in = 2048;
    static constexpr std::size_t max_out = 640; ///< In bytes: more than 60 ms of G.711, or a report.

    struct Incoming;
    struct Outgoing;
    struct Ahead;

    bool receive_ahead(const RtpPort& port, Channel channel, Sink sink) noexcept;
    void deliver(const RtpPort& port, Channel channel, msghdr& message, std::span<const std::uint8_t> bytes,
                 const ClockReading& clocks, Sink sink) noexcept;
    ClockReading read_clocks() noexcept;
    void send_each() noexcept;
    void send_together() noexcept;

    std::unique_ptr<Incoming> in_;
    std::unique_ptr<Outgoing> out_;
    std::unique_ptr<Ahead> ahead_;
    std::unique_ptr<BatchRing> ring_;
    PacketTap* tap_;
    WallClockWatch wall_clock_;
    std::uint64_t send_failures_ = 0;
};

} // namespace keytone::server
