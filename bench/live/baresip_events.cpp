// SPDX-License-Identifier: MIT
#include "bench/live/baresip_events.hpp"

#include "bench/live/netstring.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace keytone::bench {

namespace {

constexpr std::size_t longest_event = 65'536; // those that come have some hundred bytes

} // namespace

BaresipEvents::BaresipEvents(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ < 0 || connect(socket_, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
        if (socket_ >= 0) {
            close(socket_);
        }
        throw std::runtime_error("baresip's control socket does not answer");
    }
}

BaresipEvents::~BaresipEvents() {
    close(socket_);
}

void BaresipEvents::take_keys(const std::function<void(const std::string&, const std::string&)>& sink) {
    std::array<char, 16384> buffer{};
    for (ssize_t size = 0; (size = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;) {
        unread_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    while (const auto text = take_netstring(unread_)) {
        const auto event = nlohmann::json::parse(*text, nullptr, false);
        if (event.is_object() && event.value("type", "") == "CALL_DTMF_START") {
            sink(event.value("peeruri", ""), event.value("param", "?"));
        }
    }
    if (unread_.size() > longest_event) {
        throw std::runtime_error("baresip's control socket tells no events");
    }
}

} // namespace keytone::bench
