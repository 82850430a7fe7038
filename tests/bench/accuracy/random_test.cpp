// SPDX-License-Identifier: MIT
#include "bench/accuracy/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace keytone::accuracy {
namespace {

constexpr int count = 200000;

TEST(Random, IsEven) {
    Random random(1);
    std::array<int, 16> counts{};
    for (int i = 0; i < count; ++i) {
        ++counts.at(random.below(counts.size()));
    }
    for (const int times : counts) {
        EXPECT_NEAR(times, count / 16.0, 5.0 * std::sqrt(count / 16.0));
    }
}

TEST(Random, IsNormal) {
    Random random(2);
    double sum = 0.0;
    double squares = 0.0;
    int beyond_two = 0;
    for (int i = 0; i < count; ++i) {
        const double value = random.normal();
        sum += value;
        squares += value * value;
        beyond_two += std::abs(value) > 2.0 ? 1 : 0;
    }
    EXPECT_NEAR(sum / count, 0.0, 0.01);
    EXPECT_NEAR(squares / count, 1.0, 0.01);
    EXPECT_NEAR(static_cast<double>(beyond_two) / count, 0.0455, 0.002);
}

TEST(Random, SeedsDiffer) {
    Random one(1);
    Random two(2);
    Random zero(0);
    EXPECT_NE(one.next(), two.next());
    EXPECT_NE(zero.next(), zero.next());
}

} // namespace
} // namespace keytone::accuracy
