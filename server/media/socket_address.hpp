// SPDX-License-Identifier: MIT
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace keytone::server {

/// An IPv4 or IPv6 address and a port, or none. A plain value.
class SocketAddress {
  public:
    /// None.
    SocketAddress() = default;

    /// Of a numeric address, such as `192.0.2.1` or `2001:db8::1`: no name is looked up. `[any]`
    [[nodiscard]] static std::optional<SocketAddress> parse(std::string_view host, std::uint16_t port);
    /// Of `192.0.2.1:5060` or `[2001:db8::1]:5060`. `[any]`
    [[nodiscard]] static std::optional<SocketAddress> parse_with_port(std::string_view text);
    /// Of the system's form; none for other families. `[any]`
    [[nodiscard]] static SocketAddress from(const sockaddr_storage& address) noexcept;
    /// Writes the system's form; returns its size in bytes, 0 for none. `[any]`
    socklen_t write(sockaddr_storage& out) const noexcept;

    [[nodiscard]] bool is_set() const noexcept { return family_ != AF_UNSPEC; }
    [[nodiscard]] int family() const noexcept { return family_; }
    /// In network order: 4 bytes or 16; empty for none.
    [[nodiscard]] std::span<const std::uint8_t> host() const noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] SocketAddress with_port(std::uint16_t port) const noexcept;
    [[nodiscard]] bool same_host(const SocketAddress& other) const noexcept {
        return other.with_port(port_) == *this;
    }
    /// `192.0.2.1`, `2001:db8::1`; empty for none. `[control]`
    [[nodiscard]] std::string host_text() const;
    /// `192.0.2.1:5004`, `[2001:db8::1]:5004`. `[control]`
    [[nodiscard]] std::string text() const;

    friend bool operator==(const SocketAddress&, const SocketAddress&) = default;

  private:
    sa_family_t family_ = AF_UNSPEC;
    std::uint16_t port_ = 0;
    std::uint32_t scope_ = 0;             // of a link-local IPv6 address
    std::array<std::uint8_t, 16> host_{}; // of IPv4 the first four
};

} // namespace keytone::server
