// SPDX-License-Identifier: MIT
#include "server/sip/address_range.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace keytone::server {

namespace {

// In network order: 4 bytes or 16.
using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const void* from, std::size_t size) {
    Bytes bytes(size);
    std::memcpy(bytes.data(), from, size);
    return bytes;
}

std::optional<Bytes> read_address(const std::string& text) {
    std::array<std::uint8_t, sizeof(in6_addr)> room{};
    if (inet_pton(AF_INET, text.c_str(), room.data()) == 1) {
        return bytes_of(room.data(), sizeof(in_addr));
    }
    if (inet_pton(AF_INET6, text.c_str(), room.data()) == 1) {
        return bytes_of(room.data(), sizeof(in6_addr));
    }
    return std::nullopt;
}

Bytes bytes_of(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return bytes_of(&v4.sin_addr, sizeof v4.sin_addr);
    }
    if (address.sa_family != AF_INET6) {
        return {};
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    constexpr std::size_t mapped = 12; // bytes before an IPv4 address, RFC 4291, 2.5.5.2
    return IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) ? bytes_of(v6.sin6_addr.s6_addr + mapped, sizeof(in_addr))
                                               : bytes_of(&v6.sin6_addr, sizeof v6.sin6_addr);
}

bool begin_alike(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, int bits) {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (std::memcmp(a.data(), b.data(), whole) != 0) {
        return false;
    }
    const int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

} // namespace

Result<AddressRange, std::string> read_address_range(std::string_view text) {
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
        return std::string("an address holds a control character: leave it out");
    }
    const auto slash = text.find('/');
    AddressRange range{std::string(text.substr(0, slash)), 0};
    const auto address = read_address(range.address);
    if (!address) {
        return std::string(text) + ": is no address: write 192.0.2.0/24 or 2001:db8::/32";
    }
    const int most = static_cast<int>(8 * address->size());
    range.bits = most;
    if (slash != std::string_view::npos) {
        const std::string_view bits = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), range.bits);
        if (error != std::errc{} || end != bits.data() + bits.size() || range.bits < 0 || range.bits > most) {
            return std::string(text) + ": has no number of bits behind the slash: 0 to " +
                   std::to_string(most);
        }
    }
    return range;
}

bool contains(const AddressRange& range, const sockaddr& address) {
    const auto first = read_address(range.address);
    const Bytes asked = bytes_of(address);
    return first && first->size() == asked.size() && begin_alike(*first, asked, range.bits);
}

} // namespace keytone::server
