// SPDX-License-Identifier: MIT
#include "server/sip/sip_bodies.hpp"

#include <algorithm>
#include <charconv>

namespace keytone::server {

namespace {

constexpr int usual_length_ms = 100;
constexpr int longest_ms = 10'000;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos ? std::string_view{}
                                           : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// The value behind `name=` on a line of its own.
std::string_view value_of(std::string_view body, std::string_view name) {
    while (!body.empty()) {
        const auto end = body.find('\n');
        const std::string_view line = trimmed(body.substr(0, end));
        const auto equals = line.find('=');
        if (equals != std::string_view::npos && trimmed(line.substr(0, equals)) == name) {
            return trimmed(line.substr(equals + 1));
        }
        body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
    }
    return {};
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? std::optional(value) : std::nullopt;
}

} // namespace

std::optional<RelayedKey> read_dtmf_relay(std::string_view body) {
    const std::string_view signal = value_of(body, "Signal");
    if (signal.size() != 1) {
        return std::nullopt;
    }
    const char upper =
        signal[0] >= 'a' && signal[0] <= 'd' ? static_cast<char>(signal[0] - 'a' + 'A') : signal[0];
    const auto key = Key::from_character(upper);
    if (!key) {
        return std::nullopt;
    }
    const int length_ms = number(value_of(body, "Duration")).value_or(usual_length_ms);
    return RelayedKey{*key, Milliseconds{static_cast<double>(std::clamp(length_ms, 1, longest_ms))}};
}

std::string write_dtmf_relay(const RelayedKey& key) {
    return std::string("Signal=") + key.key.character() +
           "\r\nDuration=" + std::to_string(static_cast<int>(key.length.value)) + "\r\n";
}

std::optional<int> read_sipfrag_status(std::string_view body) {
    constexpr std::string_view version = "SIP/2.0 ";
    constexpr std::size_t digits = 3;
    if (!body.starts_with(version) || body.size() < version.size() + digits) {
        return std::nullopt;
    }
    const std::string_view behind = body.substr(version.size() + digits);
    if (!behind.empty() && std::string_view(" \r\n").find(behind.front()) == std::string_view::npos) {
        return std::nullopt;
    }
    const auto status = number(body.substr(version.size(), digits));
    return status && *status >= 100 && *status <= 699 ? status : std::nullopt;
}

} // namespace keytone::server
