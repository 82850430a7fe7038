// SPDX-License-Identifier: MIT
#include "tools/console/progress_bar.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace keytone::tools {
namespace {

using namespace std::chrono_literals;

constexpr ProgressBar::Clock::time_point start{};

TEST(DrawProgress, FillsTheBarInProportion) {
    EXPECT_EQ(draw_progress(0.0, 17), "[..........]   0%");
    EXPECT_EQ(draw_progress(0.42, 17), "[####......]  42%");
    EXPECT_EQ(draw_progress(1.0, 17), "[##########] 100%");
}

TEST(DrawProgress, SaysHundredPercentAtTheEndOnly) {
    EXPECT_EQ(draw_progress(0.9999, 17), "[#########.]  99%");
}

TEST(DrawProgress, StaysWithinTheTerminal) {
    for (int width = 0; width < 200; ++width) {
        EXPECT_LE(draw_progress(0.5, width).size(), static_cast<std::size_t>(width)) << width;
    }
    EXPECT_EQ(draw_progress(0.5, 8), " 50%");
    EXPECT_EQ(draw_progress(0.5, 3), "");
    EXPECT_EQ(draw_progress(0.5, -1), "");
}

TEST(DrawProgress, TakesAnyFraction) {
    EXPECT_EQ(draw_progress(-1.0, 17), draw_progress(0.0, 17));
    EXPECT_EQ(draw_progress(7.0, 17), draw_progress(1.0, 17));
    EXPECT_EQ(draw_progress(std::numeric_limits<double>::quiet_NaN(), 17), draw_progress(0.0, 17));
}

TEST(ProgressBar, IsNotShownForShortWork) {
    ProgressBar bar(start);
    EXPECT_EQ(bar.update(0.5, 80, start), "");
    EXPECT_EQ(bar.update(0.9, 80, start + 499ms), "");
    EXPECT_EQ(bar.clear(), "");
}

TEST(ProgressBar, IsDrawnInPlaceNowAndThen) {
    ProgressBar bar(start);
    EXPECT_EQ(bar.update(0.42, 18, start + 500ms), "\r[####......]  42%");
    EXPECT_EQ(bar.update(0.43, 18, start + 599ms), "");
    EXPECT_EQ(bar.update(0.50, 18, start + 600ms), "\r[#####.....]  50%");
}

TEST(ProgressBar, WipesEveryColumnItDrew) {
    ProgressBar bar(start);
    const std::string drawn = bar.update(0.42, 18, start + 1s);
    EXPECT_EQ(bar.clear(), "\r" + std::string(drawn.size() - 1, ' ') + "\r");
    EXPECT_EQ(bar.clear(), "");
    EXPECT_EQ(bar.update(0.5, 18, start + 2s), "\r[#####.....]  50%");
}

TEST(ProgressBar, LeavesNothingBehindWhenTheTerminalBecomesNarrower) {
    ProgressBar bar(start);
    bar.update(0.5, 18, start + 1s);
    EXPECT_EQ(bar.update(0.5, 8, start + 2s), "\r" + std::string(17, ' ') + "\r\r 50%");
}

} // namespace
} // namespace keytone::tools
