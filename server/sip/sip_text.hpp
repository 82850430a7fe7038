// SPDX-License-Identifier: MIT
//
// What may stand in a message that is sent. A control character would begin a header of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// The most bytes of a URI, and of a header's value.
inline constexpr std::size_t max_uri_bytes = 512;
inline constexpr std::size_t max_header_value_bytes = 1024;

/// Why `uri` cannot be called, in one line that names the remedy; nothing where it can: `sip:` or `sips:`
/// with a host, and no `?headers` (RFC 3261, 19.1.1). `[any]`
std::optional<std::string> fault_of_sip_uri(std::string_view uri);
/// The same for one that is to be registered, which needs a user: `sip:ada@sip.example`. `[any]`
std::optional<std::string> fault_of_registered(std::string_view uri);
/// The same for what a REFER may name: a `tel:` URI, too (RFC 3966). `[any]`
std::optional<std::string> fault_of_refer_target(std::string_view uri);
/// Why the header cannot be sent: its name is no token or belongs to the dialog itself, or its value holds a
/// control character. `[any]`
std::optional<std::string> fault_of_header(std::string_view name, std::string_view value);

} // namespace keytone::server
