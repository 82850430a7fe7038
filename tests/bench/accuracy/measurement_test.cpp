// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/receivers.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace keytone::accuracy {
namespace {

Comparison compared(std::size_t threads, int digits) {
    prepare_receivers();
    tools::Console console;
    Work work(threads, console);
    const Setting setting{
        .rate_hz = 8000, .quick = true, .digits = digits, .speech_hours = 0.0, .cache = {}, .work = work};
    return compare_points(setting, 2, [](std::size_t point, int count, Random& random) {
        KeyShape shape;
        shape.low.percent = point == 0 ? 0.0 : 8.0; // too far off to be a key
        return key_stream(shape, count, 8000, random);
    })[0];
}

TEST(Measurement, CleanKeysAreHeardByBoth) {
    const Comparison comparison = compared(1, 300);
    EXPECT_EQ(comparison.keytone, (Score{.sent = 300, .hits = 300}));
    EXPECT_EQ(comparison.spandsp, (Score{.sent = 300, .hits = 300}));
}

TEST(Measurement, DoesNotDependOnThreads) {
    EXPECT_EQ(compared(1, 600).keytone, compared(3, 600).keytone);
}

TEST(Measurement, EveryPortionOfEveryPointIsMade) {
    tools::Console console;
    Work work(2, console);
    const Setting setting{
        .rate_hz = 8000, .quick = true, .digits = 1001, .speech_hours = 0.0, .cache = {}, .work = work};
    const auto sums = measure<std::size_t>(setting, 3, [](std::size_t point, int digits, Random&) {
        return static_cast<std::size_t>(digits) * (point + 1);
    });
    EXPECT_EQ(sums, (std::vector<std::size_t>{1001, 2002, 3003}));
}

TEST(Measurement, AFailingPortionFailsTheRow) {
    tools::Console console;
    Work work(2, console);
    EXPECT_THROW(work.for_each(100,
                               [](std::size_t index) {
                                   if (index == 50) {
                                       throw std::runtime_error("no");
                                   }
                               }),
                 std::runtime_error);
}

TEST(Measurement, StepsIncludeBothEnds) {
    const auto speeds = steps(0.7, 1.4, 0.025);
    ASSERT_EQ(speeds.size(), 29U);
    EXPECT_NEAR(speeds.back(), 1.4, 1e-9);
}

} // namespace
} // namespace keytone::accuracy
