// SPDX-License-Identifier: MIT
#include "server/api/api.hpp"

#include "server/api/json_answer.hpp"
#include "server/api/route_table.hpp"

#include <chrono>
#include <utility>

namespace keytone::server {

Api::Api(ApiContext context) : context_(std::move(context)), authorization_(context_.database) {}

// A line for each request; the query is left out, as a signature may be in it.
HttpReply Api::noted(const HttpRequest& request, HttpReply reply) const {
    if (!context_.log) {
        return reply;
    }
    return [reply = std::move(reply), log = context_.log, what = request.method + " " + request.target.path,
            peer = request.peer, began = std::chrono::steady_clock::now()](HttpResponse response) {
        const auto passed =
            std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
        const bool is_warning = response.status == 401 || response.status == 429 || response.status >= 500;
        log({is_warning, is_warning ? "http.refused" : "http.served",
             peer + " " + what + " " + std::to_string(response.status) + " in " +
                 std::to_string(passed.count()) + " us"});
        reply(std::move(response));
    };
}

void Api::serve(const HttpRequest& request, HttpReply reply) {
    reply = noted(request, std::move(reply));
    try {
        route(request, reply);
    } catch (const StoreError& error) {
        if (context_.log) {
            context_.log({true, "http.store_failed", error.what()});
        }
        reply(error_answer({503, "store_failed",
                            "the store cannot be used at the moment: see the service's log, and try again"}));
    }
}

void Api::route(const HttpRequest& request, const HttpReply& reply) {
    const bool is_of_all = request.method == "OPTIONS" && request.target.path == "*";
    auto match = find_route(request.method, is_of_all ? "/" : request.target.path);
    if (match.allowed.empty()) {
        return reply(error_answer({404, "no_such_path", "there is nothing at this path: see /openapi.json"}));
    }
    if (match.route == nullptr) {
        const bool is_asked = request.method == "OPTIONS";
        HttpResponse response =
            is_asked ? HttpResponse{.status = 204}
                     : error_answer({405, "bad_method", "this path is served by " + match.allowed});
        response.headers.push_back({"Allow", match.allowed});
        return reply(std::move(response));
    }
    if (auto refusal =
            authorization_.refusal(*match.route, match.names, request, std::chrono::steady_clock::now())) {
        return reply(*std::move(refusal));
    }
    RouteCall call{request, std::move(match.names), reply};
    match.route->serve(context_, call);
}

} // namespace keytone::server
