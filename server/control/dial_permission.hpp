// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Why somebody is not called.
struct DialRefusal {
    enum class What : std::uint8_t {
        malformed,   ///< It is neither a number nor a SIP URI, as they are written here.
        not_allowed, ///< It is not listed.
        no_trunk,    ///< There is no trunk that a number would be dialled at.
    };

    What what;
    std::string message; ///< One line with the remedy.
};

/// The SIP URI of whom a call is placed to: an E.164 number (`+` and 8 to 15 digits, nothing between them),
/// or `sip:user@domain` with nothing behind it. No other spelling is taken, so that what is checked is what
/// is dialled. `allow`: first digits of numbers and SIP domains, as CallRules::dial_allow; empty: nobody.
/// Premium ranges have to be listed by themselves: may_be_dialled(). `[any]`
Result<std::string, DialRefusal> permitted_target(std::string_view to, const std::vector<std::string>& allow,
                                                  std::string_view trunk);

} // namespace keytone::server
