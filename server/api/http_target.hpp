// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::server {

/// What a request asks for, taken apart and decoded: `/api/v2/calls/a%2Db?limit=5`.
struct HttpTarget {
    std::string path; ///< Decoded: `/api/v2/calls/a-b`. `*` for OPTIONS alone.
    std::vector<std::pair<std::string, std::string>> query;

    /// The value of a key of the query; nothing where it is not there.
    [[nodiscard]] std::optional<std::string> asked(std::string_view key) const;
};

inline constexpr std::size_t max_query_keys = 32;

/// Reads the target of a request line: the origin form, the absolute form of http and https, and `*` (RFC
/// 9112, 3.2). A path with a part that is `.` or `..`, a `%` without two hexadecimal digits, an encoded `/`,
/// a control character or bytes that are no UTF-8 are refused: none of our names has them. Errors: one line.
/// `[any]`
Result<HttpTarget, std::string> read_http_target(std::string_view text);

/// Reads `a=1&b=x+y`, a query or the body of a form. Errors: one line. `[any]`
Result<std::vector<std::pair<std::string, std::string>>, std::string> read_form(std::string_view text);

} // namespace keytone::server
