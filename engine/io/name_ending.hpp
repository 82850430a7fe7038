// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone::io {

/// What follows the last dot of a path's last component, in lower case; empty where there is none.
inline std::string name_ending(std::string_view path) {
    const auto dot = path.find_last_of("./");
    if (dot == std::string_view::npos || path[dot] == '/') {
        return "";
    }
    std::string ending(path.substr(dot + 1));
    for (char& c : ending) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return ending;
}

} // namespace keytone::io
