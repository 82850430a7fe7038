// SPDX-License-Identifier: MIT
#include "server/reports/webhook_target.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <memory>

namespace keytone::server {

namespace {

struct Range {
    const char* address;
    int bits;
};
// https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast and class E.
constexpr std::array special_ipv4{
    Range{"0.0.0.0", 8},      Range{"10.0.0.0", 8},     Range{"100.64.0.0", 10}, Range{"127.0.0.0", 8},
    Range{"169.254.0.0", 16}, Range{"172.16.0.0", 12},  Range{"192.0.0.0", 24},  Range{"192.0.2.0", 24},
    Range{"192.88.99.0", 24}, Range{"192.168.0.0", 16}, Range{"198.18.0.0", 15}, Range{"198.51.100.0", 24},
    Range{"203.0.113.0", 24}, Range{"224.0.0.0", 4},    Range{"240.0.0.0", 4}};
// Global unicast (RFC 4291, 2.4), and of it what is for protocols, documents, or holds an IPv4 address.
constexpr Range public_ipv6{"2000::", 3};
constexpr std::array special_ipv6{Range{"2001::", 23}, Range{"2001:db8::", 32}, Range{"2002::", 16},
                                  Range{"3fff::", 20}};
constexpr std::array loopbacks{Range{"127.0.0.0", 8}, Range{"::1", 128}};

bool is_in(const Range& range, const sockaddr& address) {
    return contains({range.address, range.bits}, address);
}

// An IPv4 address that an IPv6 one maps counts as IPv4.
bool is_ipv4(const sockaddr& address) {
    return is_in({"0.0.0.0", 0}, address);
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// Empty where it has none.
std::string part(const Url& url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) {
        return {};
    }
    std::string found(text);
    curl_free(text);
    return found;
}

} // namespace

std::optional<std::string> fault_of_webhook_url(const std::string& text, bool allow_http) {
    constexpr const char* remedy = ": write https://host/path";
    if (text.size() > max_webhook_url_bytes) {
        return "is longer than " + std::to_string(max_webhook_url_bytes) + " bytes: shorten it";
    }
    const bool is_plain = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
    const Url url(curl_url(), &curl_url_cleanup);
    if (!is_plain || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
        return std::string("is no URL") + remedy;
    }
    if (!part(url, CURLUPART_USER).empty() || !part(url, CURLUPART_PASSWORD).empty()) {
        return "holds a name or a password: leave it out, as each report is signed";
    }
    if (!part(url, CURLUPART_FRAGMENT).empty()) {
        return "holds a #fragment, which no server gets: leave it out";
    }
    const std::string scheme = part(url, CURLUPART_SCHEME);
    if (scheme == "https") {
        return std::nullopt;
    }
    if (scheme != "http") {
        return std::string("is not https") + remedy;
    }
    const std::string host = part(url, CURLUPART_HOST);
    const bool is_here = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    if (!is_here) {
        return std::string("is not https") + remedy;
    }
    return allow_http ? std::nullopt
                      : std::optional<std::string>(
                            "is http: write https://host/path, or give --allow-http-webhooks for a test");
}

std::optional<std::string> fault_of_webhook_url(const std::string& text, const WebhookPolicy& policy) {
    if (auto fault = fault_of_webhook_url(text, policy.allow_http)) {
        return fault;
    }
    const Url url(curl_url(), &curl_url_cleanup);
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
        return std::string("is no URL: write https://host/path");
    }
    std::string host = part(url, CURLUPART_HOST); // An IPv4 address in any spelling is four numbers here.
    const bool is_https = part(url, CURLUPART_SCHEME) == "https";
    if (host.starts_with('[')) {
        host = host.substr(1, host.size() - 2);
    }
    if (host.ends_with('.')) { // The same name from the root (RFC 1034, 3.1).
        host.pop_back();
    }
    sockaddr_storage room{};
    auto* const address = reinterpret_cast<sockaddr*>(&room);
    auto& v4 = reinterpret_cast<sockaddr_in&>(room);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(room);
    std::ranges::transform(host, host.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (host == "localhost" || host.ends_with(".localhost")) { // RFC 6761, 6.3
        host = "127.0.0.1";
    }
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
    } else if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
    } else {
        return std::nullopt;
    }
    return may_call(policy, *address, is_https)
               ? std::nullopt
               : std::optional<std::string>("is an address that is not public: write a public one, or allow "
                                            "it in reports.allow_addresses");
}

bool is_public(const sockaddr& address) {
    const auto holds = [&address](const Range& range) { return is_in(range, address); };
    if (is_ipv4(address)) {
        return std::ranges::none_of(special_ipv4, holds);
    }
    return address.sa_family == AF_INET6 && is_in(public_ipv6, address) &&
           std::ranges::none_of(special_ipv6, holds);
}

bool may_call(const WebhookPolicy& policy, const sockaddr& address, bool is_https) {
    if (!is_https) {
        return policy.allow_http && std::ranges::any_of(loopbacks, [&address](const Range& range) {
                   return is_in(range, address);
               });
    }
    return is_public(address) || std::ranges::any_of(policy.allowed, [&address](const AddressRange& range) {
               return contains(range, address);
           });
}

} // namespace keytone::server
