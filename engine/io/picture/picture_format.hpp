// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace keytone::io {

/// How a picture is stored: as lines that stay sharp at any size, or as pixels.
enum class PictureFormat { svg, png };

/// The format that the name's ending, `.svg` or `.png` in upper or lower case, asks for; nothing for any
/// other. `[any]`
constexpr std::optional<PictureFormat> picture_format_of(std::string_view path) {
    constexpr std::size_t length = 4;
    if (path.size() <= length || path[path.size() - length - 1] == '/') {
        return std::nullopt;
    }
    const auto ends_with = [&](std::string_view ending) {
        for (std::size_t i = 0; i < length; ++i) {
            const char c = path[path.size() - length + i];
            if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != ending[i]) {
                return false;
            }
        }
        return true;
    };
    if (ends_with(".svg")) {
        return PictureFormat::svg;
    }
    return ends_with(".png") ? std::optional(PictureFormat::png) : std::nullopt;
}

} // namespace keytone::io
