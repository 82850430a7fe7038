// SPDX-License-Identifier: MIT
#include "server/media/tick_schedule.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone::server {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(TickSchedule, EverySlotComesOnceInATick) {
    TickSchedule schedule(milliseconds(7));
    for (int ms = 0; ms < 65; ++ms) {
        EXPECT_EQ(schedule.due(), milliseconds(7 + ms));
        EXPECT_EQ(schedule.slot(), static_cast<std::size_t>(ms % 20));
        schedule.next();
    }
}

TEST(TickSchedule, ThreeTicksAreMadeUpFor) {
    TickSchedule schedule(milliseconds(0));
    EXPECT_EQ(schedule.leave_out(milliseconds(60)), 0);
    EXPECT_EQ(schedule.due(), milliseconds(0));
}

TEST(TickSchedule, MoreAreLeftOutAndSlotsStay) {
    TickSchedule schedule(milliseconds(0));
    schedule.next();
    schedule.next();
    EXPECT_EQ(schedule.leave_out(milliseconds(1002) + microseconds(300)), 50);
    EXPECT_EQ(schedule.slot(), 2U);
    EXPECT_EQ(schedule.due(), milliseconds(1002));
    EXPECT_EQ(schedule.leave_out(milliseconds(1003)), 0);
}

TEST(TickSchedule, OneThatIsEarlyWaits) {
    TickSchedule schedule(milliseconds(1000));
    EXPECT_EQ(schedule.leave_out(milliseconds(0)), 0);
    EXPECT_EQ(schedule.due(), milliseconds(1000));
}

} // namespace
} // namespace keytone::server
