// SPDX-License-Identifier: MIT
#include "engine/media/fade.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace keytone {
namespace {

TEST(Fade, IsARaisedCosineInItsPlace) {
    for (const SampleCount length : {0, 1, 2, 40, 221}) {
        const Fade rise = Fade::rise(1000, length);
        const Fade fall = Fade::fall(1000, length);
        EXPECT_EQ(rise.end(), 1000 + length);
        for (SampleIndex i = -3; i < length + 3; ++i) {
            const double middle = (static_cast<double>(i) + 0.5) / static_cast<double>(length);
            const double expected = i < 0         ? 0.0
                                    : i >= length ? 1.0
                                                  : 0.5 * (1.0 - std::cos(std::numbers::pi * middle));
            EXPECT_NEAR(static_cast<double>(rise.gain(1000 + i)), expected, 1e-6) << length << ' ' << i;
            EXPECT_NEAR(static_cast<double>(fall.gain(1000 + i)), 1.0 - expected, 1e-6) << length << ' ' << i;
        }
    }
}

TEST(Fade, IsExactOutsideTheRamp) {
    EXPECT_EQ(Fade().gain(-1000000), 1.0F);
    EXPECT_EQ(Fade().gain(0), 1.0F);
    EXPECT_EQ(Fade::fall(5, 10).gain(4), 1.0F);
    EXPECT_EQ(Fade::fall(5, 10).gain(15), 0.0F);
}

TEST(Fade, ScalesAnyPartAlike) {
    const std::vector<std::int16_t> loud(60, -32768);
    std::vector<std::int16_t> whole = loud;
    Fade::fall(10, 40).apply(whole, 0);
    EXPECT_EQ(whole[9], -32768);
    EXPECT_EQ(whole[50], 0);
    for (std::size_t cut = 0; cut <= 60; ++cut) {
        std::vector<std::int16_t> parts = loud;
        Fade::fall(10, 40).apply(std::span(parts).first(cut), 0);
        Fade::fall(10, 40).apply(std::span(parts).subspan(cut), static_cast<SampleIndex>(cut));
        ASSERT_EQ(parts, whole);
    }
}

} // namespace
} // namespace keytone
