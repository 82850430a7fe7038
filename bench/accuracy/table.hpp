// SPDX-License-Identifier: MIT
//
// The table as text (a Markdown table that can be read as it is) and as JSON.
#pragma once

#include "bench/accuracy/outcome.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace keytone::accuracy {

std::string table_head();
/// The lines of one row.
std::string table_lines(std::string_view row, const Outcome& outcome);
/// `text` with blanks behind it, up to `width` characters.
std::string padded(std::string_view text, std::size_t width);

/// An array of the row's lines, each an object: row rate what asked keytone spandsp met, the figures as
/// {value, text} and null where there is none.
nlohmann::ordered_json json_lines(std::string_view row, int rate_hz, const Outcome& outcome);
/// An array of the row's false keys, each an object: row rate and what FalseKey holds.
nlohmann::ordered_json json_false_keys(std::string_view row, int rate_hz, const Outcome& outcome);
/// An array of the row's curves.
nlohmann::ordered_json json_curves(int rate_hz, const Outcome& outcome);

} // namespace keytone::accuracy
