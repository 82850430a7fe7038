// SPDX-License-Identifier: MIT
//
// Session timers, RFC 4028: a dialog that is not refreshed ends after the agreed interval.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// The header Session-Expires. RFC 4028, 4.
struct SessionExpires {
    enum class Refresher { unsaid, uac, uas };

    std::chrono::seconds interval;
    Refresher refresher = Refresher::unsaid;

    friend bool operator==(const SessionExpires&, const SessionExpires&) = default;
};

/// The shortest interval that may be asked for. RFC 4028, 5.
inline constexpr std::chrono::seconds min_session_expires{90};

/// `1800;refresher=uac`; nothing where it is none. An interval is a day at most. `[any]`
std::optional<SessionExpires> read_session_expires(std::string_view value);
/// `[any]`
std::string write_session_expires(const SessionExpires& expires);
/// When the refresher refreshes: RFC 4028, 10. `[any]`
std::chrono::seconds refresh_after(std::chrono::seconds interval);
/// When the other side gives up: the same clause. `[any]`
std::chrono::seconds give_up_after(std::chrono::seconds interval);

} // namespace keytone::server
