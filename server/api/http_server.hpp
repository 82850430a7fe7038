// SPDX-License-Identifier: MIT
//
// HTTP/1.1 (RFC 9112) on a thread of its own. What is wrong with a connection or with the form of a request
// is dealt with here; what a request means is its handler's matter:
//
//     socket ─► head ≤ 16 KiB ─► body ≤ 64 KiB ─► handler ─► reply ─► socket, which stays open
//                 │ 408 slow, 431 large   │ 413            │ 503 no reply in time
//                 └ 400 no HTTP, two lengths, no Host
#pragma once

#include "dsp/result.hpp"
#include "server/api/api_log.hpp"
#include "server/api/http_message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace keytone::server {

struct HttpServerOptions {
    std::string address{"127.0.0.1"}; ///< A number.
    std::uint16_t port = 0;           ///< 0: any that is free.
    std::size_t max_head_bytes = std::size_t{16} * 1024;
    std::size_t max_body_bytes = std::size_t{64} * 1024;
    std::size_t max_connections = 512;
    /// From one address; the loopback, where a proxy may stand for many, has no limit of its own.
    std::size_t max_connections_each = 64;
    std::chrono::milliseconds request_patience{10'000}; ///< From a request's first byte to its last.
    std::chrono::milliseconds idle_patience{60'000};    ///< Between requests.
    std::chrono::milliseconds reply_patience{15'000};   ///< From a request to its reply.
    std::chrono::milliseconds write_patience{30'000};   ///< For each piece that the client takes.
};

class HttpCore;

class HttpServer {
  public:
    /// Listens, and serves until it is destroyed. `handler` and `log` are called on the server's thread.
    /// Errors: one line. `[control]`
    static Result<std::unique_ptr<HttpServer>, std::string> create(HttpServerOptions options,
                                                                   HttpHandler handler, ApiLog log);
    /// Closes all connections. Replies may come later still: they have no effect. `[control]`
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;

  private:
    explicit HttpServer(std::shared_ptr<HttpCore> core);

    std::shared_ptr<HttpCore> core_;
    std::thread thread_;
};

} // namespace keytone::server
