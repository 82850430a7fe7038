// SPDX-License-Identifier: MIT
//
// A request's head, as Boost.Beast has parsed it.
#pragma once

#include "server/api/http_message.hpp"
#include "server/api/http_server.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http.hpp>

#include <optional>
#include <string>

namespace keytone::server {

/// Why a request is not handed on: a status, a code of the API's, one line.
struct HttpRefusal {
    int status;
    const char* code;
    std::string message;
};

/// What is wrong with a head, beyond what the parser refuses. `[any]`
std::optional<HttpRefusal> fault_of_head(const boost::beast::http::request_header<>& head);
/// What a parser's error says to the client. `[any]`
HttpRefusal refusal_of(const boost::beast::error_code& error, const HttpServerOptions& options);
/// The request as handlers take it; its body is moved out of `message`. `[any]`
HttpRequest request_of(boost::beast::http::request<boost::beast::http::string_body>& message,
                       HttpTarget target, const std::string& peer);

} // namespace keytone::server
