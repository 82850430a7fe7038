// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace keytone {

/// The number of Unicode characters (code points) in `utf8`; nothing where it is not UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF). `[any]`
std::optional<std::size_t> count_characters(std::string_view utf8);

/// The index of the first control character that is not one of `permitted`: U+0000 to U+001F or U+007F to
/// U+009F, of one byte or two, which a terminal may obey. `npos` where there is none. `[any]`
std::size_t find_control(std::string_view text, std::string_view permitted = {});

/// `text` with `instead` in place of every control character. `[any]`
std::string without_controls(std::string_view text, char instead);

} // namespace keytone
