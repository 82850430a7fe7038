// SPDX-License-Identifier: MIT
#include "server/media/wall_clock.hpp"

#include <gtest/gtest.h>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;

/// Readings of a wall clock that was set ahead by `ahead` since the watch began.
ClockReading read(WallClockWatch& watch, Instant now, Instant ahead) {
    return watch.read(1h + now + ahead, now);
}

TEST(WallClock, TheAgeIsTakenFromTheStamp) {
    WallClockWatch watch;
    const auto clocks = read(watch, 10s, 0s);
    EXPECT_EQ(clocks.arrival(clocks.wall - 15ms), 10s - 15ms);
    EXPECT_EQ(clocks.arrival(clocks.wall), 10s);
}

TEST(WallClock, AnAgeThatCannotBeIsNone) {
    WallClockWatch watch;
    const auto clocks = read(watch, 10s, 0s);
    EXPECT_EQ(clocks.arrival(clocks.wall + 1ms), 10s);
    EXPECT_EQ(clocks.arrival(clocks.wall - 1h), 10s);
}

TEST(WallClock, AgesAreNotTakenAcrossASetting) {
    for (const Instant step : {Instant(400ms), Instant(-400ms), Instant(10h), Instant(-10h)}) {
        WallClockWatch watch;
        const auto before = read(watch, 10s, 0s);
        const auto after = read(watch, 10s + 20ms, step);
        EXPECT_EQ(after.arrival(before.wall + 5ms), after.now); // it was stamped before, and read after
        const auto next = read(watch, 10s + 40ms, step);
        EXPECT_EQ(next.arrival(before.wall + 5ms), next.now); // so may this, of another socket
        const auto later = read(watch, 11s, step);
        EXPECT_EQ(later.arrival(later.wall - 15ms), later.now - 15ms);
    }
}

TEST(WallClock, ASlowAdjustmentIsNoSetting) {
    WallClockWatch watch;
    for (int tick = 0; tick < 1000; ++tick) {
        const auto clocks = read(watch, tick * 20ms, tick * 10us); // 500 ppm
        EXPECT_TRUE(clocks.stamps_hold);
    }
}

} // namespace
} // namespace keytone::server
