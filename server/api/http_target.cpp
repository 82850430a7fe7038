// SPDX-License-Identifier: MIT
#include "server/api/http_target.hpp"

#include "engine/unicode.hpp"

#include <algorithm>

namespace keytone::server {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::optional<int> hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional(lower - 'a' + 10) : std::nullopt;
}

// Nothing where a % has not two digits behind it (RFC 3986, 2.1), or what comes out is no text.
std::optional<std::string> decoded(std::string_view text, bool is_form) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && is_form) {
            plain += ' ';
        } else if (text[i] != '%') {
            plain += text[i];
        } else {
            const auto high = i + 1 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
            const auto low = i + 2 < text.size() ? hex_value(text[i + 2]) : std::nullopt;
            if (!high || !low) {
                return std::nullopt;
            }
            plain += static_cast<char>(*high * 16 + *low);
            i += 2;
        }
    }
    return count_characters(plain) && find_control(plain) == std::string_view::npos
               ? std::optional(std::move(plain))
               : std::nullopt;
}

// The path of `http://host/path`, whoever the host is: we serve nobody else's names.
std::string_view without_authority(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (text.starts_with(scheme)) {
            const auto path = text.find_first_of("/?", scheme.size());
            if (path == scheme.size() || text == scheme) {
                return text; // Without a host it is no URI of http (RFC 9110, 4.2.1), nor a path.
            }
            return path == std::string_view::npos ? std::string_view("/") : text.substr(path);
        }
    }
    return text;
}

bool is_dots(std::string_view part) {
    return part == "." || part == "..";
}

} // namespace

std::optional<std::string> HttpTarget::asked(std::string_view key) const {
    const auto found = std::ranges::find(query, key, &Pairs::value_type::first);
    return found == query.end() ? std::nullopt : std::optional(found->second);
}

Result<Pairs, std::string> read_form(std::string_view text) {
    Pairs pairs;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const auto equals = pair.find('=');
        auto key = decoded(pair.substr(0, equals), true);
        auto value =
            decoded(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!key || !value) {
            return std::string("holds a % without two hexadecimal digits, a control character or bytes that "
                               "are no UTF-8: encode it by RFC 3986");
        }
        if (pairs.size() >= max_query_keys) {
            return "has more than " + std::to_string(max_query_keys) + " keys: leave some out";
        }
        if (std::ranges::find(pairs, *key, &Pairs::value_type::first) != pairs.end()) {
            return std::string("has a key twice: write it once");
        }
        pairs.emplace_back(*std::move(key), *std::move(value));
    }
    return pairs;
}

Result<HttpTarget, std::string> read_http_target(std::string_view text) {
    if (text == "*") {
        return HttpTarget{"*", {}};
    }
    text = without_authority(text);
    const auto question = text.find('?');
    const std::string_view raw = text.substr(0, question);
    HttpTarget target;
    if (raw.find_first_of("#\\") != std::string_view::npos) {
        return std::string("the target holds # or \\: encode it, or leave it out");
    }
    // Before it is decoded: what is decoded is a name, in which no part ends.
    std::string_view rest = raw;
    while (!rest.empty()) {
        if (rest.front() != '/') {
            return std::string("the target is no path: begin it with /");
        }
        rest.remove_prefix(1);
        const std::string_view part = rest.substr(0, rest.find('/'));
        rest.remove_prefix(part.size());
        auto name = decoded(part, false);
        if (!name) {
            return std::string("the path holds a % without two hexadecimal digits, a control character or "
                               "bytes that are no UTF-8: encode it by RFC 3986");
        }
        if (is_dots(*name) || name->find_first_of("/\\") != std::string::npos) {
            return std::string("the path holds a part that is . or .., or an encoded slash: leave it out");
        }
        target.path += "/" + *name;
    }
    if (target.path.empty()) {
        target.path = "/";
    }
    if (question != std::string_view::npos) {
        auto query = read_form(text.substr(question + 1));
        if (!query) {
            return "the query " + query.error();
        }
        target.query = *std::move(query);
    }
    return target;
}

} // namespace keytone::server
