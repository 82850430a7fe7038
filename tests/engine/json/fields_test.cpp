// SPDX-License-Identifier: MIT
#include "engine/json/fields.hpp"

#include <gtest/gtest.h>

#include <array>

namespace keytone::json {
namespace {

constexpr std::array<Key, 3> known{Key{"new_name", "newName"}, "number", "word"};

TEST(ObjectFields, AreFoundByEitherSpelling) {
    const Json object = {{"newName", "x"}, {"number", nullptr}};
    Fields fields("/at");
    fields.add_object(object, "/at", known);
    EXPECT_EQ(fields.token(known[0], 10), "x");
    EXPECT_EQ(fields.pointer_of(known[0]), "/at/newName");
    EXPECT_EQ(fields.pointer_of("word"), "/at/word");
    EXPECT_FALSE(fields.has("number"));
    EXPECT_FALSE(fields.error());
}

TEST(ObjectFields, KeepTheFirstFault) {
    const Json object = {{"number", "7"}, {"word", 8}};
    Fields fields("");
    fields.add_object(object, "", known);
    EXPECT_FALSE(fields.number("number", 0, 1));
    EXPECT_FALSE(fields.token("word", 10));
    ASSERT_TRUE(fields.error());
    EXPECT_EQ(fields.error()->message, "/number: is a string: write a number, without quotes, from 0 to 1");
}

TEST(ObjectFields, WantNumbersInRange) {
    const Json object = {{"number", 699.5}};
    Fields fields("");
    fields.add_object(object, "", known);
    EXPECT_EQ(fields.number("number", 0, 699.5), 699.5);
    EXPECT_FALSE(fields.error());
    EXPECT_FALSE(fields.whole("number", 0, 1000));
    ASSERT_TRUE(fields.error());
    EXPECT_EQ(fields.error()->fault, LineFault::wrong_type);
}

TEST(Enumerations, AreWritten) {
    constexpr std::array<std::string_view, 3> words{"a", "b", "c"};
    EXPECT_EQ(enumerate(words), "a, b or c");
    EXPECT_EQ(enumerate(std::span(words).first(1)), "a");
}

} // namespace
} // namespace keytone::json
