// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace keytone::server {

/// Addresses that begin with the same bits: `192.0.2.0/24`, `2001:db8::/32`.
struct AddressRange {
    std::string address; ///< A number, IPv4 or IPv6.
    int bits;

    friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// Reads `address/bits`, or an address alone. Errors: one line that names the remedy. `[any]`
Result<AddressRange, std::string> read_address_range(std::string_view text);
/// An IPv4 address that an IPv6 socket maps (`::ffff:192.0.2.1`) counts as IPv4. `[any]`
[[nodiscard]] bool contains(const AddressRange& range, const sockaddr& address);

} // namespace keytone::server
