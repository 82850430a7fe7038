// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace keytone::tools {

/// `text` with `?` for every control character: a file's name can hold line ends, tabs and terminal commands,
/// and must break neither a line nor a terminal.
inline std::string printable(std::string_view text) {
    std::string safe(text);
    std::ranges::replace_if(
        safe, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return safe;
}

} // namespace keytone::tools
