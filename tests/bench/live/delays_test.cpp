// SPDX-License-Identifier: MIT
#include "bench/live/delays.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace keytone::bench {
namespace {

TEST(Delays, AreThoseOfWhatWasMeasured) {
    std::vector<double> ms(2000);
    std::iota(ms.rbegin(), ms.rend(), 1.0);
    const Delays delays = delays_of(ms);
    EXPECT_EQ(delays.count, 2000U);
    EXPECT_DOUBLE_EQ(delays.median_ms, 1001.0);
    EXPECT_DOUBLE_EQ(delays.ms_of_999, 1999.0); // Of a thousandth, two values, one is longer.
    EXPECT_DOUBLE_EQ(delays.worst_ms, 2000.0);
}

TEST(Delays, OfFewAreTheWorst) {
    const Delays delays = delays_of({3.0, 9.0, 1.0});
    EXPECT_DOUBLE_EQ(delays.median_ms, 3.0);
    EXPECT_DOUBLE_EQ(delays.ms_of_999, 9.0);
    EXPECT_EQ(delays_of({}).count, 0U);
}

} // namespace
} // namespace keytone::bench
