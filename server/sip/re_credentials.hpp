// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/re_library.hpp"
#include "server/sip/signalling.hpp"

#include <optional>

namespace keytone::server {

/// Our name and password, for servers that ask: RFC 3261, 22. An object whose references the library counts:
/// it may need them after the dialog's end, when its BYE is challenged.
struct ReCredentials {
    std::optional<SipCredentials> known;
    /// How often they may still be given: the library repeats a REGISTER that is refused.
    int times_left;
};

/// `times` is how often they may be given; a challenge that comes after that is final.
Reference<ReCredentials> make_credentials(const std::optional<SipCredentials>& known, int times);
/// A `sip_auth_h`; its argument is a ReCredentials.
int give_credentials(char** user, char** password, const char* realm, void* credentials);

} // namespace keytone::server
