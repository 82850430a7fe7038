// SPDX-License-Identifier: MIT
#include "engine/io/spoken_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace keytone::io {
namespace {

// The base letters of U+00C0 to U+017F, in the order of the code points; characters that become two letters
// are listed below.
constexpr std::string_view latin_bases = "AAAAAAACEEEEIIII"
                                         "DNOOOOOxOUUUUYTs"
                                         "aaaaaaaceeeeiiii"
                                         "dnooooo ouuuuyty"
                                         "AaAaAaCcCcCcCcDd"
                                         "DdEeEeEeEeEeGgGg"
                                         "GgGgHhHhIiIiIiIi"
                                         "IiIiJjKkkLlLlLlL"
                                         "lLlNnNnNnnNnOoOo"
                                         "OoOoRrRrRrSsSsSs"
                                         "SsTtTtTtUuUuUuUu"
                                         "UuUuWwYyYZzZzZzs";
static_assert(latin_bases.size() == 0x180 - 0xC0);

struct Plain {
    char32_t character;
    std::string_view plain;
};
constexpr std::array plain_forms{
    Plain{0xC6, "AE"},        Plain{0xDE, "Th"},        Plain{0xDF, "ss"},    Plain{0xE6, "ae"},
    Plain{0xFE, "th"},        Plain{0x152, "OE"},       Plain{0x153, "oe"},   Plain{0xA3, " pounds "},
    Plain{0xB0, " degrees "}, Plain{0x20AC, " euros "}, Plain{0x2010, "-"},   Plain{0x2011, "-"},
    Plain{0x2012, "-"},       Plain{0x2013, " - "},     Plain{0x2014, " - "}, Plain{0x2018, "'"},
    Plain{0x2019, "'"},       Plain{0x201A, "'"},       Plain{0x2032, "'"},   Plain{0x201C, "\""},
    Plain{0x201D, "\""},      Plain{0x201E, "\""},      Plain{0xAB, "\""},    Plain{0xBB, "\""},
    Plain{0x2026, "..."},
};

/// Combining accents, which are dropped after their letter. So are joiners and the byte order mark.
bool is_silent_mark(char32_t character) {
    return (character >= 0x300 && character <= 0x36F) || (character >= 0x200B && character <= 0x200F) ||
           character == 0xFEFF || character == 0xAD;
}

std::string plain_form(char32_t character) {
    if (character < 0x80) {
        return {static_cast<char>(character)};
    }
    const auto* const form = std::ranges::find(plain_forms, character, &Plain::character);
    if (form != plain_forms.end()) {
        return std::string(form->plain);
    }
    if (character >= 0xC0 && character < 0x180) {
        return {latin_bases[character - 0xC0]};
    }
    return is_silent_mark(character) ? "" : " ";
}

/// Takes one character from the front of `rest`; nothing when the bytes there are not UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF).
std::optional<char32_t> take_character(std::string_view& rest) {
    const auto lead = static_cast<unsigned char>(rest.front());
    const std::size_t length = lead < 0x80              ? 1
                               : (lead & 0xE0U) == 0xC0 ? 2
                               : (lead & 0xF0U) == 0xE0 ? 3
                               : (lead & 0xF8U) == 0xF0 ? 4
                                                        : 0;
    if (length == 0 || rest.size() < length) {
        return std::nullopt;
    }
    constexpr std::array<std::uint32_t, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    char32_t character = lead & lead_bits[length];
    for (const char c : rest.substr(1, length - 1)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80) {
            return std::nullopt;
        }
        character = (character << 6U) | (byte & 0x3FU);
    }
    if (character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) {
        return std::nullopt;
    }
    rest.remove_prefix(length);
    return character;
}

bool is_speakable(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// flite 2.2 overruns one of its buffers when a word ends in some 300 punctuation marks or more; a long run
/// of them means no more than the first few.
void shorten_punctuation(std::string& text) {
    constexpr int most = 4;
    int run = 0;
    std::erase_if(text, [&run](char c) {
        run = c == ' ' || is_speakable(c) ? 0 : run + 1;
        return run > most;
    });
}

} // namespace

Result<std::string, PromptError> spoken_text(std::string_view text) {
    std::string plain;
    std::size_t count = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto character = take_character(rest);
        ++count;
        const std::string place = "character " + std::to_string(count) + " of the text to speak ";
        if (!character) {
            return PromptError{place + "is not UTF-8: encode the text as UTF-8"};
        }
        if (count > max_spoken_characters) {
            return PromptError{"the text to speak has more than " + std::to_string(max_spoken_characters) +
                               " characters: speak it in parts"};
        }
        if (*character == '\t' || *character == '\n' || *character == '\r') {
            plain += ' ';
        } else if (*character < 0x20 || (*character >= 0x7F && *character < 0xA0)) {
            return PromptError{place + "is a control character: take it out"};
        } else {
            plain += plain_form(*character);
        }
    }
    if (std::ranges::none_of(plain, is_speakable)) {
        return PromptError{"the text to speak has nothing to pronounce: give a Latin letter or a digit"};
    }
    shorten_punctuation(plain);
    return plain;
}

} // namespace keytone::io
