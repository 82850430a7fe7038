// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace keytone {

/// How many Unicode characters (code points) `utf8` holds; nothing where it is not UTF-8 (RFC 3629: no longer
/// form than needed, no surrogates, nothing above U+10FFFF). `[any]`
std::optional<std::size_t> count_characters(std::string_view utf8);

/// Where the first control character begins, U+0000 to U+001F or U+007F to U+009F, alone in its byte or not,
/// that is none of `permitted`: what a terminal may obey. `npos` where there is none. `[any]`
std::size_t find_control(std::string_view text, std::string_view permitted = {});

/// `text` with `instead` for every control character. `[any]`
std::string without_controls(std::string_view text, char instead);

} // namespace keytone
