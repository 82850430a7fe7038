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
constexpr std::size_t max_label_length = 63; // RFC 1035 clause 2.3.4
constexpr std::size_t max_header_name_length = 64;

// Not isdigit(), which depends on the locale.
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

/// Whether `(0)` is at `at`, with spaces or not: a digit that callers from abroad leave out.
bool is_trunk_prefix(std::string_view text, std::size_t at) {
    if (text[at] != '(') {
        return false;
    }
    const std::size_t zero = text.find_first_not_of(' ', at + 1);
    if (zero == std::string_view::npos || text[zero] != '0') {
        return false;
    }
    const std::size_t end = text.find_first_not_of(' ', zero + 1);
    return end != std::string_view::npos && text[end] == ')';
}

/// Whether an extension begins here, as people write it after a number: `,` `;ext=` `x` `ext.` `#`, and the
/// pauses of dialling strings.
bool begins_extension(std::string_view rest) {
    return std::string_view(",;xXeEpPwW#*").find(rest.front()) != std::string_view::npos;
}

/// The index of digit number `count`, from 0.
std::size_t index_of_digit(std::string_view text, std::size_t count) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_digit(text[i]) && count-- == 0) {
            return i;
        }
    }
    return text.size();
}

bool is_user(std::string_view user) {
    return !user.empty() && user.size() <= max_user_length && std::ranges::all_of(user, [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '_' || c == '+' || c == '-';
    });
}

} // namespace

Result<PhoneNumber, NumberFault> parse_phone_number(std::string_view text) {
    constexpr std::string_view separators = "-(). ";
    PhoneNumber number{{}, false};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_trunk_prefix(text, i) && !number.digits.empty()) {
            return NumberFault{
                "(0) is dialled within the country only: leave it out behind the country code, "
                "such as +44 20 7946 0000",
                i};
        }
        if (is_digit(c) || (c == '+' && number.digits.empty())) {
            number.digits.push_back(c);
        } else if (begins_extension(text.substr(i)) && !number.digits.empty()) {
            return NumberFault{"an extension is no part of the number: give its digits as extension", i};
        } else if (separators.find(c) == std::string_view::npos) {
            return NumberFault{
                "a phone number is + and 8 to 15 digits, such as +15551234567; only - ( ) . and "
                "spaces may stand between them",
                i};
        }
    }
    number.e164 = number.digits.starts_with('+');
    const std::size_t count = number.digits.size() - (number.e164 ? 1 : 0);
    if (count < (number.e164 ? min_e164_digits : min_national_digits) || count > max_digits) {
        return NumberFault{"a phone number is + and 8 to 15 digits, such as +15551234567: this one has " +
                               std::to_string(count),
                           count > max_digits ? index_of_digit(text, max_digits) : text.size()};
    }
    // No country code begins with 0 (E.164 Annex A).
    if (number.e164 && number.digits[1] == '0') {
        return NumberFault{
            "no country code begins with 0: write the number as + and country code, such as +15551234567",
            index_of_digit(text, 0)};
    }
    return number;
}

Result<std::string, Refusal> sip_uri(std::string_view user, std::string_view domain) {
    if (!is_user(user)) {
        const bool extension = user.find_first_of(",;") != std::string_view::npos;
        return Refusal{
            Code::invalid_sip,
            std::string("with sipDomain, phone_number is a SIP user of A-Z a-z 0-9 . _ + -, at most 64 "
                        "characters") +
                (extension ? ": give an extension as extension" : "")};
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
