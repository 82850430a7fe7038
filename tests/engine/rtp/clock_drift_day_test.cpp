// SPDX-License-Identifier: MIT
//
// A day of a call whose two clocks differ by 100 ppm, with a key every few seconds.
#include "tests/support/drifting_call.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace keytone::test {
namespace {

void expect_every_key_of_a_day(double sender_ppm, double noise_dbm0) {
    const auto result =
        run_drifting_call({.hours = 24.0, .sender_ppm = sender_ppm, .noise_dbm0 = noise_dbm0});
    EXPECT_EQ(result.first_difference, "");
    EXPECT_EQ(result.pressed, result.heard);
    EXPECT_GT(result.pressed, 20'000U);
    EXPECT_LT(result.worst_delay_ms, 100.0);
    std::cout << result.pressed << " keys, " << result.buffer.dropped << " samples dropped, "
              << result.buffer.inserted << " inserted, " << result.buffer.bent << " bent, "
              << result.buffer.lost << " lost, delay up to " << result.worst_delay_ms << " ms\n";
}

TEST(ClockDriftDay, AFastSender) {
    expect_every_key_of_a_day(100.0, -65.0);
}

TEST(ClockDriftDay, ASlowSender) {
    expect_every_key_of_a_day(-100.0, -65.0);
}

TEST(ClockDriftDay, AFastSenderThatIsNeverSilent) {
    expect_every_key_of_a_day(100.0, -35.0);
}

TEST(ClockDriftDay, ASlowSenderThatIsNeverSilent) {
    expect_every_key_of_a_day(-100.0, -35.0);
}

} // namespace
} // namespace keytone::test
