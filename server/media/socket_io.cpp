// SPDX-License-Identifier: MIT
#include "server/media/socket_io.hpp"

#include <algorithm>
#include <bit>
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

/// The kernel's stamp says when the datagram came.
Instant arrival_of(msghdr& message, const ClockReading& clocks) noexcept {
    for (const cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, const_cast<cmsghdr*>(part))) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
            timespec stamp{};
            std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
            return clocks.arrival(time_of(stamp));
        }
    }
    return clocks.now;
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

/// What was read of the ports that are expected.
struct SocketIo::Ahead {
    static constexpr std::size_t size = max_expected * read_ahead;

    std::array<const RtpPort*, max_expected> ports;
    std::array<int, max_expected> sockets;
    std::size_t count = 0;
    std::size_t next = 0; // they are received in the order in which they were expected
    bool fetched = false;

    std::array<std::array<std::uint8_t, max_in>, size> bytes;
    std::array<sockaddr_storage, size> sources;
    alignas(cmsghdr) std::array<std::array<std::uint8_t, CMSG_SPACE(sizeof(timespec))>, size> controls;
    std::array<iovec, size> places;
    std::array<msghdr, size> messages;
    std::array<int, size> results;
    ClockReading clocks;

    /// Minus one where the port was not expected.
    [[nodiscard]] std::ptrdiff_t find(const RtpPort& port, int socket) const noexcept {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = (next + i) % count;
            if (ports[at] == &port && sockets[at] == socket) {
                return static_cast<std::ptrdiff_t>(at);
            }
        }
        return -1;
    }
};

namespace {

void make_ready(msghdr& message, sockaddr_storage& source, iovec& place, std::span<std::uint8_t> control) {
    message = {};
    message.msg_name = &source;
    message.msg_namelen = sizeof source;
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
}

} // namespace

SocketIo::SocketIo(PacketTap* tap, bool batches)
    : in_(std::make_unique<Incoming>()), out_(std::make_unique<Outgoing>()), tap_(tap) {
    constexpr unsigned entries = std::bit_ceil(std::max(unsigned{Ahead::size}, unsigned{out_batch}));
    ring_ = batches ? BatchRing::make(entries) : nullptr;
    if (ring_) {
        ahead_ = std::make_unique<Ahead>();
    }
}
SocketIo::~SocketIo() = default;

ClockReading SocketIo::read_clocks() noexcept {
    const Instant wall = read_clock(CLOCK_REALTIME);
    return wall_clock_.read(wall, read_clock(CLOCK_MONOTONIC));
}

// ---- Receiving

void SocketIo::expect(const RtpPort& port, Channel channel) noexcept {
    if (!ring_) {
        return;
    }
    Ahead& ahead = *ahead_;
    if (ahead.fetched) {
        ahead.fetched = false;
        ahead.count = ahead.next = 0;
    }
    if (ahead.count < max_expected) {
        ahead.ports[ahead.count] = &port;
        ahead.sockets[ahead.count++] = port.socket(channel);
    }
}

void SocketIo::fetch() noexcept {
    if (!ring_ || ahead_->count == 0 || ahead_->fetched) {
        return;
    }
    Ahead& ahead = *ahead_;
    for (std::size_t i = 0; i < ahead.count * read_ahead; ++i) {
        ahead.places[i] = {ahead.bytes[i].data(), ahead.bytes[i].size()};
        make_ready(ahead.messages[i], ahead.sources[i], ahead.places[i], ahead.controls[i]);
        ring_->receive(ahead.sockets[i / read_ahead], ahead.messages[i]);
    }
    ring_->run(ahead.results);
    ahead.clocks = read_clocks();
    ahead.fetched = true;
}

void SocketIo::forget(const RtpPort& port) noexcept {
    if (ahead_) {
        std::ranges::replace(std::span(ahead_->ports).first(ahead_->count), &port,
                             static_cast<const RtpPort*>(nullptr));
    }
}

