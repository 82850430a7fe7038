// SPDX-License-Identifier: MIT
//
// For the codec only: JSON text to a tree, refusing what JSON parsers commonly accept although it is invalid.
#pragma once

#include "dsp/result.hpp"
#include "engine/json/line_error.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace keytone::json {

using Json = nlohmann::ordered_json;

/// Parses one JSON text. `pointer` is where the text is, for errors: empty for a line.
/// Errors: empty, not_utf8, not_json (which includes NUL, escaped or not, and numbers that exceed a double),
/// too_deep (8 levels), too_many_keys (64 in an object), duplicate_key. `[control]`
Result<Json, LineError> parse_strictly(std::string_view text, std::string_view pointer);

} // namespace keytone::json
