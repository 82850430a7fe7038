// SPDX-License-Identifier: MIT
#include "engine/io/picture/time_axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace keytone::io {
namespace {

using testing::ElementsAre;

std::vector<std::string> labels(double seconds, double width = 1000.0) {
    std::vector<std::string> found;
    for (const TimeAxis::Tick& tick : TimeAxis(seconds, 0.0, width).ticks(72.0)) {
        found.push_back(tick.label);
    }
    return found;
}

TEST(TimeAxis, MapsSecondsToPixelsAndStaysOnTheAxis) {
    const TimeAxis axis(10.0, 100.0, 600.0);
    EXPECT_DOUBLE_EQ(axis.x(0.0), 100.0);
    EXPECT_DOUBLE_EQ(axis.x(2.5), 225.0);
    EXPECT_DOUBLE_EQ(axis.x(10.0), 600.0);
    EXPECT_DOUBLE_EQ(axis.x(-1.0), 100.0);
    EXPECT_DOUBLE_EQ(axis.x(1e300), 600.0);
    EXPECT_DOUBLE_EQ(axis.x(std::numeric_limits<double>::infinity()), 600.0);
    EXPECT_DOUBLE_EQ(axis.x(std::numeric_limits<double>::quiet_NaN()), 100.0);
}

TEST(TimeAxis, HasRoundTicks) {
    EXPECT_THAT(labels(5.0, 500.0), ElementsAre("0 s", "1 s", "2 s", "3 s", "4 s", "5 s"));
    EXPECT_THAT(labels(0.7, 500.0), ElementsAre("0 s", "0.2 s", "0.4 s", "0.6 s"));
    EXPECT_THAT(labels(3.0, 500.0), ElementsAre("0 s", "0.5 s", "1.0 s", "1.5 s", "2.0 s", "2.5 s", "3.0 s"));
    EXPECT_THAT(labels(180.0, 500.0), ElementsAre("0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00"));
    EXPECT_THAT(labels(7200.0, 500.0), ElementsAre("0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00"));
}

TEST(TimeAxis, KeepsTicksApartWhateverTheLength) {
    for (double seconds = 0.001; seconds < 1e7; seconds *= 1.37) {
        const TimeAxis axis(seconds, 50.0, 1110.0);
        const auto ticks = axis.ticks(72.0);
        EXPECT_EQ(ticks.front().at_s, 0.0);
        EXPECT_GE(ticks.size(), seconds < 80000.0 ? 4U : 1U) << seconds;
        for (std::size_t i = 1; i < ticks.size(); ++i) {
            EXPECT_GE(axis.x(ticks[i].at_s) - axis.x(ticks[i - 1].at_s), 71.9) << seconds;
            EXPECT_NE(ticks[i].label, ticks[i - 1].label) << seconds;
        }
    }
}

TEST(TimeAxis, TakesALengthThatIsNone) {
    for (const double seconds :
         {0.0, -5.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        EXPECT_EQ(TimeAxis(seconds, 0.0, 100.0).seconds(), 1.0);
    }
}

TEST(DurationText, IsReadable) {
    EXPECT_EQ(duration_text(0.0), "0.00 s");
    EXPECT_EQ(duration_text(14.736), "14.74 s");
    EXPECT_EQ(duration_text(125.2), "2:05");
    EXPECT_EQ(duration_text(3599.9), "1:00:00");
    EXPECT_EQ(duration_text(86400.0), "24:00:00");
}

} // namespace
} // namespace keytone::io
