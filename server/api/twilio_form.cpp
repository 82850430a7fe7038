// SPDX-License-Identifier: MIT
#include "server/api/twilio_form.hpp"

#include "server/agent/twilio_protocol.hpp"
#include "server/api/json_answer.hpp"

#include <algorithm>

namespace keytone::server {

HttpResponse twilio_fault(int status, int code, const std::string& message) {
    tools::Json body;
    body["code"] = code;
    body["message"] = message;
    body["more_info"] = "https://www.twilio.com/docs/errors/" + std::to_string(code);
    body["status"] = status;
    return json_answer(status, body);
}

std::optional<std::string> session_of_sid(std::string_view call_sid) {
    constexpr std::size_t digits = 32;
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (call_sid.size() != 2 + digits || !call_sid.starts_with("CA") ||
        !std::ranges::all_of(call_sid.substr(2), is_digit)) {
        return std::nullopt;
    }
    std::string session(call_sid.substr(2));
    for (const std::size_t at : {20U, 16U, 12U, 8U}) { // RFC 9562, 4
        session.insert(at, 1, '-');
    }
    return session;
}

std::string sid_of_session(std::string_view session) {
    return TwilioNames::call_of(session);
}

} // namespace keytone::server
