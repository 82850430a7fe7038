// SPDX-License-Identifier: MIT
//
// A request and what is answered to it, as the routes see them: without a socket, and without Boost.
#pragma once

#include "server/api/http_target.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace keytone::server {

/// A request whose head and body have been read and are well-formed.
struct HttpRequest {
    std::string method; ///< As it came; HEAD is served as GET.
    HttpTarget target;
    std::string peer; ///< The address that it came from.
    // Of the headers what the routes ask for; empty where there is none.
    std::string authorization;
    std::string content_type;
    std::string accept;
    std::string last_event_id;
    std::string range;
    std::string if_none_match;
    bool wants_web_socket = false;
    std::string body;
};

struct HttpHeader {
    std::string name;
    std::string value; ///< Without control characters.
};

/// The next piece of a body that is made while it is sent.
struct HttpPiece {
    std::string bytes; ///< Empty: there is nothing yet, it is asked again in a moment.
    bool is_last = false;
};

struct HttpResponse {
    int status = 200; ///< RFC 9110, 15.
    std::vector<HttpHeader> headers{};
    std::string body{};

    /// Where it is set the body is what this gives, piece by piece, instead of `body`. `[http]`
    std::function<HttpPiece()> pieces{};
    std::optional<std::uint64_t> length{}; ///< Of all pieces, where it is known.

    /// Where it is set nothing is answered: the connection is handed over, a descriptor that whoever takes it
    /// closes, with the head of the request and what came behind it. `[http]`
    std::function<void(int descriptor, std::string request)> take_over{};
};

/// Answers one request, once. What comes too late has no effect. `[any]`
using HttpReply = std::function<void(HttpResponse)>;

/// Answers requests: at once, or later by the reply. `[http]`
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

} // namespace keytone::server
