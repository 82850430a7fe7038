// SPDX-License-Identifier: MIT
#include "server/api/authorization.hpp"

#include "server/agent/base64.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/twilio_form.hpp"

#include <algorithm>

namespace keytone::server {

namespace {

constexpr std::size_t most_token_bytes = 256;

// What follows the scheme, whose name is in any case (RFC 9110, 11.1).
std::optional<std::string_view> after_scheme(std::string_view header, std::string_view scheme) {
    if (header.size() <= scheme.size() || header[scheme.size()] != ' ' ||
        !is_of_type(header.substr(0, scheme.size()), scheme)) {
        return std::nullopt;
    }
    header.remove_prefix(scheme.size());
    header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
    return header;
}

bool is_token(std::string_view text) {
    return !text.empty() && text.size() <= most_token_bytes &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

} // namespace

std::optional<std::string> read_bearer(std::string_view authorization) {
    const auto rest = after_scheme(authorization, "bearer");
    return rest && is_token(*rest) ? std::optional<std::string>(*rest) : std::nullopt;
}

std::optional<BasicCredentials> read_basic(std::string_view authorization) {
    const auto rest = after_scheme(authorization, "basic");
    const auto bytes = rest ? base64_decode(*rest) : std::nullopt;
    if (!bytes) {
        return std::nullopt;
    }
    const std::string text(bytes->begin(), bytes->end());
    const auto colon = text.find(':');
    if (colon == std::string::npos || !is_token(std::string_view(text).substr(colon + 1))) {
        return std::nullopt;
    }
    return BasicCredentials{text.substr(0, colon), text.substr(colon + 1)};
}

bool Authorization::knows(std::string_view token, Clock::time_point now) {
    if (!read_at_ || now - *read_at_ >= refresh) {
        hashes_ = tokens_.hashes();
        read_at_ = now;
    }
    return TokenTable::name_of(token, hashes_).has_value();
}

std::optional<HttpResponse> Authorization::refusal(const Route& route, const std::vector<std::string>& names,
                                                   const HttpRequest& request, Clock::time_point now) {
    if (route.access == RouteAccess::open || route.access == RouteAccess::signed_url) {
        return std::nullopt;
    }
    const bool is_account = route.access == RouteAccess::account;
    std::optional<std::string> token;
    if (is_account) {
        auto basic = read_basic(request.authorization);
        if (basic && basic->user == names.front()) {
            token = std::move(basic->password);
        }
    } else {
        token = read_bearer(request.authorization);
    }
    // A token that cannot be one costs the same as any other that is wrong.
    if (knows(token.value_or("-"), now) && token) {
        return std::nullopt;
    }
    const auto wait = failed_.note(request.peer, now);
    if (wait.count() > 0) {
        HttpResponse response =
            is_account ? twilio_fault(429, 20429, "Too many requests: wait, and send a token that is valid")
                       : error_answer({429, "too_many_failures",
                                       "too many requests of your address had no valid token: wait, and "
                                       "send one that is valid"});
        response.headers.push_back({"Retry-After", std::to_string(wait.count())});
        return response;
    }
    if (is_account) {
        HttpResponse response = twilio_fault(401, 20003, "Authenticate");
        response.headers.push_back({"WWW-Authenticate", "Basic realm=\"keytone\""});
        return response;
    }
    HttpResponse response = error_answer(
        {401, "unauthorized",
         request.authorization.empty()
             ? "there is no token: send Authorization: Bearer TOKEN, made by keytone-server token create"
             : "the token is not valid: send one that keytone-server token create has made"});
    response.headers.push_back(
        {"WWW-Authenticate", request.authorization.empty()
                                 ? "Bearer realm=\"keytone\""
                                 : "Bearer realm=\"keytone\", error=\"invalid_token\""});
    return response;
}

} // namespace keytone::server
