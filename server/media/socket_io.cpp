// SPDX-License-Identifier: MIT
#include "server/media/socket_io.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace keytone::server {

namespace {

Instant time_of(const timespec& time) noexcept {
    return std::chrono::seconds(time.tv_sec) + Instant(time.tv_nsec);
}

Instant read_clock(clockid_t clock) noexcept {
    timespec now{};
    clock_gettime(clock, &now);
    return time_of(now);
}

/// The kernel stamps by the clock of the world, which may be set: what it was off by when the datagrams were
/// read is what counts.
Instant arrival_of(msghdr& message, Instant wall_now, Instant now) noexcept {
    for (const cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, const_cast<cmsghdr*>(part))) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            timespec stamp{};
            std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
            const Instant waited = wall_now - time_of(stamp);
            return now - std::clamp<Instant>(waited, Instant(0), std::chrono::seconds(1));
        }
    }
    return now;
}

SocketAddress address_of(const RtpPort& port, Channel channel) noexcept {
    const std::uint16_t rtp = port.local().port();
    return port.local().with_port(channel == Channel::rtp ? rtp : static_cast<std::uint16_t>(rtp + 1));
}

} // namespace

struct SocketIo::Incoming {
    std::array<std::array<std::uint8_t, max_in>, in_batch> bytes;
    std::array<sockaddr_storage, in_batch> sources;
    alignas(cmsghdr) std::array<std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))>, in_batch> controls;
    std::array<iovec, in_batch> places;
    std::array<mmsghdr, in_batch> messages;
};

struct SocketIo::Outgoing {
    std::array<std::array<std::uint8_t, max_out>, out_batch> bytes;
    std::array<sockaddr_storage, out_batch> targets;
    std::array<iovec, out_batch> places;
    std::array<mmsghdr, out_batch> messages;
    std::array<int, out_batch> sockets;
    std::size_t count = 0;
};

SocketIo::SocketIo(PacketTap* tap)
    : in_(std::make_unique<Incoming>()), out_(std::make_unique<Outgoing>()), tap_(tap) {}
SocketIo::~SocketIo() = default;

void SocketIo::receive(const RtpPort& port, Channel channel, Sink sink) noexcept {
    Incoming& in = *in_;
    for (int read = 0; read < max_per_tick;) {
        for (std::size_t i = 0; i < in_batch; ++i) {
            in.places[i] = {in.bytes[i].data(), in.bytes[i].size()};
            in.messages[i] = {};
            in.messages[i].msg_hdr.msg_name = &in.sources[i];
            in.messages[i].msg_hdr.msg_namelen = sizeof in.sources[i];
            in.messages[i].msg_hdr.msg_iov = &in.places[i];
            in.messages[i].msg_hdr.msg_iovlen = 1;
            in.messages[i].msg_hdr.msg_control = in.controls[i].data();
            in.messages[i].msg_hdr.msg_controllen = in.controls[i].size();
        }
        const int count = recvmmsg(port.socket(channel), in.messages.data(), in_batch, MSG_DONTWAIT, nullptr);
        if (count <= 0) {
            return;
        }
        const Instant wall_now = read_clock(CLOCK_REALTIME);
        const Instant now = read_clock(CLOCK_MONOTONIC);
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            const Datagram datagram{std::span<const std::uint8_t>(in.bytes[i]).first(in.messages[i].msg_len),
                                    SocketAddress::from(in.sources[i]),
                                    arrival_of(in.messages[i].msg_hdr, wall_now, now)};
            if (tap_ != nullptr) {
                tap_->put(datagram.arrival, datagram.source, address_of(port, channel), datagram.bytes);
            }
            sink(datagram);
        }
        read += count;
        if (static_cast<std::size_t>(count) < in_batch) {
            return;
        }
    }
}

void SocketIo::send(const RtpPort& port, Channel channel, const SocketAddress& to,
                    std::span<const std::uint8_t> bytes) noexcept {
    if (!to.is_set() || bytes.size() > max_out) {
        return;
    }
    if (out_->count == out_batch) {
        flush();
    }
    Outgoing& out = *out_;
    const std::size_t i = out.count++;
    std::ranges::copy(bytes, out.bytes[i].begin());
    out.places[i] = {out.bytes[i].data(), bytes.size()};
    out.messages[i] = {};
    out.messages[i].msg_hdr.msg_name = &out.targets[i];
    out.messages[i].msg_hdr.msg_namelen = to.write(out.targets[i]);
    out.messages[i].msg_hdr.msg_iov = &out.places[i];
    out.messages[i].msg_hdr.msg_iovlen = 1;
    out.sockets[i] = port.socket(channel);
    if (tap_ != nullptr) {
        tap_->put(read_clock(CLOCK_MONOTONIC), address_of(port, channel), to, bytes);
    }
}

void SocketIo::flush() noexcept {
    Outgoing& out = *out_;
    for (std::size_t i = 0; i < out.count;) {
        std::size_t end = i + 1;
        while (end < out.count && out.sockets[end] == out.sockets[i]) {
            ++end;
        }
        const int sent = sendmmsg(out.sockets[i], &out.messages[i], static_cast<unsigned>(end - i), 0);
        if (sent <= 0) {
            ++send_failures_; // of the first of them; the others may go
        }
        i += static_cast<std::size_t>(std::max(sent, 1));
    }
    out.count = 0;
}

} // namespace keytone::server
