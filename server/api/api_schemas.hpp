// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace keytone::server {

/// The schemas of bodies and answers (JSON Schema 2020-12), an object by their names. `[any]`
std::string_view api_schemas();
/// The parameters of queries and headers, an object by their names. `[any]`
std::string_view api_parameters();

} // namespace keytone::server
