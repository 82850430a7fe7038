// SPDX-License-Identifier: MIT
#include "engine/io/spoken_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::io {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string spoken(std::string_view text) {
    const auto result = spoken_text(text);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? *result : "";
}
std::string refusal(std::string_view text) {
    const auto result = spoken_text(text);
    return result ? "" : result.error().message;
}

TEST(SpokenText, LeavesAsciiAsItIs) {
    const std::string text = "Press 1, then # -- it's \"free\" (really). $5.00 & 50%!";
    EXPECT_EQ(spoken(text), text);
}

TEST(SpokenText, GivesAccentedLettersTheirBase) {
    EXPECT_EQ(spoken("caf\u00e9 \u00fcber \u00d8re na\u00efve \u0141\u00f3d\u017a"),
              "cafe uber Ore naive Lodz");
    EXPECT_EQ(spoken("stra\u00dfe \u00c6gir \u0153uvre \u00fe"), "strasse AEgir oeuvre th");
    EXPECT_EQ(spoken("cafe\u0301"), "cafe") << "an accent of its own";
}

TEST(SpokenText, MakesTypographyPlain) {
    EXPECT_EQ(spoken("\u201cHi\u201d \u2018a\u2019 it\u2019s \u2013 a\u2026"), "\"Hi\" 'a' it's  -  a...");
    EXPECT_EQ(spoken("a\u00a0b\tc\nd\r\ne \u4e2d \U0001F600"), "a b c d  e    ");
    EXPECT_EQ(spoken("\ufeffa\u200bb"), "ab");
}

TEST(SpokenText, ShortensLongPunctuation) {
    EXPECT_EQ(spoken("a....b!!!!!!!!! c" + std::string(1900, '.')), "a....b!!!! c....");
}

TEST(SpokenText, WantsSomethingToSpeak) {
    for (const char* text : {"", " ", "...", "!?", "\u4e2d\u6587", "\U0001F600", "\u0301"}) {
        EXPECT_THAT(refusal(text), HasSubstr("nothing to pronounce: give")) << text;
    }
    EXPECT_EQ(refusal("7"), "");
    EXPECT_EQ(refusal("\u00e9"), "");
}

TEST(SpokenText, CountsCharacters) {
    EXPECT_EQ(refusal(std::string(2000, 'a')), "");
    EXPECT_THAT(refusal(std::string(2001, 'a')), HasSubstr("more than 2000 characters: speak it in parts"));
    std::string accents;
    for (int i = 0; i < 2000; ++i) {
        accents += "\u00e9";
    }
    EXPECT_EQ(refusal(accents), "");
    EXPECT_THAT(refusal(accents + "a"), HasSubstr("2000"));
}

TEST(SpokenText, RefusesControlCharacters) {
    for (const std::string& bad : {std::string(1, '\0'), std::string("\x01"), std::string("\x1b"),
                                   std::string("\x7f"), std::string("\u0085")}) {
        EXPECT_THAT(refusal("\u00e9a" + bad),
                    HasSubstr("character 3 of the text to speak is a control character"));
    }
}

TEST(SpokenText, RefusesWhatIsNotUtf8) {
    for (const char* bad :
         {"\x80", "\xff", "\xc3", "\xe2\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",
          "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3("}) {
        EXPECT_THAT(refusal("ab" + std::string(bad)),
                    HasSubstr("character 3 of the text to speak is not UTF-8"));
    }
    EXPECT_EQ(refusal("a\U0010FFFF"), "");
}

TEST(SpokenText, TakesAnyBytes) {
    for (unsigned first = 0; first < 256; ++first) {
        for (unsigned second = 0; second < 256; ++second) {
            const std::string text{'a', static_cast<char>(first), static_cast<char>(second)};
            const auto result = spoken_text(text);
            if (result) {
                for (const char c : *result) {
                    ASSERT_TRUE(c >= 0x20 && c < 0x7F) << first << ' ' << second;
                }
            } else {
                ASSERT_THAT(result.error().message, Not(HasSubstr("\n")));
            }
        }
    }
}

} // namespace
} // namespace keytone::io
