// SPDX-License-Identifier: MIT
#include "dsp/arithmetic/sine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace keytone {
namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;

TEST(Sine, IsWithin3e7OfTheTrueSine) {
    double worst = 0.0;
    for (std::uint64_t i = 0; i < 1U << 20U; ++i) {
        // An odd stride reaches every part of the turn, and every low bit.
        const std::uint64_t phase = i * 0x0000'1000'0123'4567U;
        const double exact = std::sin(two_pi * (static_cast<double>(phase >> 11U) * 0x1p-53));
        worst = std::max(worst, std::abs(static_cast<double>(sine_of_phase(phase)) - exact));
    }
    RecordProperty("worst_error_1e9", static_cast<int>(worst * 1e9));
    EXPECT_LT(worst, 3e-7);
}

TEST(Sine, IsExactEnoughWhereTheQuartersMeet) {
    constexpr std::uint64_t quarter = std::uint64_t{1} << 62U;
    EXPECT_EQ(sine_of_phase(0), 0.0F);
    EXPECT_NEAR(static_cast<double>(sine_of_phase(quarter)), 1.0, 3e-7);
    EXPECT_NEAR(static_cast<double>(sine_of_phase(quarter - 1)), 1.0, 3e-7);
    EXPECT_NEAR(static_cast<double>(sine_of_phase(2 * quarter)), 0.0, 1e-8);
    EXPECT_NEAR(static_cast<double>(sine_of_phase(3 * quarter)), -1.0, 3e-7);
    EXPECT_NEAR(static_cast<double>(sine_of_phase(3 * quarter - 1)), -1.0, 3e-7);
    EXPECT_NEAR(static_cast<double>(sine_of_phase(std::numeric_limits<std::uint64_t>::max())), 0.0, 1e-8);
}

TEST(Sine, HasNoDenormals) {
    for (unsigned bit = 0; bit < 64; ++bit) {
        for (const std::uint64_t phase : {std::uint64_t{1} << bit, 0 - (std::uint64_t{1} << bit)}) {
            EXPECT_NE(std::fpclassify(sine_of_phase(phase)), FP_SUBNORMAL) << bit;
        }
    }
}

} // namespace
} // namespace keytone
