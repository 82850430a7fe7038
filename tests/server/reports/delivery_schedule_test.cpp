// SPDX-License-Identifier: MIT
#include "server/reports/delivery_schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace keytone::server {
namespace {

TEST(DeliverySchedule, WaitsLongerAndLongerForADay) {
    const DeliverySchedule schedule;
    std::vector<std::int64_t> at{0};
    for (int attempts = 1; const auto wait = schedule.wait_after(attempts); ++attempts) {
        at.push_back(at.back() + wait->count());
    }
    EXPECT_THAT(std::vector(at.begin(), at.begin() + 6), testing::ElementsAre(0, 1, 3, 7, 15, 31));
    ASSERT_EQ(at.size(), 35U);
    EXPECT_EQ(at[12], 4095);
    EXPECT_EQ(at[13], 7695);
    EXPECT_EQ(at[34], 83'295);
    EXPECT_FALSE(schedule.wait_after(35));
    EXPECT_FALSE(schedule.wait_after(1'000'000));
}

} // namespace
} // namespace keytone::server
