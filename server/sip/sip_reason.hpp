// SPDX-License-Identifier: MIT
#pragma once

namespace keytone::server {

/// The reason phrase of a final status that keytone sends: RFC 3261, 21. `[any]`
constexpr const char* reason_phrase(int status) {
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 422:
        return "Session Interval Too Small";
    case 480:
        return "Temporarily Unavailable";
    case 486:
        return "Busy Here";
    case 488:
        return "Not Acceptable Here";
    case 503:
        return "Service Unavailable";
    case 603:
        return "Decline";
    default:
        return "Refused";
    }
}

} // namespace keytone::server
