// SPDX-License-Identifier: MIT
#include "engine/io/device/stall_watch.hpp"

#include <gtest/gtest.h>

namespace keytone::io {
namespace {

using namespace std::chrono_literals;

TEST(StallWatch, TheFirstBlockMayTakeItsTime) {
    const StallWatch::Clock::time_point start(1h);
    StallWatch watch(start);
    EXPECT_FALSE(watch.stalled(start, 0));
    EXPECT_FALSE(watch.stalled(start + StallWatch::first_patience, 0));
    EXPECT_TRUE(watch.stalled(start + StallWatch::first_patience + 1ms, 0));
}

TEST(StallWatch, TheNextOnesMayTakeLess) {
    const StallWatch::Clock::time_point start(1h);
    StallWatch watch(start);
    EXPECT_FALSE(watch.stalled(start + 4s, 1));
    EXPECT_FALSE(watch.stalled(start + 4s + StallWatch::patience, 1));
    EXPECT_TRUE(watch.stalled(start + 4s + StallWatch::patience + 1ms, 1));
    EXPECT_FALSE(watch.stalled(start + 10s, 2));
}

} // namespace
} // namespace keytone::io
