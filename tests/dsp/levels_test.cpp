// SPDX-License-Identifier: MIT
#include "dsp/levels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace keytone {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Levels, FullScaleSineIsThePeakOfOne) {
    EXPECT_DOUBLE_EQ(sine_peak(Dbm0{3.14}), 1.0);
    EXPECT_DOUBLE_EQ(sine_level(1.0).value, 3.14);
    EXPECT_NEAR(mean_square_level(0.5).value, 3.14, 1e-12);
}

TEST(Levels, ZeroDbm0IsBelowFullScaleByTheOverload) {
    EXPECT_NEAR(sine_peak(Dbm0{0.0}), 0.696627, 1e-6);
    EXPECT_NEAR(sine_peak(Dbm0{0.0}) * full_scale_pcm16, 22827.1, 0.1);
}

TEST(Levels, PeakAndLevelAreInverse) {
    for (double level = -60.0; level <= 3.14; level += 0.37) {
        EXPECT_NEAR(sine_level(sine_peak(Dbm0{level})).value, level, 1e-12);
    }
}

TEST(Levels, TwentyDecibelsAreTenTimesTheAmplitudeAndAHundredTimesThePower) {
    EXPECT_DOUBLE_EQ(amplitude_ratio(Decibels{20.0}), 10.0);
    EXPECT_DOUBLE_EQ(power_ratio(Decibels{20.0}), 100.0);
    EXPECT_DOUBLE_EQ(power_ratio(100.0).value, 20.0);
    EXPECT_DOUBLE_EQ(amplitude_ratio(Decibels{-20.0}), 0.1);
}

TEST(Levels, DecibelsAreTheCLibrarysLogarithm) {
    for (double exponent = -307.9; exponent < 308.0; exponent += 0.0173) {
        const double ratio = std::pow(10.0, exponent);
        const double exact = 10.0 * std::log10(ratio);
        EXPECT_NEAR(power_ratio(ratio).value, exact, 1e-15 * std::max(10.0, std::abs(exact))) << ratio;
    }
    for (double ratio = 0.5; ratio < 2.5; ratio += 0.00137) {
        EXPECT_NEAR(power_ratio(ratio).value, 10.0 * std::log10(ratio), 1e-14) << ratio;
    }
    EXPECT_EQ(power_ratio(1.0).value, 0.0);
    EXPECT_EQ(power_ratio(infinity).value, infinity);
    EXPECT_TRUE(std::isnan(power_ratio(-1.0).value));
    EXPECT_NEAR(power_ratio(1e-310).value, -3100.0, 1e-9);
}

TEST(Levels, SilenceIsMinusInfinity) {
    EXPECT_EQ(sine_level(0.0).value, -infinity);
    EXPECT_EQ(mean_square_level(0.0).value, -infinity);
    EXPECT_EQ(power_ratio(0.0).value, -infinity);
    EXPECT_EQ(sine_peak(Dbm0{-infinity}), 0.0);
}

TEST(Levels, TwoLevelsDifferByDecibels) {
    const Decibels difference = Dbm0{-8.0} - Dbm0{-10.0};
    EXPECT_DOUBLE_EQ(difference.value, 2.0);
    EXPECT_EQ(Dbm0{-10.0} + difference, Dbm0{-8.0});
    EXPECT_EQ(Dbm0{-8.0} - difference, Dbm0{-10.0});
}

} // namespace
} // namespace keytone
