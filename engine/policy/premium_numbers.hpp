// SPDX-License-Identifier: MIT
//
// Whom a host calls for others: numbers by their first digits, SIP addresses by their domain.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {

/// The range that an E.164 number is in, as its first digits, if calls to it cost the caller more than
/// others: satellites, international networks, premium rates. A `?` in it is any digit. Sources: the ITU's
/// list of assigned country codes (complement to ITU-T E.164); the national plans that administrations file
/// by ITU-T E.129. National ranges of other countries are not in it. Nothing for any other number. `[any]`
std::optional<std::string_view> premium_range(std::string_view number);

/// Whether the entries list the number, or, where there is one, the domain of a SIP address: first digits
/// such as `+1415`, SIP domains such as `sip:example.com`. `[any]`
bool is_listed(const std::vector<std::string>& entries, std::string_view number,
               const std::optional<std::string>& domain);
/// The same, but a number in a premium range is listed only by an entry that is as long as that range at
/// least: `+1` does not list +19005550100, `+1900` does. In a domain, too: both have to be listed then.
/// `[any]`
bool may_be_dialled(const std::vector<std::string>& entries, std::string_view number,
                    const std::optional<std::string>& domain);

} // namespace keytone
