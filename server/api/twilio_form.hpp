// SPDX-License-Identifier: MIT
//
// Answers in the form of Twilio's REST API, for agents that were written for it.
#pragma once

#include "server/api/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace keytone::server {

/// `{"code":20404,"message":…,"more_info":…,"status":404}`. `[any]`
HttpResponse twilio_fault(int status, int code, const std::string& message);
/// The session of a call by its `callSid`, which is `CA` and the session's hexadecimal digits; nothing where
/// the text is none. `[any]`
std::optional<std::string> session_of_sid(std::string_view call_sid);
/// The reverse. `[any]`
std::string sid_of_session(std::string_view session);

} // namespace keytone::server
