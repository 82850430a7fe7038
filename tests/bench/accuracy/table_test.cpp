// SPDX-License-Identifier: MIT
#include "bench/accuracy/table.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace keytone::accuracy {
namespace {

const Outcome outcome{{Line{"keys", "\xE2\x89\xA5 99 %", Figure{98.0, "98 %"}, Figure{97.0, "97 %"}, false},
                       Line{"more", "", Figure{1.0, "1"}, {}, {}},
                       Line{"codec", "97 %", {}, {}, {}, "not built"}}};

TEST(Table, PadsByCharacters) {
    EXPECT_EQ(padded("\xE2\x89\xA5 1", 5), "\xE2\x89\xA5 1  ");
    EXPECT_EQ(padded("long", 2), "long");
}

TEST(Table, EveryLineHasEveryColumn) {
    const std::string text = table_head() + table_lines("row", outcome);
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        const std::size_t end = text.find('\n', at);
        EXPECT_EQ(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                             text.begin() + static_cast<std::ptrdiff_t>(end), '|'),
                  7);
        at = end + 1;
    }
    EXPECT_EQ(lines, 5U);
    EXPECT_NE(text.find("| NO "), std::string::npos);
    EXPECT_NE(text.find("not measured: not built"), std::string::npos);
}

TEST(Table, JsonTellsWhatThereIsNot) {
    const auto lines = json_lines("row", 8000, outcome);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0]["met"], false);
    EXPECT_EQ(lines[0]["spandsp"]["value"], 97.0);
    EXPECT_TRUE(lines[1]["met"].is_null());
    EXPECT_TRUE(lines[1]["spandsp"].is_null());
    EXPECT_TRUE(lines[2]["keytone"].is_null());
    EXPECT_EQ(lines[2]["remark"], "not built");
}

TEST(Table, JsonHoldsTheFalseKeys) {
    const Outcome heard{
        {},
        {},
        {FalseKey{
            .clip = "voice", .way = "speed 1.20", .speed = 1.2, .at_s = 5.0, .in_clip_s = 6.0, .key = '#'}}};
    const auto keys = json_false_keys("music", 8000, heard);
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys[0]["row"], "music");
    EXPECT_EQ(keys[0]["clip"], "voice");
    EXPECT_EQ(keys[0]["key"], "#");
    EXPECT_EQ(keys[0]["in_clip_s"], 6.0);
}

TEST(Table, JsonHoldsTheCurves) {
    const Outcome drawn{{}, {Curve{"noise", "t", "x", "y", {{1.0, 99.0, 50.0}}, {}, false}}};
    const auto curves = json_curves(16000, drawn);
    ASSERT_EQ(curves.size(), 1U);
    EXPECT_EQ(curves[0]["points"][0]["keytone"], 99.0);
    EXPECT_TRUE(curves[0]["points"][0]["spandsp"].is_null());
}

} // namespace
} // namespace keytone::accuracy
