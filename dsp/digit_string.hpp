// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/error.hpp"
#include "dsp/keys.hpp"
#include "dsp/result.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace keytone {

/// One character of a digit string: a key to press, or a pause to wait.
class DigitSymbol {
  public:
    static constexpr Milliseconds short_pause{500};
    static constexpr Milliseconds long_pause{1000};

    /// `0-9 * # A-D`, `w` (short pause), `W` (long pause); nothing for any other character.
    static constexpr std::optional<DigitSymbol> from_character(char character) {
        if (character != 'w' && character != 'W' && !Key::from_character(character)) {
            return std::nullopt;
        }
        return DigitSymbol(character);
    }

    [[nodiscard]] constexpr char character() const { return character_; }
    /// Nothing when the symbol is a pause.
    [[nodiscard]] constexpr std::optional<Key> key() const { return Key::from_character(character_); }
    /// Zero when the symbol is a key.
    [[nodiscard]] constexpr Milliseconds pause() const {
        return character_ == 'w' ? short_pause : character_ == 'W' ? long_pause : Milliseconds{0};
    }

    friend constexpr bool operator==(DigitSymbol, DigitSymbol) = default;

  private:
    friend class DigitString;
    constexpr explicit DigitSymbol(char character) : character_(character) {}
    char character_;
};

/// Keys and pauses in the order in which they are sent, such as `12w3#`: at least one key, at most
/// `max_length` symbols.
class DigitString {
  public:
    static constexpr std::size_t max_length = 128;

    struct ParseError {
        Error error;
        /// The first character that is wrong.
        std::size_t index;
    };

    /// Errors: empty_digits, too_many_digits, invalid_digit, pause_alone. Nothing is skipped or stripped.
    static constexpr Result<DigitString, ParseError> parse(std::string_view characters) {
        if (characters.empty()) {
            return ParseError{Error::empty_digits, 0};
        }
        DigitString digits;
        bool any_key = false;
        for (std::size_t i = 0; i < characters.size(); ++i) {
            const auto symbol = DigitSymbol::from_character(characters[i]);
            if (!symbol) {
                return ParseError{Error::invalid_digit, i};
            }
            if (i >= max_length) {
                return ParseError{Error::too_many_digits, i};
            }
            any_key = any_key || symbol->key();
            digits.characters_[i] = symbol->character();
        }
        if (!any_key) {
            return ParseError{Error::pause_alone, 0};
        }
        digits.size_ = static_cast<std::uint8_t>(characters.size());
        return digits;
    }

    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    /// `index` below size().
    [[nodiscard]] constexpr DigitSymbol operator[](std::size_t index) const {
        return DigitSymbol(characters_[index]);
    }
    [[nodiscard]] constexpr std::string_view characters() const { return {characters_.data(), size_}; }

  private:
    constexpr DigitString() = default;

    std::array<char, max_length> characters_{};
    std::uint8_t size_ = 0;
};

} // namespace keytone
