// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::bench {

/// A connection to an HTTP server on 127.0.0.1 that is kept, with one request under way at most.
class ApiConnection {
  public:
    struct Answer {
        int status;
        std::string body;
    };

    /// Throws std::runtime_error.
    explicit ApiConnection(std::uint16_t port);
    ~ApiConnection();
    ApiConnection(const ApiConnection&) = delete;
    ApiConnection& operator=(const ApiConnection&) = delete;

    /// Sends a request, whole. False where the connection is gone.
    bool send(std::string_view request);
    /// The answer, once it is whole. Does not wait.
    std::optional<Answer> read();
    /// For poll().
    [[nodiscard]] int descriptor() const { return socket_; }
    /// False once it was closed by the other side.
    [[nodiscard]] bool is_open() const { return is_open_; }

  private:
    int socket_;
    bool is_open_ = true;
    std::string unread_;
};

/// A request with a token. A body is JSON.
std::string api_request(std::string_view method, std::string_view target, std::string_view token,
                        std::string_view body = {});
/// Asks, and waits for the answer for 10 s at most. Throws std::runtime_error.
ApiConnection::Answer ask_api(ApiConnection& connection, std::string_view request);

} // namespace keytone::bench
