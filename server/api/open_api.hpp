// SPDX-License-Identifier: MIT
#pragma once

#include "tools/console/json_line.hpp"

#include <string_view>

namespace keytone::server {

/// The document at /openapi.json (OpenAPI 3.1), made of the table of routes and the schemas. `[any]`
tools::Json open_api(std::string_view version);

} // namespace keytone::server
