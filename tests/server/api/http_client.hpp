// SPDX-License-Identifier: MIT
//
// HTTP by bare sockets: what a client must not send can be sent, and what comes is seen as it is.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace keytone::test {

struct HttpAnswer {
    int status = 0; ///< 0: none came.
    std::string head;
    std::string body;

    /// The value of a header; empty where it is not there.
    [[nodiscard]] std::string header(std::string_view name) const {
        std::string lower = head;
        std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
        std::string wanted = "\r\n" + std::string(name) + ": ";
        std::ranges::transform(wanted, wanted.begin(), [](unsigned char c) { return std::tolower(c); });
        const auto at = lower.find(wanted);
        if (at == std::string::npos) {
            return {};
        }
        const auto begin = at + wanted.size();
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

/// One connection. Each wait is bounded.
class HttpClient {
  public:
    static constexpr int patience_ms = 10'000;

    explicit HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(port);
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
    }
    ~HttpClient() { ::close(socket_); }
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    [[nodiscard]] bool is_connected() const { return is_connected_; }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

    /// The next answer; `is_head`: to a HEAD, which has no body.
    HttpAnswer answer(bool is_head = false) {
        HttpAnswer found;
        if (!reads([this] { return unread_.find("\r\n\r\n") != std::string::npos; })) {
            return found;
        }
        const auto end = unread_.find("\r\n\r\n") + 4;
        found.head = unread_.substr(0, end);
        unread_.erase(0, end);
        found.status = std::atoi(found.head.substr(9, 3).c_str());
        if (is_head || found.status == 204 || found.status == 304 || found.status < 200) {
            return found;
        }
        if (found.header("Transfer-Encoding") == "chunked") {
            found.body = chunks();
        } else if (const auto length = found.header("Content-Length"); !length.empty()) {
            const auto size = static_cast<std::size_t>(std::atoll(length.c_str()));
            reads([this, size] { return unread_.size() >= size; });
            found.body = unread_.substr(0, size);
            unread_.erase(0, size);
        } else {
            reads([] { return false; });
            found.body = std::exchange(unread_, {});
        }
        return found;
    }

    HttpAnswer ask(std::string_view bytes, bool is_head = false) {
        send(bytes);
        return answer(is_head);
    }

    /// Waits until so much text has come; what has come.
    const std::string& until(std::string_view text) {
        reads([&] { return unread_.find(text) != std::string::npos; });
        return unread_;
    }

    /// Whether the other side closes, with nothing unread before.
    bool is_closed() {
        reads([this] { return !unread_.empty(); });
        return unread_.empty() && is_at_end_;
    }

  private:
    template <class Done>
    bool reads(Done done) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
        while (!done()) {
            pollfd watched{socket_, POLLIN, 0};
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                                  until - std::chrono::steady_clock::now())
                                  .count();
            if (left <= 0 || poll(&watched, 1, static_cast<int>(left)) <= 0) {
                return false;
            }
            char bytes[16384];
            const auto count = recv(socket_, bytes, sizeof bytes, 0);
            if (count <= 0) {
                is_at_end_ = true;
                return done();
            }
            unread_.append(bytes, static_cast<std::size_t>(count));
        }
        return true;
    }

    std::string chunks() {
        std::string body;
        for (;;) {
            if (!reads([this] { return unread_.find("\r\n") != std::string::npos; })) {
                return body;
            }
            const auto size = std::strtoul(unread_.c_str(), nullptr, 16);
            unread_.erase(0, unread_.find("\r\n") + 2);
            reads([this, size] { return unread_.size() >= size + 2; });
            body += unread_.substr(0, size);
            unread_.erase(0, size + 2);
            if (size == 0) {
                return body;
            }
        }
    }

    int socket_;
    bool is_connected_ = false;
    bool is_at_end_ = false;
    std::string unread_;
};

} // namespace keytone::test
