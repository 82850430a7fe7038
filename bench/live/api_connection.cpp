// SPDX-License-Identifier: MIT
#include "bench/live/api_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace keytone::bench {

ApiConnection::ApiConnection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        close(socket_);
        throw std::runtime_error("no connection to the API");
    }
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

ApiConnection::~ApiConnection() {
    close(socket_);
}

bool ApiConnection::send(std::string_view request) {
    const auto sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    is_open_ = is_open_ && sent == static_cast<ssize_t>(request.size());
    return is_open_;
}

std::optional<ApiConnection::Answer> ApiConnection::read() {
    static thread_local std::array<char, std::size_t{64} * 1024> room;
    const auto got = recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
    if (got > 0) {
        unread_.append(room.data(), static_cast<std::size_t>(got));
    } else {
        is_open_ = is_open_ && got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    constexpr std::string_view blank = "\r\n\r\n";
    constexpr std::string_view length = "Content-Length: ";
    constexpr std::size_t status_at = 9; // HTTP/1.1 200
    const auto end = unread_.find(blank);
    if (end == std::string::npos) {
        return std::nullopt;
    }
    const auto at = unread_.find(length);
    const std::size_t size = at < end ? std::strtoul(unread_.c_str() + at + length.size(), nullptr, 10) : 0;
    const std::size_t whole = end + blank.size() + size;
    if (unread_.size() < whole) {
        return std::nullopt;
    }
    const auto status = static_cast<int>(std::strtol(unread_.c_str() + status_at, nullptr, 10));
    Answer answer{status, unread_.substr(end + blank.size(), size)};
    unread_.erase(0, whole);
    return answer;
}

std::string api_request(std::string_view method, std::string_view target, std::string_view token,
                        std::string_view body) {
    std::string request = std::string(method) + ' ' + std::string(target) +
                          " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + std::string(token) +
                          "\r\n";
    if (!body.empty()) {
        request +=
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    }
    return request + "\r\n" + std::string(body);
}

ApiConnection::Answer ask_api(ApiConnection& connection, std::string_view request) {
    constexpr int patience_ms = 10'000;
    connection.send(request);
    while (connection.is_open()) {
        if (auto answer = connection.read()) {
            return *std::move(answer);
        }
        pollfd waits{connection.descriptor(), POLLIN, 0};
        if (poll(&waits, 1, patience_ms) <= 0) {
            break;
        }
    }
    throw std::runtime_error("the API does not answer");
}

} // namespace keytone::bench
