// SPDX-License-Identifier: MIT
#pragma once

#include "engine/media/spsc_ring.hpp"
#include "server/media/instant.hpp"
#include "server/media/socket_address.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone::server {

/// A datagram that came or went.
struct TappedPacket {
    static constexpr std::size_t most_bytes = 640; ///< The rest is cut off.

    Instant at;
    SocketAddress from;
    SocketAddress to;
    std::uint16_t size; ///< Of what is kept.
    std::array<std::uint8_t, most_bytes> bytes;
};

/// Copies of what goes over a media thread's sockets, on their way to a file. One thread puts, one takes.
class PacketTap {
  public:
    /// Has room for so many packets. `[control]`
    explicit PacketTap(std::size_t packets) : ring_(packets) {}

    /// Where there is no room, the packet is dropped and counted. `[audio]`
    void put(Instant at, const SocketAddress& from, const SocketAddress& to,
             std::span<const std::uint8_t> bytes) noexcept {
        TappedPacket packet{at, from, to, 0, {}};
        const std::size_t size = std::min(bytes.size(), TappedPacket::most_bytes);
        packet.size = static_cast<std::uint16_t>(size);
        std::copy_n(bytes.begin(), size, packet.bytes.begin());
        if (!ring_.try_push(packet)) {
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    /// `[control]`
    std::optional<TappedPacket> next() noexcept {
        TappedPacket packet{};
        return ring_.try_pop(packet) ? std::optional(packet) : std::nullopt;
    }
    /// `[any]`
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

  private:
    SpscRing<TappedPacket> ring_;
    std::atomic<std::uint64_t> lost_{0};
};

} // namespace keytone::server
