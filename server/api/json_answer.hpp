// SPDX-License-Identifier: MIT
//
// What all answers of the API look like: `{"success":true,"data":…}`, or
// `{"success":false,"error":{"code":…,"message":…}}`.
#pragma once

#include "server/api/call_desk.hpp"
#include "server/api/http_message.hpp"
#include "tools/console/json_line.hpp"

#include <string>
#include <string_view>

namespace keytone::server {

/// A body that is JSON. `[any]`
HttpResponse json_answer(int status, const tools::Json& body);
/// `[any]`
HttpResponse data_answer(tools::Json data, int status = 200);
/// `[any]`
HttpResponse error_answer(const ApiFault& fault);

/// Reads a request's body: an object whose keys are all among `keys`, which are separated by spaces. An empty
/// body is an empty object where `may_be_empty`. Errors: 400 with the place, 415 for another type. `[any]`
Result<tools::Json, ApiFault> read_body(const HttpRequest& request, std::string_view keys,
                                        bool may_be_empty = false);
/// The string at `key`; nothing where it is not there, or null. Errors: 400. `[any]`
Result<std::optional<std::string>, ApiFault> text_at(const tools::Json& body, std::string_view key);

/// 415. `[any]`
ApiFault not_declared_as_json();
/// Whether the type of a body is `type`, whatever its parameters. `[any]`
bool is_of_type(std::string_view content_type, std::string_view type);

} // namespace keytone::server
