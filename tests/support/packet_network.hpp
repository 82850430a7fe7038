// SPDX-License-Identifier: MIT
//
// A network between live calls in one program, without sockets and without a clock: what is sent in one tick
// arrives in the next.
#pragma once

#include "server/media/packet_io.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone::test {

using server::Channel;
using server::Datagram;
using server::Instant;
using server::RtpPort;
using server::SocketAddress;

/// A datagram on its way.
struct Underway {
    SocketAddress from;
    SocketAddress to;
    Instant sent;
    std::size_t size;
    std::array<std::uint8_t, 640> bytes;

    [[nodiscard]] bool is_rtcp() const { return bytes[1] >= 192 && bytes[1] <= 223; }
    [[nodiscard]] int payload_type() const { return bytes[1] & 0x7F; }
    [[nodiscard]] std::uint32_t timestamp() const {
        return std::uint32_t{bytes[4]} << 24U | std::uint32_t{bytes[5]} << 16U |
               std::uint32_t{bytes[6]} << 8U | bytes[7];
    }
};

/// Carries datagrams by their addresses. It never allocates after its construction.
class PacketNetwork final : public server::PacketIo {
  public:
    static constexpr std::size_t capacity = 512;

    PacketNetwork() { underway_.reserve(capacity); }

    Instant now{std::chrono::seconds(1000)};
    std::uint64_t sent = 0;
    /// Called for each datagram that is sent: it may change it, and returns whether it arrives.
    bool (*pass)(Underway&, void* with) = nullptr;
    void* with = nullptr;

    void put(const Underway& datagram) {
        if (underway_.size() < capacity) {
            underway_.push_back(datagram);
        }
    }
    void receive(const RtpPort& port, Channel channel, Sink sink) noexcept override {
        const auto local = at(port, channel);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < underway_.size(); ++i) {
            const Underway& datagram = underway_[i];
            if (datagram.to == local && datagram.sent < now) {
                sink({std::span(datagram.bytes).first(datagram.size), datagram.from, datagram.sent});
            } else {
                underway_[kept++] = datagram;
            }
        }
        underway_.resize(kept, {});
    }
    void send(const RtpPort& port, Channel channel, const SocketAddress& to,
              std::span<const std::uint8_t> bytes) noexcept override {
        if (!to.is_set()) {
            return;
        }
        ++sent;
        Underway datagram{at(port, channel), to, now, bytes.size(), {}};
        std::ranges::copy(bytes, datagram.bytes.begin());
        if (pass == nullptr || pass(datagram, with)) {
            put(datagram);
        }
    }
    void flush() noexcept override {}

  private:
    static SocketAddress at(const RtpPort& port, Channel channel) {
        return port.local().with_port(
            static_cast<std::uint16_t>(port.local().port() + (channel == Channel::rtcp ? 1 : 0)));
    }

    std::vector<Underway> underway_;
};

} // namespace keytone::test
