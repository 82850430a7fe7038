// SPDX-License-Identifier: MIT
//
// One connection of the HTTP server. For http_server.cpp only.
//
//     idle ──first byte──► reading ──► replying ──► writing ──► idle
//       │                     └── wrong or late ──► writing ──► lingering ──► closed
//       └── too long ──► closed
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace keytone::server {

class HttpCore;

class HttpConnection {
  public:
    virtual ~HttpConnection() = default;

    static std::shared_ptr<HttpConnection> create(const std::shared_ptr<HttpCore>& core,
                                                  boost::asio::ip::tcp::socket socket, std::string peer);

    virtual void start() = 0;
    /// Does what is to be done where something has taken too long.
    virtual void check(std::chrono::steady_clock::time_point now) = 0;
    virtual void close() = 0;
};

} // namespace keytone::server
