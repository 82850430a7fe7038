// SPDX-License-Identifier: MIT
#pragma once

#include "server/api/call_desk.hpp"
#include "server/api/http_target.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace keytone::server {

/// A whole number, digits alone; nothing where the text is none. `[any]`
std::optional<std::int64_t> read_whole_number(std::string_view text);
/// The number at a key of the query, `usual` where it is not there. Errors: 400 where it is none from `least`
/// to `most`. `[any]`
Result<std::int64_t, ApiFault> number_in_query(const HttpTarget& target, std::string_view key,
                                               std::int64_t usual, std::int64_t least, std::int64_t most);
/// Milliseconds since 1970, or a time in UTC as `2026-11-28T18:01:08.123Z`. `[any]`
std::optional<std::int64_t> read_time(std::string_view text);

} // namespace keytone::server
