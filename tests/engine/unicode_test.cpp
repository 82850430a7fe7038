// SPDX-License-Identifier: MIT
#include "engine/unicode.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace keytone {
namespace {

TEST(CountCharacters, CountsCodePointsNotBytes) {
    for (const auto& [text, count] : {std::pair<std::string, std::size_t>{"", 0},
                                      {"abc", 3},
                                      {"\xC3\xA9", 1},             // é
                                      {"\xE2\x82\xB9 15", 4},      // ₹ 15
                                      {"\xF0\x9F\x98\x80!", 2},    // an emoji
                                      {"\x7F\xC2\x80\xDF\xBF", 3}, // The ends of each length in bytes.
                                      {"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", 4},
                                      {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 2},
                                      {std::string(1, '\0'), 1}}) {
        EXPECT_EQ(count_characters(text), count) << text;
    }
}

TEST(CountCharacters, RefusesWhatIsNoUtf8) {
    for (const std::string text :
         {"\x80", "\xC3", "\xC3(", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80",
          "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xF0\x9F\x98",
          "a\xE2(\xA1", "\xE2\x82("}) {
        EXPECT_FALSE(count_characters(text)) << text;
    }
}

TEST(FindControl, FindsWhatATerminalMayObey) {
    EXPECT_EQ(find_control("plain \xC3\xA9 \xE2\x82\xB9"), std::string_view::npos);
    EXPECT_EQ(find_control("a\x1B[2J"), 1U);
    EXPECT_EQ(find_control("a\x7F"), 1U);
    EXPECT_EQ(find_control("\xC3\xA9\xC2\x9B"
                           "31m"),
              2U);
    EXPECT_EQ(find_control("a\nb\tc\x01", "\n\t"), 5U);
    // The second byte of a character is not taken for a control character.
    EXPECT_EQ(find_control("\xC4\x9B"), std::string_view::npos);
}

TEST(WithoutControls, PutsSomethingInTheirPlace) {
    EXPECT_EQ(without_controls("a\n\x1B[2J\x7F", '?'), "a??[2J?");
    EXPECT_EQ(without_controls("\xC3\xA9\xC2\x9B"
                               "31m \x9B"
                               "1m \xC4\x9B",
                               '?'),
              "\xC3\xA9?31m ?1m \xC4\x9B");
}

} // namespace
} // namespace keytone
