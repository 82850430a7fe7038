// SPDX-License-Identifier: MIT
#include "engine/media/mixer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace keytone {
namespace {

constexpr int knee = 24576;

std::vector<int> levels() {
    std::vector<int> levels{-32768, -32767, -24577, -24576, -24575, -1,   0,
                            1,      24575,  24576,  24577,  32766,  32767};
    for (int level = -32768; level < 32768; level += 251) {
        levels.push_back(level);
    }
    return levels;
}

int mixed(int a, int b) {
    return mix(static_cast<std::int16_t>(a), static_cast<std::int16_t>(b));
}

TEST(Mixer, BesideSilenceASamplePassesAsItIs) {
    for (int level = -32768; level < 32768; ++level) {
        ASSERT_EQ(mixed(level, 0), level);
        ASSERT_EQ(mixed(0, level), level);
    }
}

TEST(Mixer, IsTheSumUpToTheKneeAndNeverMoreThanTheSum) {
    for (const int a : levels()) {
        for (const int b : levels()) {
            const int sum = a + b;
            const int mix = mixed(a, b);
            ASSERT_EQ(mix, mixed(b, a));
            ASSERT_LE(std::abs(mix), std::abs(sum)) << a << ' ' << b;
            ASSERT_TRUE(sum == 0 || mix == 0 || (sum > 0) == (mix > 0)) << a << ' ' << b;
            if (std::abs(sum) <= knee) {
                ASSERT_EQ(mix, sum) << a << ' ' << b;
            } else {
                ASSERT_GE(std::abs(mix), knee) << a << ' ' << b;
            }
        }
    }
}

TEST(Mixer, NeverJumpsNorFalls) {
    for (const int a : levels()) {
        for (int b = -32767; b < 32768; ++b) {
            const int rise = mixed(a, b) - mixed(a, b - 1);
            ASSERT_GE(rise, -1) << a << ' ' << b; // rounding to integers
            ASSERT_LE(rise, 2) << a << ' ' << b;
        }
    }
}

TEST(Mixer, MixesSampleBySample) {
    std::array<std::int16_t, 3> sum{1, -20000, 30000};
    const std::array<std::int16_t, 3> added{2, -20000, 0};
    mix_into(sum, added);
    EXPECT_EQ(sum[0], 3);
    EXPECT_EQ(sum[1], mix(-20000, -20000));
    EXPECT_EQ(sum[2], 30000);
}

} // namespace
} // namespace keytone
