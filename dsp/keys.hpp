// SPDX-License-Identifier: MIT
//
// The sixteen keys of push-button signalling (ITU-T Q.23) and their RFC 4733 event codes.
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace keytone {

/// Low group: one frequency for each row of keys (Q.23).
inline constexpr std::array<Hertz, 4> low_group{Hertz{697}, Hertz{770}, Hertz{852}, Hertz{941}};
/// High group: one frequency for each column of keys (Q.23).
inline constexpr std::array<Hertz, 4> high_group{Hertz{1209}, Hertz{1336}, Hertz{1477}, Hertz{1633}};

/// One of `0-9 * # A-D`.
class Key {
  public:
    /// Nothing for any other character; `a-d` are not accepted.
    static constexpr std::optional<Key> from_character(char character) {
        const auto code = characters.find(character);
        if (code == std::string_view::npos) {
            return std::nullopt;
        }
        return Key(static_cast<std::uint8_t>(code));
    }
    /// RFC 4733 section 3.2: 0-9, `*` 10, `#` 11, A-D 12-15. Nothing for a code above 15.
    static constexpr std::optional<Key> from_event_code(unsigned code) {
        if (code >= characters.size()) {
            return std::nullopt;
        }
        return Key(static_cast<std::uint8_t>(code));
    }
    /// The key in `row` and `column` (each 0-3) of the keypad `123A 456B 789C *0#D`.
    static constexpr Key at(unsigned row, unsigned column) {
        constexpr std::string_view keypad = "123A456B789C*0#D";
        return *from_character(keypad[4 * (row & 3U) + (column & 3U)]);
    }

    [[nodiscard]] constexpr char character() const { return characters[code_]; }
    [[nodiscard]] constexpr std::uint8_t event_code() const { return code_; }
    [[nodiscard]] constexpr unsigned row() const { return position() / 4; }
    [[nodiscard]] constexpr unsigned column() const { return position() % 4; }
    [[nodiscard]] constexpr Hertz low() const { return low_group[row()]; }
    [[nodiscard]] constexpr Hertz high() const { return high_group[column()]; }

    friend constexpr bool operator==(Key, Key) = default;

  private:
    static constexpr std::string_view characters = "0123456789*#ABCD";

    constexpr explicit Key(std::uint8_t code) : code_(code) {}
    [[nodiscard]] constexpr unsigned position() const {
        constexpr std::array<std::uint8_t, 16> positions{13, 0,  1,  2,  4, 5, 6,  8,
                                                         9,  10, 12, 14, 3, 7, 11, 15};
        return positions[code_];
    }

    std::uint8_t code_;
};

} // namespace keytone
