// SPDX-License-Identifier: MIT
#include "server/sip/host_lookup.hpp"

#include "server/sip/re_library.hpp"

#include <arpa/inet.h>
#include <strings.h>

#include <array>
#include <fstream>

namespace keytone::server {

namespace {

constexpr std::size_t most_hosts_bytes = std::size_t{1024} * 1024;
constexpr std::string_view blanks = " \t\r\v\f";

bool is_same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

bool is_loopback_name(std::string_view name) {
    constexpr std::string_view top = ".localhost";
    return is_same(name, top.substr(1)) ||
           (name.size() > top.size() && is_same(name.substr(name.size() - top.size()), top));
}

// Takes the next word from a line; empty at the line's end.
std::string_view next_word(std::string_view& line) {
    const auto begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    const auto end = line.find_first_of(blanks, begin);
    const std::string_view word = line.substr(begin, end - begin);
    line = end == std::string_view::npos ? std::string_view{} : line.substr(end);
    return word;
}

bool is_address(std::string_view text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> room{};
    return text.find('\0') == std::string_view::npos &&
           inet_pton(family, std::string(text).c_str(), room.data()) == 1;
}

} // namespace

std::string read_hosts() {
    std::ifstream stream("/etc/hosts", std::ios::binary);
    std::string text(most_hosts_bytes, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

std::optional<std::string> address_in_hosts(std::string_view hosts, std::string_view name, int family) {
    if (name.ends_with('.')) { // the root
        name.remove_suffix(1);
    }
    while (!name.empty() && !hosts.empty()) {
        const auto end = hosts.find('\n');
        std::string_view line = hosts.substr(0, end);
        line = line.substr(0, line.find('#'));
        hosts = end == std::string_view::npos ? std::string_view{} : hosts.substr(end + 1);
        const std::string_view address = next_word(line);
        if (!is_address(address, family)) {
            continue;
        }
        for (auto known = next_word(line); !known.empty(); known = next_word(line)) {
            if (is_same(known, name)) {
                return std::string(address);
            }
        }
    }
    if (is_loopback_name(name)) {
        return family == AF_INET6 ? "::1" : "127.0.0.1";
    }
    return std::nullopt;
}

std::optional<std::string> route_by_hosts(std::string_view hosts, std::string_view uri, int family) {
    ::uri read{};
    const pl text = text_of(uri);
    if (uri_decode(&read, &text) != 0) {
        return std::nullopt;
    }
    const auto address = address_in_hosts(hosts, view(read.host), family);
    if (!address) {
        return std::nullopt;
    }
    std::string route = "sip:" + (family == AF_INET6 ? "[" + *address + "]" : *address);
    if (read.port != 0) {
        route += ":" + std::to_string(read.port);
    }
    pl transport{};
    if (msg_param_decode(&read.params, "transport", &transport) == 0) {
        route += ";transport=" + std::string(view(transport));
    }
    return route;
}

} // namespace keytone::server
