// SPDX-License-Identifier: MIT
#include "bench/live/baresip_side.hpp"
#include "bench/live/point_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace keytone::bench {
namespace {

const LoadSound& sound() {
    static const LoadSound made(G711Law::ulaw);
    return made;
}

TEST(BaresipSide, SendsAWholeStreamInEachCall) {
    if (!BaresipSide::is_installed()) {
        GTEST_SKIP() << "baresip (Debian package baresip-core) is not installed";
    }
    BaresipSide side(sound());
    const auto point =
        run_point(side, {.calls = 8, .cores = 1, .seconds = 3.0}, sound(), [](double) { return true; });
    ASSERT_TRUE(point);
    EXPECT_EQ(point->side, "baresip");
    EXPECT_TRUE(point->is_whole()) << complaint(*point);
    EXPECT_GT(point->lines.received, 8U * 300U); // of 325, to the end
    EXPECT_GT(point->keys_to, 0U);
    EXPECT_EQ(point->keys_from, 0U);
    EXPECT_GT(point->bytes_per_call, 10'000.0);
    EXPECT_LT(point->bytes_per_call, 200'000.0); // The sound is not in it.
    EXPECT_GT(point->cpu_us, 0.0);
}

TEST(BaresipSide, RefusesMoreCallsThanItHasLines) {
    BaresipSide side(sound());
    EXPECT_THAT([&] { side.open({.calls = 256}, 4000); },
                testing::ThrowsMessage<std::runtime_error>("baresip has at most 255 calls at once, not 256"));
}

} // namespace
} // namespace keytone::bench
