// SPDX-License-Identifier: MIT
//
// The targets of calls: telephone numbers and SIP addresses, checked so that they hold nothing but an
// address.
#pragma once

#include "dsp/result.hpp"
#include "engine/refusal.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace keytone {

/// The most characters of a SIP address's user.
inline constexpr std::size_t max_user_length = 64;
/// The most characters of a host name (RFC 1035 clause 2.3.4, less the root).
inline constexpr std::size_t max_host_length = 253;

/// A telephone number without its separators.
struct PhoneNumber {
    std::string digits; ///< `+15303195426`, or the digits of a national number.
    bool e164;          ///< Whether it has a country code (ITU-T E.164): `+` and 8 to 15 digits.
};

/// Why a text is no telephone number, and what would be accepted.
struct NumberFault {
    std::string message;
    std::size_t index; ///< The first character that is wrong.
};

/// Removes `-`, `(`, `)`, `.` and spaces. `[any]`
Result<PhoneNumber, NumberFault> parse_phone_number(std::string_view text);

/// `sip:USER@DOMAIN`. The user consists of `A-Z a-z 0-9 . _ + -`, at most max_user_length; the domain is a
/// host name or an IPv4 address, optionally with a port. Errors: invalid_sip. `[any]`
Result<std::string, Refusal> sip_uri(std::string_view user, std::string_view domain);

/// Whether `name` can be the name of a SIP header (RFC 3261 clause 25.1, token), of at most 64 characters.
/// `[any]`
bool is_header_name(std::string_view name);

} // namespace keytone
