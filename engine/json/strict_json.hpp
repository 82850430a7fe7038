// SPDX-License-Identifier: MIT
//
// Within the codec only: JSON text to a tree, refusing what JSON parsers commonly let pass.
#pragma once

#include "dsp/result.hpp"
#include "engine/json/line_error.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace keytone::json {

using Json = nlohmann::ordered_json;

/// Parses one JSON text. `pointer` is where it stands, for errors: empty for a line.
/// Errors: empty, not_utf8, not_json (an escaped or plain NUL and numbers beyond a double among them),
/// too_deep (8 levels), too_many_keys (64 in an object), duplicate_key. `[control]`
Result<Json, LineError> parse_strictly(std::string_view text, std::string_view pointer);

} // namespace keytone::json
