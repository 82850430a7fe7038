// SPDX-License-Identifier: MIT
//
// The API: each request goes to its route, if it may.
#pragma once

#include "server/api/api_context.hpp"
#include "server/api/authorization.hpp"
#include "server/api/http_message.hpp"

namespace keytone::server {

/// `[http]`
class Api {
  public:
    /// What `context` names outlives it.
    explicit Api(ApiContext context);

    void serve(const HttpRequest& request, HttpReply reply);

  private:
    void route(const HttpRequest& request, const HttpReply& reply);
    [[nodiscard]] HttpReply noted(const HttpRequest& request, HttpReply reply) const;

    ApiContext context_;
    Authorization authorization_;
};

} // namespace keytone::server
