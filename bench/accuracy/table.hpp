// SPDX-License-Identifier: MIT
//
// The table as text (a Markdown table that is readable as it is) and as JSON.
#pragma once

#include "bench/accuracy/outcome.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace keytone::accuracy {

std::string table_head();
/// The table's lines for one row.
std::string table_lines(std::string_view row, const Outcome& outcome);
/// `text` padded with spaces to `width` characters.
std::string padded(std::string_view text, std::size_t width);

/// An array of the row's lines, each an object with row, rate, what, asked, keytone, spandsp, met; figures
/// are {value, text}, or null where there is none.
nlohmann::ordered_json json_lines(std::string_view row, int rate_hz, const Outcome& outcome);
/// An array of the row's false keys, each an object with row, rate and the members of FalseKey.
nlohmann::ordered_json json_false_keys(std::string_view row, int rate_hz, const Outcome& outcome);
/// An array of the row's curves.
nlohmann::ordered_json json_curves(int rate_hz, const Outcome& outcome);

} // namespace keytone::accuracy
