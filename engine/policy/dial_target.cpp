// SPDX-License-Identifier: MIT
#include "engine/policy/dial_target.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace keytone {

namespace {

constexpr std::size_t min_e164_digits = 8;
constexpr std::size_t max_digits = 15; // E.164 clause 6.2.1
constexpr std::size_t min_national_digits = 2;
constexpr std::size_t max_user_length = 64;
constexpr std::size_t max_host_length = 253; // RFC 1035 clause 2.3.4, less the root
constexpr std::size_t max_label_length = 63; // RFC 1035 clause 2.3.4
constexpr std::size_t max_header_name_length = 64;

// The locale must not decide what a letter is.
constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= max_label_length && label.front() != '-' &&
           label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_host(std::string_view host) {
    if (host.size() > max_host_length) {
        return false;
    }
    for (;;) {
        const std::size_t dot = host.find('.');
        if (!is_label(host.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        host.remove_prefix(dot + 1);
    }
}

bool is_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host_and_port(std::string_view domain) {
    const std::size_t colon = domain.find(':');
    return is_host(domain.substr(0, colon)) &&
           (colon == std::string_view::npos || is_port(domain.substr(colon + 1)));
}

bool is_user(std::string_view user) {
    return !user.empty() && user.size() <= max_user_length && std::ranges::all_of(user, [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '_' || c == '+' || c == '-';
    });
}

} // namespace

Result<PhoneNumber, Refusal> parse_phone_number(std::string_view text) {
    PhoneNumber number{{}, false};
    for (const char c : text) {
        if (is_digit(c) || (c == '+' && number.digits.empty())) {
            number.digits.push_back(c);
        } else if (std::string_view("-(). ").find(c) == std::string_view::npos) {
            return Refusal{Code::invalid_number,
                           "a phone number is + and 8 to 15 digits, such as +15551234567; only - ( ) . and "
                           "spaces may stand between them"};
        }
    }
    number.e164 = number.digits.starts_with('+');
    const std::size_t count = number.digits.size() - (number.e164 ? 1 : 0);
    if (count < (number.e164 ? min_e164_digits : min_national_digits) || count > max_digits) {
        return Refusal{Code::invalid_number,
                       "a phone number is + and 8 to 15 digits, such as +15551234567: this one has " +
                           std::to_string(count)};
    }
    // No country code begins with 0 (E.164 Annex A).
    if (number.e164 && number.digits[1] == '0') {
        return Refusal{
            Code::invalid_number,
            "no country code begins with 0: write the number as + and country code, such as +15551234567"};
    }
    return number;
}

Result<std::string, Refusal> sip_uri(std::string_view user, std::string_view domain) {
    if (!is_user(user)) {
        return Refusal{
            Code::invalid_sip,
            "with sipDomain, phone_number is a SIP user of A-Z a-z 0-9 . _ + -, at most 64 characters"};
    }
    if (!is_host_and_port(domain)) {
        return Refusal{
            Code::invalid_sip,
            "sipDomain is a host, or host:port, such as yourcompany.sip.example.com, without sip: or spaces"};
    }
    return "sip:" + std::string(user) + "@" + std::string(domain);
}

bool is_header_name(std::string_view name) {
    return !name.empty() && name.size() <= max_header_name_length && std::ranges::all_of(name, [](char c) {
        return is_alphanumeric(c) || std::string_view("-.!%*_+`'~").find(c) != std::string_view::npos;
    });
}

} // namespace keytone
