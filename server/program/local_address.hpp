// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// The port of SIP: RFC 3261, 19.1.2.
inline constexpr std::uint16_t usual_sip_port = 5060;

/// An address of this machine, and a port.
struct ListenPlace {
    std::string address; ///< A number.
    std::uint16_t port;  ///< 0: any that is free.
};

/// Reads `192.0.2.1:5060` or `[2001:db8::1]:5060`. `[any]`
std::optional<ListenPlace> read_listen_place(std::string_view text);
/// The address from which this machine reaches `host` or `host:port`, with port 0. Nothing is sent. Errors:
/// one line. `[control]`
Result<ListenPlace, std::string> place_towards(const std::string& host);
/// An address as it stands in a URI: IPv6 in brackets. `[any]`
std::string in_brackets(const std::string& address);

} // namespace keytone::server
