// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace keytone {

/// How many Unicode characters (code points) `utf8` holds; nothing where it is not UTF-8 (RFC 3629: no longer
/// form than needed, no surrogates, nothing above U+10FFFF). `[any]`
std::optional<std::size_t> count_characters(std::string_view utf8);

} // namespace keytone
