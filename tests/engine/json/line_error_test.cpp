// SPDX-License-Identifier: MIT
#include "engine/json/line_error.hpp"
#include "engine/unicode.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::json {
namespace {

TEST(LineErrors, NameTheKey) {
    const auto error = line_error(LineFault::bad_value, "/args/0", "is not offered: use x");
    EXPECT_EQ(error.key, "/args/0");
    EXPECT_EQ(error.message, "/args/0: is not offered: use x");
    EXPECT_EQ(line_error(LineFault::empty, "", "is empty").message, "the JSON text: is empty");
    EXPECT_EQ(name(LineFault::duplicate_key), "duplicate_key");
}

TEST(LineErrors, ShowNoControlCharacterAndNoEndlessKey) {
    EXPECT_EQ(line_error(LineFault::unknown_key, "/a\n\x1B[2J\x7F", "x").key, "/a??[2J?");
    EXPECT_EQ(line_error(LineFault::unknown_key,
                         "/a\xC2\x9B"
                         "31m",
                         "x")
                  .key,
              "/a?31m")
        << "CSI in one character";
    std::string key = "/";
    for (int i = 0; i < 1000; ++i) {
        key += "\xE2\x82\xB9";
    }
    const auto error = line_error(LineFault::unknown_key, key, "is not known");
    EXPECT_EQ(error.key.size(), 160U); // A slash, and 53 characters of three bytes.
    EXPECT_EQ(count_characters(error.key), 54U);
}

TEST(LineErrors, PointAsRfc6901Does) {
    EXPECT_EQ(child("", "a"), "/a");
    EXPECT_EQ(child("/a", "m~n/o"), "/a/m~0n~1o");
    EXPECT_EQ(child("/a", ""), "/a/");
}

} // namespace
} // namespace keytone::json
