// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace keytone::test {

/// A phone at 127.0.0.1 by a bare UDP socket, on a thread of its own: it keeps each message as it came, and
/// answers each call with `status` and `headers`, anything else with 200.
class BarePhone {
  public:
    explicit BarePhone(std::string status = "486 Busy Here", std::string headers = {})
        : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
          status_(std::move(status)),
          headers_(std::move(headers)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
        socklen_t size = sizeof own;
        getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size);
        port_ = ntohs(own.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~BarePhone() {
        stops_ = true;
        thread_.join();
        close(socket_);
    }
    BarePhone(const BarePhone&) = delete;
    BarePhone& operator=(const BarePhone&) = delete;

    [[nodiscard]] int port() const { return port_; }
    /// All that came, each as it was sent.
    [[nodiscard]] std::vector<std::string> messages() const {
        const std::scoped_lock lock(mutex_);
        return messages_;
    }
    /// The request lines of the INVITEs, each call's once.
    [[nodiscard]] std::vector<std::string> calls() const {
        std::vector<std::string> lines;
        std::vector<std::string> known;
        for (const std::string& message : messages()) {
            const std::string id = line_of(message, "Call-ID:");
            if (message.starts_with("INVITE ") && std::ranges::find(known, id) == known.end()) {
                known.push_back(id);
                lines.push_back(message.substr(0, message.find("\r\n")));
            }
        }
        return lines;
    }
    /// Waits until it was called so often.
    [[nodiscard]] bool is_called(std::size_t times) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        while (calls().size() < times) {
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
            poll(nullptr, 0, 10);
        }
        return true;
    }

  private:
    static std::string line_of(const std::string& message, std::string_view name) {
        const auto at = message.find("\r\n" + std::string(name));
        return at == std::string::npos ? "" : message.substr(at + 2, message.find("\r\n", at + 2) - at - 2);
    }

    void run() {
        while (!stops_) {
            pollfd ready{socket_, POLLIN, 0};
            if (poll(&ready, 1, 20) != 1) {
                continue;
            }
            std::string text(65'536, '\0');
            sockaddr_in far{};
            socklen_t size = sizeof far;
            const auto count =
                recvfrom(socket_, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&far), &size);
            text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
            if (!text.starts_with("ACK ")) {
                const bool is_call = text.starts_with("INVITE ");
                std::string answer = "SIP/2.0 " + (is_call ? status_ : std::string("200 OK")) + "\r\n";
                for (const char* const name : {"Via:", "From:", "To:", "Call-ID:", "CSeq:"}) {
                    const std::string line = line_of(text, name);
                    answer += line;
                    answer += line.starts_with("To:") && line.find(";tag=") == std::string::npos
                                  ? ";tag=bare\r\n"
                                  : "\r\n";
                }
                answer += (is_call ? headers_ : "") + "Content-Length: 0\r\n\r\n";
                sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&far),
                       size);
            }
            const std::scoped_lock lock(mutex_);
            messages_.push_back(std::move(text));
        }
    }

    int socket_;
    int port_ = 0;
    std::string status_;
    std::string headers_;
    std::atomic<bool> stops_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> messages_;
    std::thread thread_;
};

} // namespace keytone::test
