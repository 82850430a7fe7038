// SPDX-License-Identifier: MIT
//
// Names that the system knows without a name server. The SIP library itself asks name servers only.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// The text of /etc/hosts; empty where there is none. `[any]`
std::string read_hosts();

/// The first address of the family (AF_INET, AF_INET6) that `hosts`, as hosts(5) has it, gives the name;
/// `localhost` and what ends with it is the loopback in any case (RFC 6761, 6.3). Nothing where a name server
/// is to be asked. `[any]`
std::optional<std::string> address_in_hosts(std::string_view hosts, std::string_view name, int family);

/// Where a request for the SIP URI is to be sent, as a URI with an address for a host: nothing where it has
/// one, or a name server is to be asked. `[any]`
std::optional<std::string> route_by_hosts(std::string_view hosts, std::string_view uri, int family);

} // namespace keytone::server
