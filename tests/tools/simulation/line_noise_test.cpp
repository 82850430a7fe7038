// SPDX-License-Identifier: MIT
#include "tools/simulation/line_noise.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>

namespace keytone::simulation {
namespace {

constexpr std::uint64_t count = 40'000;

TEST(LineNoise, ChanceIsEvenlySpread) {
    for (const std::uint64_t seed : {0U, 1U, 7U}) {
        std::array<int, 20> bins{};
        for (std::uint64_t i = 0; i < count; ++i) {
            const double value = chance(seed, i);
            ASSERT_GE(value, 0.0);
            ASSERT_LT(value, 1.0);
            ++bins[static_cast<std::size_t>(value * 20.0)];
        }
        double chi_square = 0.0;
        for (const int bin : bins) {
            chi_square += std::pow(bin - count / 20.0, 2.0) / (count / 20.0);
        }
        EXPECT_LT(chi_square, 43.8) << "19 degrees of freedom, one case in a thousand";
    }
}

TEST(LineNoise, IsNormallyDistributed) {
    double sum = 0.0;
    double squares = 0.0;
    double fourth = 0.0;
    double neighbours = 0.0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const double value = normal(3, i);
        ASSERT_TRUE(std::isfinite(value));
        sum += value;
        squares += value * value;
        fourth += std::pow(value, 4.0);
        neighbours += value * normal(3, i + 1);
    }
    const double n = static_cast<double>(count);
    EXPECT_NEAR(sum / n, 0.0, 4.0 / std::sqrt(n));
    EXPECT_NEAR(squares / n, 1.0, 4.0 * std::sqrt(2.0 / n));
    EXPECT_NEAR(fourth / n, 3.0, 4.0 * std::sqrt(96.0 / n));
    EXPECT_NEAR(neighbours / n, 0.0, 4.0 / std::sqrt(n)) << "white";
}

TEST(LineNoise, DependsOnSeedAndIndexAlone) {
    EXPECT_EQ(chance(1, 2), chance(1, 2));
    EXPECT_EQ(normal(1, 2), normal(1, 2));
    EXPECT_NE(chance(1, 2), chance(2, 2));
    EXPECT_NE(chance(1, 2), chance(1, 3));
    double product = 0.0;
    for (std::uint64_t i = 0; i < count; ++i) {
        product += normal(1, i) * normal(2, i);
    }
    EXPECT_NEAR(product / static_cast<double>(count), 0.0, 4.0 / std::sqrt(static_cast<double>(count)));
}

} // namespace
} // namespace keytone::simulation
