// SPDX-License-Identifier: MIT
#include "server/agent/agent_url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace keytone::server {

namespace {

constexpr std::string_view clear_port = "80";
constexpr std::string_view secure_port = "443";

std::string_view usual_port(bool secure) {
    return secure ? secure_port : clear_port;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 && port <= 65'535;
}

bool is_host(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
    });
}

bool is_ipv6(std::string_view text) {
    return text.find(':') != std::string_view::npos && std::ranges::all_of(text, [](char c) {
               return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
           });
}

} // namespace

std::string AgentUrl::authority() const {
    const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == usual_port(secure) ? shown : shown + ":" + port;
}

Result<AgentUrl, std::string> parse_agent_url(std::string_view text) {
    AgentUrl url;
    url.text = text;
    if (text.starts_with("wss://")) {
        url.secure = true;
    } else if (!text.starts_with("ws://")) {
        return std::string("is no WebSocket URL: write \"ws://127.0.0.1:8765/\" or \"wss://agent.example/\"");
    }
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c >= '\x7f'; })) {
        return std::string("has a space, a control character or a letter beyond ASCII: write it as %20");
    }
    text.remove_prefix(text.find("//") + 2);
    if (text.find('#') != std::string_view::npos) {
        return std::string("has a fragment: leave out # and what follows");
    }
    const auto path = text.find_first_of("/?");
    const std::string_view place = text.substr(0, path);
    if (place.find('@') != std::string_view::npos) {
        return std::string("has a user before the host: put what the agent asks for into the query");
    }
    const auto bracket = place.starts_with('[') ? place.find(']') : std::string_view::npos;
    const auto colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
    url.host = bracket == std::string_view::npos ? place.substr(0, colon) : place.substr(1, bracket - 1);
    const bool is_whole =
        bracket == std::string_view::npos || colon == bracket + 1 || bracket + 1 == place.size();
    if (!is_whole || !(bracket == std::string_view::npos ? is_host(url.host) : is_ipv6(url.host))) {
        return std::string("has no host: write \"ws://127.0.0.1:8765/\"");
    }
    url.port = colon == std::string_view::npos ? usual_port(url.secure) : place.substr(colon + 1);
    if (!is_port(url.port)) {
        return std::string("has no port from 1 to 65535 behind the host's colon");
    }
    url.target = path == std::string_view::npos ? "/" : text.substr(path);
    if (url.target.starts_with('?')) {
        url.target.insert(0, "/");
    }
    return url;
}

} // namespace keytone::server
