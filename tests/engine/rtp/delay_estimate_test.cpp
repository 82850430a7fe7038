// SPDX-License-Identifier: MIT
#include "engine/rtp/delay_estimate.hpp"

#include <gtest/gtest.h>

#include <random>

namespace keytone {
namespace {

constexpr SampleIndex block = 160;
constexpr SampleIndex first = 1'000'000;

TEST(DelayEstimate, ASteadyStreamHasTheLeastSpread) {
    DelayEstimate delays(SampleRate::narrowband());
    for (SampleIndex i = 0; i < 100; ++i) {
        delays.hear(first + i * block, 7000 + i * block);
    }
    EXPECT_EQ(delays.base(), 7000 - first);
    EXPECT_EQ(delays.spread(), 40);
}

TEST(DelayEstimate, FewPacketsHaveTheFirstSpread) {
    DelayEstimate delays(SampleRate::narrowband());
    EXPECT_EQ(delays.spread(), 320);
    delays.hear(first, 7000);
    EXPECT_EQ(delays.spread(), 320);
}

TEST(DelayEstimate, TheSpreadIsWhatNearlyAllPacketsStayWithin) {
    std::mt19937_64 random(1);
    std::uniform_int_distribution<SampleCount> delay(0, 800);
    DelayEstimate delays(SampleRate::narrowband());
    for (SampleIndex i = 0; i < 2000; ++i) {
        delays.hear(first + i * block, i * block + delay(random));
    }
    EXPECT_NEAR(static_cast<double>(delays.spread()), 800.0, 40.0);
}

TEST(DelayEstimate, ForgetsAWorseNetworkWithinHalfAMinute) {
    DelayEstimate delays(SampleRate::narrowband());
    SampleIndex i = 0;
    for (; i < 1000; ++i) {
        delays.hear(first + i * block, i * block + (i % 3) * 400);
    }
    EXPECT_GE(delays.spread(), 800);
    for (; i < 1000 + 30 * 50 + 1000; ++i) {
        delays.hear(first + i * block, i * block);
    }
    EXPECT_EQ(delays.spread(), 40);
}

TEST(DelayEstimate, TheBaseFollowsADriftBothWays) {
    for (const int drift : {-1, 1}) {
        DelayEstimate delays(SampleRate::narrowband());
        for (SampleIndex i = 0; i < 50'000; ++i) {
            delays.hear(first + i * block, i * block + drift * i * block / 10'000);
        }
        const auto now = static_cast<double>(-first + drift * 50'000 * block / 10'000);
        EXPECT_NEAR(static_cast<double>(delays.base()), now, 9.0); // 10 s of 100 ppm
    }
}

TEST(DelayEstimate, ALongerWayIsTheBaseAfterAWhile) {
    DelayEstimate delays(SampleRate::narrowband());
    for (SampleIndex i = 0; i < 600; ++i) {
        delays.hear(first + i * block, i * block);
    }
    for (SampleIndex i = 600; i < 1200; ++i) {
        delays.hear(first + i * block, i * block + 500);
    }
    EXPECT_EQ(delays.base(), 500 - first);
}

TEST(DelayEstimate, OtherTimestampsHaveAnotherBase) {
    DelayEstimate delays(SampleRate::narrowband());
    delays.hear(first, 0);
    delays.begin_anew();
    delays.hear(100, 160);
    EXPECT_EQ(delays.base(), 60);
}

} // namespace
} // namespace keytone
