// SPDX-License-Identifier: MIT
#include "server/sip/sip_text.hpp"

#include "server/sip/re_library.hpp"

#include <strings.h>

#include <algorithm>
#include <array>

namespace keytone::server {

namespace {

// Headers that a request for a call may not set: those of RFC 3261, 20, and those that the dialog's own
// bodies need.
constexpr std::array own_headers{
    "accept",
    "allow",
    "authorization",
    "call-id",
    "contact",
    "content-type",
    "content-length",
    "content-encoding",
    "content-disposition",
    "cseq",
    "event",
    "expires",
    "from",
    "max-forwards",
    "min-se",
    "proxy-authorization",
    "rack",
    "record-route",
    "refer-to",
    "replaces",
    "require",
    "route",
    "rseq",
    "session-expires",
    "subscription-state",
    "supported",
    "to",
    "via",
    "f",
    "t",
    "i",
    "m",
    "c",
    "l",
    "v",
    "r",
    "x",
    "k",
    "e",
    "o",
};

bool is_printable_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "-.!%*_+`'~"; // RFC 3261, 25.1
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               marks.find(c) != std::string_view::npos;
    });
}

std::optional<std::string> fault_of_form(std::string_view uri) {
    if (uri.empty() || uri.size() > max_uri_bytes) {
        return "is " + std::string(uri.empty() ? "empty" : "longer than 512 bytes") + ": give a URI";
    }
    if (!is_printable_ascii(uri) || uri.find_first_of("<>\"") != std::string_view::npos) {
        return "holds a blank, a control character, a bracket or a quote: escape it with %";
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> fault_of_sip_uri(std::string_view uri) {
    if (auto fault = fault_of_form(uri)) {
        return fault;
    }
    ::uri read{};
    const pl text = text_of(uri);
    // The library finds a URI in the middle of a text, too.
    const bool is_uri = uri_decode(&read, &text) == 0 && read.scheme.p == uri.data();
    const std::string_view scheme = is_uri ? view(read.scheme) : std::string_view{};
    if (scheme != "sip" && scheme != "sips") {
        return "is no SIP URI: write sip:user@host";
    }
    if (view(read.host).empty()) {
        return "has no host: write sip:user@host";
    }
    if (!view(read.headers).empty()) {
        return "has headers behind a question mark: leave them out";
    }
    return std::nullopt;
}

std::optional<std::string> fault_of_registered(std::string_view uri) {
    if (auto fault = fault_of_sip_uri(uri)) {
        return fault;
    }
    ::uri read{};
    const pl text = text_of(uri);
    return uri_decode(&read, &text) != 0 || view(read.user).empty()
               ? std::optional<std::string>("has no user: write sip:user@host")
               : std::nullopt;
}

std::optional<std::string> fault_of_refer_target(std::string_view uri) {
    if (!uri.starts_with("tel:")) {
        return fault_of_sip_uri(uri);
    }
    if (auto fault = fault_of_form(uri)) {
        return fault;
    }
    return uri.size() == 4 ? std::optional<std::string>("has no number: write tel:+15551234") : std::nullopt;
}

std::optional<std::string> fault_of_header(std::string_view name, std::string_view value) {
    if (!is_token(name)) {
        return "has a name that is no header's: use letters, digits and hyphens";
    }
    const auto is_same = [&](std::string_view own) {
        return own.size() == name.size() && strncasecmp(own.data(), name.data(), own.size()) == 0;
    };
    if (std::ranges::any_of(own_headers, is_same)) {
        return "belongs to the call itself: use one of your own, such as X-Extension";
    }
    if (value.size() > max_header_value_bytes) {
        return "has a value of more than 1024 bytes: shorten it";
    }
    if (std::ranges::any_of(value, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
        return "has a control character in its value: leave it out";
    }
    return std::nullopt;
}

} // namespace keytone::server
