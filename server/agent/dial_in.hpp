// SPDX-License-Identifier: MIT
//
// An agent that dials in: an HTTP server has read its request, and hands the connection on.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace keytone::server {

struct DialIn {
    /// Of any context: it is taken from there. Nothing of it may be under way.
    boost::asio::ip::tcp::socket socket;
    /// The upgrade (RFC 6455, 4.1), whole; nothing behind it was read, as a client waits for the answer.
    boost::beast::http::request<boost::beast::http::string_body> request;
};

} // namespace keytone::server
