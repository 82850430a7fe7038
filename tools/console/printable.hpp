// SPDX-License-Identifier: MIT
#pragma once

#include "engine/unicode.hpp"

#include <string>
#include <string_view>

namespace keytone::tools {

/// `text` with `?` for every control character: a file's name can hold line ends, tabs and terminal commands,
/// which must not reach the output.
inline std::string printable(std::string_view text) {
    return without_controls(text, '?');
}

/// `character` for a message: in quotes; if it is not printable ASCII, its name or number.
inline std::string printable_character(char character) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte > 0x20 && byte < 0x7F) {
        return std::string("'") + character + "'";
    }
    constexpr std::string_view hex = "0123456789ABCDEF";
    return byte == ' ' ? "a space" : std::string("the byte 0x") + hex[byte >> 4U] + hex[byte & 15U];
}

} // namespace keytone::tools
