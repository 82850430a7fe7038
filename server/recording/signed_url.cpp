// SPDX-License-Identifier: MIT
#include "server/recording/signed_url.hpp"

#include "server/store/secret.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace keytone::server {

namespace {

constexpr std::string_view folder = "/recordings/";
constexpr std::string_view path_ending = ".wav";

// As it is written: no sign, no space, no zero in front.
std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole && std::to_string(value) == text ? std::optional(value) : std::nullopt;
}

} // namespace

bool is_session_name(std::string_view name) {
    constexpr std::size_t length = 36;
    const auto is_in_place = [&](std::size_t at) {
        const bool is_dash = at == 8 || at == 13 || at == 18 || at == 23;
        const char c = name[at];
        return is_dash ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    };
    if (name.size() != length) {
        return false;
    }
    for (std::size_t at = 0; at < length; ++at) {
        if (!is_in_place(at)) {
            return false;
        }
    }
    return true;
}

UrlSigner::UrlSigner(std::string base, std::string key) : base_(std::move(base)), key_(std::move(key)) {
    while (base_.ends_with('/')) {
        base_.pop_back();
    }
}

std::string UrlSigner::path_of(std::string_view session) {
    return std::string(folder) + std::string(session) + std::string(path_ending);
}

std::string UrlSigner::signature_of(std::string_view path, std::string_view expires) const {
    return hmac_sha256_hex(key_, std::string(path) + "\n" + std::string(expires));
}

std::string UrlSigner::sign(std::string_view session, std::int64_t now_s) const {
    const std::string path = path_of(session);
    const std::string expires = std::to_string(now_s + life_s);
    return base_ + path + "?expires=" + expires + "&signature=" + signature_of(path, expires);
}

std::optional<std::string> UrlSigner::check(std::string_view path, std::string_view expires,
                                            std::string_view signature, std::int64_t now_s) const {
    const auto until = whole_number(expires);
    if (!same_in_constant_time(signature, signature_of(path, expires)) || !until || now_s >= *until) {
        return std::nullopt;
    }
    if (!path.starts_with(folder) || !path.ends_with(path_ending) ||
        path.size() < folder.size() + path_ending.size()) {
        return std::nullopt;
    }
    std::string session(path.substr(folder.size(), path.size() - folder.size() - path_ending.size()));
    return is_session_name(session) ? std::optional(std::move(session)) : std::nullopt;
}

} // namespace keytone::server
