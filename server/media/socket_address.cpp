// SPDX-License-Identifier: MIT
#include "server/media/socket_address.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace keytone::server {

std::optional<SocketAddress> SocketAddress::parse(std::string_view host, std::uint16_t port) {
    SocketAddress address;
    address.port_ = port;
    const std::string terminated(host);
    for (const int family : {AF_INET, AF_INET6}) {
        if (inet_pton(family, terminated.c_str(), address.host_.data()) == 1) {
            address.family_ = static_cast<sa_family_t>(family);
            return address;
        }
    }
    return std::nullopt;
}

SocketAddress SocketAddress::from(const sockaddr_storage& address) noexcept {
    SocketAddress result;
    if (address.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        result.port_ = ntohs(in.sin_port);
        std::memcpy(result.host_.data(), &in.sin_addr, sizeof in.sin_addr);
    } else if (address.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &address, sizeof in);
        result.port_ = ntohs(in.sin6_port);
        result.scope_ = in.sin6_scope_id;
        std::memcpy(result.host_.data(), &in.sin6_addr, sizeof in.sin6_addr);
    } else {
        return result;
    }
    result.family_ = address.ss_family;
    return result;
}

socklen_t SocketAddress::write(sockaddr_storage& out) const noexcept {
    if (family_ == AF_INET) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(port_);
        std::memcpy(&in.sin_addr, host_.data(), sizeof in.sin_addr);
        std::memcpy(&out, &in, sizeof in);
        return sizeof in;
    }
    if (family_ == AF_INET6) {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(port_);
        in.sin6_scope_id = scope_;
        std::memcpy(&in.sin6_addr, host_.data(), sizeof in.sin6_addr);
        std::memcpy(&out, &in, sizeof in);
        return sizeof in;
    }
    return 0;
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const noexcept {
    SocketAddress changed = *this;
    changed.port_ = port;
    return changed;
}

std::string SocketAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (!is_set() || inet_ntop(family_, host_.data(), host.data(), host.size()) == nullptr) {
        return "no address";
    }
    const std::string number = std::to_string(port_);
    return family_ == AF_INET6 ? '[' + std::string(host.data()) + "]:" + number
                               : host.data() + (':' + number);
}

} // namespace keytone::server
