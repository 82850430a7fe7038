// SPDX-License-Identifier: MIT
#include "dsp/digit_string.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

namespace keytone {
namespace {

void expect_error(std::string_view characters, Error error, std::size_t index) {
    const auto digits = DigitString::parse(characters);
    ASSERT_FALSE(digits) << characters;
    EXPECT_EQ(digits.error().error, error) << characters;
    EXPECT_EQ(digits.error().index, index) << characters;
}

TEST(DigitString, HoldsKeysAndPausesInOrder) {
    const auto digits = DigitString::parse("12w3#WD");
    ASSERT_TRUE(digits);
    ASSERT_EQ(digits->size(), 7U);
    EXPECT_EQ(digits->characters(), "12w3#WD");
    EXPECT_EQ((*digits)[0].key(), Key::from_character('1'));
    EXPECT_EQ((*digits)[0].pause(), Milliseconds{0});
    EXPECT_EQ((*digits)[2].key(), std::nullopt);
    EXPECT_EQ((*digits)[2].pause(), Milliseconds{500});
    EXPECT_EQ((*digits)[5].pause(), Milliseconds{1000});
    EXPECT_EQ((*digits)[6].character(), 'D');
}

TEST(DigitString, EveryKeyIsADigit) {
    const auto digits = DigitString::parse("0123456789*#ABCD");
    ASSERT_TRUE(digits);
    for (std::size_t i = 0; i < digits->size(); ++i) {
        EXPECT_EQ((*digits)[i].key(), Key::from_event_code(static_cast<unsigned>(i)));
    }
}

TEST(DigitString, RefusesAnEmptyString) {
    expect_error("", Error::empty_digits, 0);
}

TEST(DigitString, RefusesPausesWithoutAKey) {
    expect_error("w", Error::pause_alone, 0);
    expect_error("WwW", Error::pause_alone, 0);
    EXPECT_TRUE(DigitString::parse("W1"));
    EXPECT_TRUE(DigitString::parse("1w"));
}

TEST(DigitString, PointsAtTheFirstCharacterThatIsNoDigit) {
    expect_error("x", Error::invalid_digit, 0);
    expect_error("123 45?", Error::invalid_digit, 3);
    expect_error("12a", Error::invalid_digit, 2);
    expect_error("1-2", Error::invalid_digit, 1);
    expect_error("12\n", Error::invalid_digit, 2);
    expect_error(std::string_view("1\0"
                                  "2",
                                  3),
                 Error::invalid_digit, 1);
    expect_error("ww\xc3\xa9", Error::invalid_digit, 2);
}

TEST(DigitString, OnlySymbolsAreAccepted) {
    for (unsigned c = 0; c <= std::numeric_limits<unsigned char>::max(); ++c) {
        const auto character = static_cast<char>(c);
        const bool expected =
            std::string_view("0123456789*#ABCDwW").find(character) != std::string_view::npos;
        EXPECT_EQ(DigitSymbol::from_character(character).has_value(), expected) << c;
        EXPECT_EQ(DigitString::parse(std::string{'1', character}).has_value(), expected) << c;
    }
}

TEST(DigitString, HoldsUpTo128Symbols) {
    const std::string longest(DigitString::max_length, '7');
    const auto digits = DigitString::parse(longest);
    ASSERT_TRUE(digits);
    EXPECT_EQ(digits->size(), 128U);
    EXPECT_EQ(digits->characters(), longest);
    expect_error(longest + '7', Error::too_many_digits, 128);
    expect_error(longest + "ww", Error::too_many_digits, 128);
    expect_error(std::string(100'000, '1'), Error::too_many_digits, 128);
    // An invalid character is reported first if it comes before the length is exceeded.
    expect_error(std::string(127, '1') + "x1", Error::invalid_digit, 127);
    expect_error(longest + 'x', Error::invalid_digit, 128);
}

} // namespace
} // namespace keytone
