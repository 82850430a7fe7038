// SPDX-License-Identifier: MIT
#include "engine/media/leg_clock.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

TEST(LegClock, NeverRunsOverTheEndOfTime) {
    static_assert(later_by(5, 7) == 12);
    static_assert(later_by(5, -7) == 5);
    static_assert(later_by(5, unlimited) == unlimited);
    static_assert(later_by(unlimited, unlimited) == unlimited);
    static_assert(later_by(unlimited - 3, 3) == unlimited);
}

TEST(LegClock, TheSameInstantAtAnotherRate) {
    for (const int from_hz : SampleRate::offered_hz) {
        for (const int to_hz : SampleRate::offered_hz) {
            const SampleRate from = *SampleRate::from_hz(from_hz);
            const SampleRate to = *SampleRate::from_hz(to_hz);
            EXPECT_EQ(same_instant(unlimited, from, to), unlimited);
            EXPECT_EQ(same_instant(SampleCount{from_hz} * 86400 * 365, from, to),
                      SampleCount{to_hz} * 86400 * 365);
            for (SampleIndex at = 0; at < 1000; ++at) {
                const double exact = static_cast<double>(at) * to_hz / from_hz;
                ASSERT_NEAR(static_cast<double>(same_instant(at, from, to)), exact, 0.5 + 1e-9);
            }
        }
    }
}

} // namespace
} // namespace keytone
