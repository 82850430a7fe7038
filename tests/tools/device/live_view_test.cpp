// SPDX-License-Identifier: MIT
#include "tools/device/live_view.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace keytone::tools {
namespace {

TEST(DrawPlaying, TheSoundingDigitStandsInBrackets) {
    EXPECT_EQ(draw_playing("12025", std::nullopt, 0, 0.0, 2.34, 80), "0.0 s of 2.3 s  12025");
    EXPECT_EQ(draw_playing("12025", 0, 1, 0.1, 2.34, 80), "0.1 s of 2.3 s  [1]2025");
    EXPECT_EQ(draw_playing("12025", 4, 5, 9.9, 2.34, 80), "2.3 s of 2.3 s  1202[5]");
    EXPECT_EQ(draw_playing("12025", std::nullopt, 5, 9.9, 2.34, 80), "2.3 s of 2.3 s  12025");
}

TEST(DrawPlaying, OfALongStringShowsThePartThatSounds) {
    const std::string digits = "0123456789012345678901234567890123456789";
    EXPECT_EQ(draw_playing(digits, 0, 1, 0.0, 9.0, 29), "0.0 s of 9.0 s  [0]123456789");
    EXPECT_EQ(draw_playing(digits, 20, 21, 4.0, 9.0, 29), "4.0 s of 9.0 s  56789[0]1234");
    EXPECT_EQ(draw_playing(digits, 39, 40, 8.0, 9.0, 29), "8.0 s of 9.0 s  012345678[9]");
    for (int width = 20; width < 80; ++width) {
        EXPECT_LT(draw_playing(digits, 20, 21, 4.0, 9.0, width).size(), static_cast<std::size_t>(width));
    }
    EXPECT_EQ(draw_playing(digits, 20, 21, 4.0, 9.0, 0), "4.0 s of 9.0 s  [0]");
}

TEST(DrawListening, ShowsTheLevel) {
    EXPECT_EQ(draw_listening({.level = Dbm0{-30}, .heard = ""}, 80), "-30.0 dBm0 [##########..........]  ");
    EXPECT_EQ(draw_listening({.level = Dbm0{3.14}, .heard = ""}, 80), "  3.1 dBm0 [####################]  ");
    EXPECT_EQ(draw_listening({.level = Dbm0{-std::numeric_limits<double>::infinity()}, .heard = ""}, 80),
              "  -oo dBm0 [....................]  ");
}

TEST(DrawListening, ShowsWhatSoundsAndWhatDid) {
    const auto keys = [](char sounding, bool certain, int width) {
        return draw_listening(
                   {.level = Dbm0{-60}, .heard = "12025", .sounding = sounding, .certain = certain}, width)
            .substr(35);
    };
    EXPECT_EQ(keys(0, false, 80), "12025");
    EXPECT_EQ(keys('#', false, 80), "12025[#?]");
    EXPECT_EQ(keys('#', true, 80), "12025[#]");
    EXPECT_EQ(keys('#', true, 42), "25[#]");
    EXPECT_EQ(keys('#', true, 10), "[#]");
}

} // namespace
} // namespace keytone::tools
