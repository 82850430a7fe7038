// SPDX-License-Identifier: MIT
#include "server/api/http_head.hpp"

#include <utility>

namespace keytone::server {

namespace beast = boost::beast;
namespace http = beast::http;

std::optional<HttpRefusal> fault_of_head(const http::request_header<>& head) {
    const auto count = [&head](http::field field) { return head.count(field); };
    if (count(http::field::host) > 1 || (count(http::field::host) == 0 && head.version() == 11)) {
        return HttpRefusal{400, "bad_request", "there is not one Host header: send it, once"};
    }
    for (const auto field :
         {http::field::authorization, http::field::content_type, http::field::content_length}) {
        if (count(field) > 1) {
            return HttpRefusal{400, "bad_request",
                               std::string(http::to_string(field)) + " is there twice: send it once"};
        }
    }
    const auto length = head[http::field::content_length];
    if (length.find_first_not_of("0123456789") != beast::string_view::npos) {
        return HttpRefusal{400, "bad_request", "Content-Length is not one number: send digits alone"};
    }
    const auto coding = head.find(http::field::transfer_encoding);
    if (coding != head.end()) {
        // RFC 9112, 6.1: where both are, or the coding is unknown, nobody knows where the request ends.
        if (count(http::field::transfer_encoding) > 1 || count(http::field::content_length) > 0 ||
            head.version() == 10 || !beast::iequals(coding->value(), "chunked")) {
            return HttpRefusal{400, "bad_request",
                               "Transfer-Encoding is not chunked alone: send chunked, or Content-Length"};
        }
    }
    return std::nullopt;
}

HttpRefusal refusal_of(const beast::error_code& error, const HttpServerOptions& options) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return {431, "headers_too_large",
                "the request line and headers are more than " + std::to_string(options.max_head_bytes) +
                    " bytes: send fewer"};
    }
    if (error == http::error::body_limit) {
        return {413, "body_too_large",
                "the body is more than " + std::to_string(options.max_body_bytes) +
                    " bytes: send a smaller one"};
    }
    return {400, "bad_request", "the request is no HTTP/1.1 (" + error.message() + "): see RFC 9112"};
}

HttpRequest request_of(http::request<http::string_body>& message, HttpTarget target,
                       const std::string& peer) {
    const auto value = [&message](http::field field) { return std::string(message[field]); };
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::move(target);
    request.peer = peer;
    request.authorization = value(http::field::authorization);
    request.content_type = value(http::field::content_type);
    request.accept = value(http::field::accept);
    request.last_event_id = std::string(message["Last-Event-ID"]);
    request.range = value(http::field::range);
    request.if_none_match = value(http::field::if_none_match);
    request.wants_web_socket = beast::iequals(message[http::field::upgrade], "websocket") &&
                               http::token_list(message[http::field::connection]).exists("upgrade");
    request.body = std::move(message.body());
    return request;
}

} // namespace keytone::server
