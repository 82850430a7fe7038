// SPDX-License-Identifier: MIT
//
// Where a call goes: telephone numbers and SIP addresses, checked so that nothing but an address can be in
// them.
#pragma once

#include "dsp/result.hpp"
#include "engine/refusal.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace keytone {

/// Characters of a SIP address's user.
inline constexpr std::size_t max_user_length = 64;
/// Characters of a host's name (RFC 1035 clause 2.3.4, less the root).
inline constexpr std::size_t max_host_length = 253;

/// A telephone number without its separators.
struct PhoneNumber {
    std::string digits; ///< `+15303195426`, or a national number's digits alone.
    bool e164;          ///< Whether it says its country (ITU-T E.164): `+` and 8 to 15 digits.
};

/// Why a text is no telephone number, and what would be.
struct NumberFault {
    std::string message;
    std::size_t index; ///< The first character that is wrong.
};

/// Takes `-`, `(`, `)`, `.` and spaces out. `[any]`
Result<PhoneNumber, NumberFault> parse_phone_number(std::string_view text);

/// `sip:USER@DOMAIN`; the user of `A-Z a-z 0-9 . _ + -`, at most max_user_length; the domain a host name or
/// an IPv4 address, with a port if need be. Errors: invalid_sip. `[any]`
Result<std::string, Refusal> sip_uri(std::string_view user, std::string_view domain);

/// Whether `name` can be a SIP header's (RFC 3261 clause 25.1, token), at most 64 characters. `[any]`
bool is_header_name(std::string_view name);

} // namespace keytone
