// SPDX-License-Identifier: MIT
//
// One route of the API: where it is, who may use it, what it takes and gives, and who serves it. The router,
// `Allow`, /openapi.json and the tests all come from these.
#pragma once

#include "server/api/api_context.hpp"
#include "server/api/http_message.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

enum class RouteAccess : std::uint8_t {
    open,    ///< Anybody.
    token,   ///< Who has a bearer token.
    account, ///< By basic authorization: the account in the path, and a token for its password.
    signed_url
};

/// A request on its way through its route.
struct RouteCall {
    const HttpRequest& request;
    std::vector<std::string> names; ///< What stands in the path's braces, in their order.
    HttpReply reply;
};

struct Route {
    std::string_view method;
    std::string_view path; ///< Parts are separated by `/`; `{id}` is any part, `{id}.json` what ends so.
    RouteAccess access;
    std::string_view operation; ///< Its name in /openapi.json.
    std::string_view summary;
    std::string_view parameters; ///< Of query and headers, by their names there, separated by spaces.
    std::string_view body;       ///< The schema of the body; empty: none.
    std::string_view answer;     ///< The schema of the answer's `data`, or where it has a `/` its type.
    std::string_view statuses;   ///< That its requests may be answered with, but for those of all.
    void (*serve)(const ApiContext&, RouteCall&); ///< May take what the call holds.
};

} // namespace keytone::server
