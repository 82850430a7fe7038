// SPDX-License-Identifier: MIT
#include "bench/live/keytone_side.hpp"
#include "bench/live/point_run.hpp"

#include <gtest/gtest.h>

namespace keytone::bench {
namespace {

class FewCalls : public testing::TestWithParam<bool> {};

TEST_P(FewCalls, NothingIsLostAndEveryKeyIsHeard) {
    const LoadSound sound(G711Law::ulaw);
    KeytoneSide side(sound, GetParam());
    const auto point =
        run_point(side, {.calls = 22, .cores = 1, .seconds = 5.0}, sound, [](double) { return true; });
    ASSERT_TRUE(point);
    EXPECT_EQ(point->keys_to_wrong + point->keys_from_wrong, 0U) << complaint(*point);
    EXPECT_EQ(point->lines.lost + point->tick->lost, 0U) << complaint(*point);
    EXPECT_EQ(point->lines.wrong_time + point->lines.malformed + point->strangers, 0U) << complaint(*point);
    EXPECT_GT(point->lines.received, 22U * 300U);
    EXPECT_GT(point->keys_to, 22U);
    EXPECT_GT(point->keys_from, 0U);
    EXPECT_GT(point->bytes_per_call, 20'000.0);
    EXPECT_GT(point->cpu_us, 0.0);
    EXPECT_NE(json_line(*point).find("\"calls\":22"), std::string::npos);
}

// With a system call for many sockets, and with one for each.
INSTANTIATE_TEST_SUITE_P(Live, FewCalls, testing::Bool());

TEST(PointRun, StopsWhenItIsToldTo) {
    const LoadSound sound(G711Law::ulaw);
    KeytoneSide side(sound, true);
    EXPECT_FALSE(
        run_point(side, {.calls = 2, .cores = 1, .seconds = 60.0}, sound, [](double) { return false; }));
}

} // namespace
} // namespace keytone::bench
