// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/address_range.hpp"

#include <sys/socket.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// What reports may be sent to.
struct WebhookPolicy {
    bool allow_http = false;           ///< http to the loopback, too; for tests.
    std::vector<AddressRange> allowed; ///< Addresses that are not public, and may be called by https.
    std::string ca_file;               ///< Certificates to trust; empty: the system's.
};

inline constexpr std::size_t max_webhook_url_bytes = 2048;

/// Why reports cannot be sent to `url`, in words that name the remedy; nothing where they can, as far as the
/// URL tells. `[any]`
std::optional<std::string> fault_of_webhook_url(const std::string& url, bool allow_http);

/// The same, and that the host is no address that may_call() refuses. What a name stands for is asked when a
/// report is sent. `[any]`
std::optional<std::string> fault_of_webhook_url(const std::string& url, const WebhookPolicy& policy);

/// Whether an address is anybody's on the internet, by the registries of special addresses (RFC 6890): no
/// private network, no loopback, no neighbour on the link, no multicast, none that holds another address.
/// `[any]`
bool is_public(const sockaddr& address);

/// Whether a connection to the address may be made. A name is not asked: whoever owns it may let it point
/// anywhere. `[any]`
bool may_call(const WebhookPolicy& policy, const sockaddr& address, bool is_https);

} // namespace keytone::server
