// SPDX-License-Identifier: MIT
#include "dsp/keys.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace keytone {
namespace {

struct Q23Key {
    char character;
    int event_code;
    int low;
    int high;
};

// ITU-T Q.23 figure 1, RFC 4733 section 3.2.
constexpr Q23Key q23_keys[] = {
    {'0', 0, 941, 1336},  {'1', 1, 697, 1209},  {'2', 2, 697, 1336},  {'3', 3, 697, 1477},
    {'4', 4, 770, 1209},  {'5', 5, 770, 1336},  {'6', 6, 770, 1477},  {'7', 7, 852, 1209},
    {'8', 8, 852, 1336},  {'9', 9, 852, 1477},  {'*', 10, 941, 1209}, {'#', 11, 941, 1477},
    {'A', 12, 697, 1633}, {'B', 13, 770, 1633}, {'C', 14, 852, 1633}, {'D', 15, 941, 1633},
};

TEST(Keys, HaveTheFrequenciesOfQ23AndTheCodesOfRfc4733) {
    for (const auto& expected : q23_keys) {
        const auto key = Key::from_character(expected.character);
        ASSERT_TRUE(key) << expected.character;
        EXPECT_EQ(key->character(), expected.character);
        EXPECT_EQ(key->event_code(), expected.event_code);
        EXPECT_EQ(key->low(), Hertz{static_cast<double>(expected.low)}) << expected.character;
        EXPECT_EQ(key->high(), Hertz{static_cast<double>(expected.high)}) << expected.character;
        EXPECT_EQ(Key::from_event_code(key->event_code()), key);
        EXPECT_EQ(Key::at(key->row(), key->column()), *key);
    }
}

TEST(Keys, LieOnAKeypadOfFourByFour) {
    constexpr std::string_view keypad = "123A456B789C*0#D";
    for (unsigned row = 0; row < 4; ++row) {
        for (unsigned column = 0; column < 4; ++column) {
            const Key key = Key::at(row, column);
            EXPECT_EQ(key.character(), keypad[4 * row + column]);
            EXPECT_EQ(key.row(), row);
            EXPECT_EQ(key.column(), column);
            EXPECT_EQ(key.low(), low_group[row]);
            EXPECT_EQ(key.high(), high_group[column]);
        }
    }
}

TEST(Keys, NoOtherCharacterIsOne) {
    int keys = 0;
    for (unsigned c = 0; c <= std::numeric_limits<unsigned char>::max(); ++c) {
        const auto character = static_cast<char>(c);
        const bool expected = std::string_view("0123456789*#ABCD").find(character) != std::string_view::npos;
        EXPECT_EQ(Key::from_character(character).has_value(), expected) << c;
        keys += expected ? 1 : 0;
    }
    EXPECT_EQ(keys, 16);
}

TEST(Keys, NoCodeAboveFifteenIsOne) {
    for (unsigned code = 16; code < 300; ++code) {
        EXPECT_FALSE(Key::from_event_code(code)) << code;
    }
    EXPECT_FALSE(Key::from_event_code(std::numeric_limits<unsigned>::max()));
}

} // namespace
} // namespace keytone
