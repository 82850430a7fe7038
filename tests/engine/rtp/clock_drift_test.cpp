// SPDX-License-Identifier: MIT
//
// An hour of a call whose two clocks differ by 100 ppm: 2 880 samples.
#include "tests/support/drifting_call.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>

namespace keytone::test {
namespace {

void expect_every_key(const DriftingCallConfig& config) {
    const DriftingCallResult result = run_drifting_call(config);
    EXPECT_EQ(result.first_difference, "");
    EXPECT_EQ(result.pressed, result.heard);
    EXPECT_GT(static_cast<double>(result.pressed), config.hours * 900.0) << "or the test is about too few";
    EXPECT_EQ(result.buffer.overflowed, 0U);
    EXPECT_LT(result.worst_delay_ms, 100.0);
    const auto removed =
        static_cast<double>(result.buffer.dropped) - static_cast<double>(result.buffer.inserted);
    const double drifted = config.hours * 3600.0 * 8000.0 * config.sender_ppm * 1e-6;
    // Bent samples may be removed or added.
    EXPECT_NEAR(removed, drifted, static_cast<double>(result.buffer.bent) + 800.0);
    std::cout << result.pressed << " keys, " << result.buffer.dropped << " samples dropped, "
              << result.buffer.inserted << " inserted, " << result.buffer.bent << " bent, delay up to "
              << result.worst_delay_ms << " ms\n";
}

TEST(ClockDrift, AFastSenderIsFollowed) {
    expect_every_key({.sender_ppm = 100.0});
}

TEST(ClockDrift, ASlowSenderIsFollowed) {
    expect_every_key({.sender_ppm = -100.0});
}

// On a line that is never silent nothing can be dropped: sound is bent.
TEST(ClockDrift, ALineThatIsNeverSilentIsFollowed) {
    for (const double ppm : {-100.0, 100.0}) {
        expect_every_key({.sender_ppm = ppm, .noise_dbm0 = -35.0, .seed = 2});
    }
}

} // namespace
} // namespace keytone::test
