// SPDX-License-Identifier: MIT
#include "server/media/rtp_port.hpp"

#include "server/media/random_bytes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace keytone::server {

namespace {

constexpr int closed = -1;

void close_socket(int& socket) noexcept {
    if (socket != closed) {
        ::close(std::exchange(socket, closed));
    }
}

/// Returns `closed`, with errno set, where that fails.
int bound_socket(const SocketAddress& local) {
    int socket = ::socket(local.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket == closed) {
        return closed;
    }
    const int on = 1;
    const int expedited = 0xB8; // DSCP EF, for voice: RFC 4594, 4.1
    setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (local.family() == AF_INET6) {
        setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        setsockopt(socket, IPPROTO_IPV6, IPV6_TCLASS, &expedited, sizeof expedited);
    } else {
        setsockopt(socket, IPPROTO_IP, IP_TOS, &expedited, sizeof expedited);
    }
    sockaddr_storage address{};
    const socklen_t size = local.write(address);
    // The system's own type for every family.
    if (bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0) {
        const int error = errno;
        close_socket(socket);
        errno = error;
    }
    return socket;
}

std::string refused(const SocketAddress& local, int error) {
    std::string text = "RTP cannot use " + local.text() + " (" + std::strerror(error) + "): ";
    if (error == EMFILE || error == ENFILE) {
        return text + "raise the limit of open files (LimitNOFILE) or end calls";
    }
    return text + "set rtp.address to an address of this machine";
}

} // namespace

Result<RtpPort, std::string> RtpPort::open(const SocketAddress& local, PortRange range) {
    const unsigned first = range.first + range.first % 2U;
    const unsigned pairs = range.last > first ? (range.last - first + 1U) / 2U : 0U;
    const auto random = random_number<unsigned>();
    for (unsigned i = 0; i < pairs; ++i) {
        const auto even = static_cast<std::uint16_t>(first + 2U * ((random % pairs + i) % pairs));
        const SocketAddress at = local.with_port(even);
        int rtp = bound_socket(at);
        int rtcp =
            rtp == closed ? closed : bound_socket(local.with_port(static_cast<std::uint16_t>(even + 1)));
        if (rtcp != closed) {
            return RtpPort(at, rtp, rtcp);
        }
        const int error = errno;
        close_socket(rtp);
        if (error != EADDRINUSE && error != EACCES) {
            return refused(at, error);
        }
    }
    return "no free pair of ports in " + std::to_string(range.first) + '-' + std::to_string(range.last) +
           ": widen rtp.ports or end calls";
}

RtpPort::RtpPort(RtpPort&& other) noexcept
    : local_(other.local_),
      rtp_(std::exchange(other.rtp_, closed)),
      rtcp_(std::exchange(other.rtcp_, closed)) {}

RtpPort& RtpPort::operator=(RtpPort&& other) noexcept {
    std::swap(local_, other.local_);
    std::swap(rtp_, other.rtp_);
    std::swap(rtcp_, other.rtcp_);
    return *this;
}

RtpPort::~RtpPort() {
    close_socket(rtp_);
    close_socket(rtcp_);
}

} // namespace keytone::server
