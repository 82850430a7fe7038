// SPDX-License-Identifier: MIT
#include "engine/unicode.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace keytone {

namespace {

/// One row of RFC 3629's table: what a character's first byte says about the bytes after it.
struct Form {
    std::uint8_t first_lead;
    std::uint8_t last_lead;
    std::size_t length;           ///< Bytes in all.
    std::uint8_t least_second;    ///< Above 0x80 where less would be a longer form than needed.
    std::uint8_t greatest_second; ///< Below 0xBF where more would be a surrogate, or beyond U+10FFFF.
};

constexpr std::array forms{
    Form{0x00, 0x7F, 1, 0x00, 0x00}, Form{0xC2, 0xDF, 2, 0x80, 0xBF}, Form{0xE0, 0xE0, 3, 0xA0, 0xBF},
    Form{0xE1, 0xEC, 3, 0x80, 0xBF}, Form{0xED, 0xED, 3, 0x80, 0x9F}, Form{0xEE, 0xEF, 3, 0x80, 0xBF},
    Form{0xF0, 0xF0, 4, 0x90, 0xBF}, Form{0xF1, 0xF3, 4, 0x80, 0xBF}, Form{0xF4, 0xF4, 4, 0x80, 0x8F},
};

/// Bytes of the character at the front of `utf8`, 0 where there is none.
std::size_t first_character(std::string_view utf8) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
    for (const Form& form : forms) {
        if (byte(0) < form.first_lead || byte(0) > form.last_lead) {
            continue;
        }
        if (utf8.size() < form.length) {
            return 0;
        }
        if (form.length > 1 && (byte(1) < form.least_second || byte(1) > form.greatest_second)) {
            return 0;
        }
        for (std::size_t i = 2; i < form.length; ++i) {
            if (byte(i) < 0x80 || byte(i) > 0xBF) {
                return 0;
            }
        }
        return form.length;
    }
    return 0;
}

/// Bytes of the control character at the front of `text`, 0 where there is none.
std::size_t first_control(std::string_view text) {
    const auto byte = static_cast<std::uint8_t>(text[0]);
    if (byte < 0x20 || (byte >= 0x7F && byte < 0xA0)) {
        return 1;
    }
    const bool is_c1 = byte == 0xC2 && text.size() > 1 && static_cast<std::uint8_t>(text[1]) >= 0x80 &&
                       static_cast<std::uint8_t>(text[1]) < 0xA0;
    return is_c1 ? 2 : 0;
}

/// Bytes to the next character; 1 where the front is no character.
std::size_t step(std::string_view text) {
    return std::max<std::size_t>(first_character(text), 1);
}

} // namespace

std::size_t find_control(std::string_view text, std::string_view permitted) {
    for (std::size_t i = 0; i < text.size(); i += step(text.substr(i))) {
        if (first_control(text.substr(i)) > 0 && permitted.find(text[i]) == std::string_view::npos) {
            return i;
        }
    }
    return std::string_view::npos;
}

std::string without_controls(std::string_view text, char instead) {
    std::string safe;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = step(text.substr(i));
        if (first_control(text.substr(i)) > 0) {
            safe += instead;
        } else {
            safe += text.substr(i, length);
        }
        i += length;
    }
    return safe;
}

std::optional<std::size_t> count_characters(std::string_view utf8) {
    std::size_t count = 0;
    while (!utf8.empty()) {
        const std::size_t length = first_character(utf8);
        if (length == 0) {
            return std::nullopt;
        }
        utf8.remove_prefix(length);
        ++count;
    }
    return count;
}

} // namespace keytone
