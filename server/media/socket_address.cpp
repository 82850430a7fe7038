// SPDX-License-Identifier: MIT
#include "server/media/socket_address.hpp"

#include <arpa/inet.h>

#include <charconv>
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

std::optional<SocketAddress> SocketAddress::parse_with_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    std::uint16_t port = 0;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return parse(host, port);
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

std::span<const std::uint8_t> SocketAddress::host() const noexcept {
    const std::size_t size = family_ == AF_INET    ? sizeof(in_addr)
                             : family_ == AF_INET6 ? sizeof(in6_addr)
                                                   : 0;
    return std::span(host_).first(size);
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const noexcept {
    SocketAddress changed = *this;
    changed.port_ = port;
    return changed;
}

std::string SocketAddress::host_text() const {
    std::array<char, INET6_ADDRSTRLEN> host{};
    return is_set() && inet_ntop(family_, host_.data(), host.data(), host.size()) != nullptr ? host.data()
                                                                                             : "";
}

std::string SocketAddress::text() const {
    const std::string host = host_text();
    const std::string number = std::to_string(port_);
    return host.empty()          ? "no address"
           : family_ == AF_INET6 ? '[' + host + "]:" + number
                                 : host + ':' + number;
}

} // namespace keytone::server
