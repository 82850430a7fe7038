// SPDX-License-Identifier: MIT
//
// What the connections of an HTTP server share. For http_server.cpp and http_connection.cpp only.
#pragma once

#include "server/api/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>

namespace keytone::server {

class HttpConnection;

/// All but stop() is of the one thread that runs the context. `[http]`
class HttpCore : public std::enable_shared_from_this<HttpCore> {
  public:
    HttpCore(HttpServerOptions options, HttpHandler handler, ApiLog log);

    /// Errors: one line. `[control]`
    std::string listen();
    void run();
    /// `[any]`
    void stop();

    /// A connection is over.
    void forget(const std::shared_ptr<HttpConnection>& connection, const std::string& peer);
    /// Logs that a request was refused.
    void tell_refusal(const std::string& peer, int status, const std::string& why);
    /// The time in the form of a `Date` header.
    const std::string& date();

    boost::asio::io_context context{1};
    const HttpServerOptions options;
    const HttpHandler handler;
    const ApiLog log;
    std::uint16_t port = 0;

  private:
    using Clock = std::chrono::steady_clock;

    void accept();
    void begin(boost::asio::ip::tcp::socket socket);
    void sweep();
    void close_all();

    boost::asio::ip::tcp::acceptor acceptor_{context};
    boost::asio::steady_timer sweeper_{context};
    boost::asio::steady_timer rest_{context}; ///< After a failure to accept.
    std::unordered_set<std::shared_ptr<HttpConnection>> connections_;
    std::map<std::string, std::size_t> each_; ///< Connections of an address.
    std::int64_t date_at_ = 0;
    std::string date_;
};

} // namespace keytone::server