void SocketIo::deliver(const RtpPort& port, Channel channel, msghdr& message,
                       std::span<const std::uint8_t> bytes, const ClockReading& clocks, Sink sink) noexcept {
    // The system's own type for every family.
    const auto& source = *static_cast<const sockaddr_storage*>(message.msg_name);
    const Datagram datagram{bytes, SocketAddress::from(source), arrival_of(message, clocks)};
    if (tap_ != nullptr) {
        tap_->put(datagram.arrival, datagram.source, address_of(port, channel), datagram.bytes);
    }
    sink(datagram);
}

/// Returns whether the socket may hold more.
bool SocketIo::receive_ahead(const RtpPort& port, Channel channel, Sink sink) noexcept {
    if (!ring_ || !ahead_->fetched) {
        return true;
    }
    Ahead& ahead = *ahead_;
    const auto found = ahead.find(port, port.socket(channel));
    if (found < 0) {
        return true;
    }
    const auto at = static_cast<std::size_t>(found);
    ahead.next = (at + 1) % ahead.count;
    ahead.ports[at] = nullptr;
    bool all_came = true;
    for (std::size_t i = at * read_ahead; i < (at + 1) * read_ahead; ++i) {
        if (ahead.results[i] < 0) {
            all_came = false; // the next one may have come all the same: it was read a little later
            continue;
        }
        const auto bytes =
            std::span<const std::uint8_t>(ahead.bytes[i]).first(static_cast<std::size_t>(ahead.results[i]));
        deliver(port, channel, ahead.messages[i], bytes, ahead.clocks, sink);
    }
    return all_came;
}

void SocketIo::receive(const RtpPort& port, Channel channel, Sink sink) noexcept {
    if (!receive_ahead(port, channel, sink)) {
        return;
    }
    Incoming& in = *in_;
    for (int read = 0; read < max_per_tick;) {
        for (std::size_t i = 0; i < in_batch; ++i) {
            in.places[i] = {in.bytes[i].data(), in.bytes[i].size()};
            make_ready(in.messages[i].msg_hdr, in.sources[i], in.places[i], in.controls[i]);
        }
        const int count = recvmmsg(port.socket(channel), in.messages.data(), in_batch, MSG_DONTWAIT, nullptr);
        if (count <= 0) {
            return;
        }
        const ClockReading clocks = read_clocks();
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            deliver(port, channel, in.messages[i].msg_hdr,
                    std::span<const std::uint8_t>(in.bytes[i]).first(in.messages[i].msg_len), clocks, sink);
        }
        read += count;
        if (static_cast<std::size_t>(count) < in_batch) {
            return;
        }
    }
}

// ---- Sending

void SocketIo::send(const RtpPort& port, Channel channel, const SocketAddress& to,
                    std::span<const std::uint8_t> bytes) noexcept {
    if (!to.is_set() || bytes.empty() || bytes.size() > max_out) {
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
    if (out_->count > 0) {
        ring_ ? send_together() : send_each();
        out_->count = 0;
    }
}

void SocketIo::send_together() noexcept {
    Outgoing& out = *out_;
    std::array<int, out_batch> results;
    for (std::size_t i = 0; i < out.count; ++i) {
        ring_->send(out.sockets[i], out.messages[i].msg_hdr);
    }
    ring_->run(results);
    send_failures_ += static_cast<std::uint64_t>(
        std::ranges::count_if(std::span(results).first(out.count), [](int result) { return result < 0; }));
}

void SocketIo::send_each() noexcept {
    Outgoing& out = *out_;
    for (std::size_t i = 0; i < out.count;) {
        std::size_t end = i + 1;
        while (end < out.count && out.sockets[end] == out.sockets[i]) {
            ++end;
        }
        const int sent = sendmmsg(out.sockets[i], &out.messages[i], static_cast<unsigned>(end - i), 0);
        if (sent <= 0) {
            ++send_failures_; // the first of them failed; the others are tried next
        }
        i += static_cast<std::size_t>(std::max(sent, 1));
    }
}

} // namespace keytone::server
