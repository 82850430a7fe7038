// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone::server {

/// The header by which agents of Twilio's shape know that it is their platform which dials.
inline constexpr std::string_view twilio_signature_header = "X-Twilio-Signature";

/// Its value: HMAC-SHA1 (RFC 2104) with the account's token over the URL as its owner has written it, in
/// base64. Source: twilio.com/docs/usage/security, "Validating Signatures from Twilio". `[any]`
std::string twilio_signature(std::string_view token, std::string_view url);

} // namespace keytone::server
