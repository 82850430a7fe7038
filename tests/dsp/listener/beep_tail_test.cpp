// SPDX-License-Identifier: MIT
#include "dsp/listener/beep_tail.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace keytone::test {
namespace {

/// Whether a sound dies away that is followed by frames of these levels below it, in dB.
bool dies_away(const std::vector<double>& levels_db) {
    BeepTail tail;
    float before = 1.0F;
    std::int32_t frame = 0;
    for (const double level : levels_db) {
        const auto power = static_cast<float>(std::pow(10.0, level / 10.0));
        tail.add(++frame, power, before);
        before = power;
    }
    return tail.dies_away(1.0F);
}

TEST(BeepTail, NoiseKeepsItsLevel) {
    EXPECT_FALSE(dies_away({-15, -15, -15, -14, -16, -15, -15, -14, -16, -15, -14}));
    EXPECT_FALSE(dies_away({-17, -12, -17, -12, -17, -12, -17, -12, -17, -12, -17})) << "a hum";
}

TEST(BeepTail, AVoiceDiesAway) {
    EXPECT_TRUE(dies_away({-13, -14, -15, -16, -17, -18, -19, -20, -21, -22, -23}));
    EXPECT_TRUE(dies_away({-20, -21, -22, -23, -24, -26, -28, -30, -32, -34, -36}));
    EXPECT_TRUE(dies_away({-40, -40, -40, -40, -40, -40, -35, -30, -25, -20, -15})) << "more follows";
}

TEST(BeepTail, ACodecRings) {
    EXPECT_FALSE(dies_away({-12, -20, -30, -32, -34, -36, -38, -40, -45, -50, -60}));
    EXPECT_FALSE(dies_away({-3, -14, -26, -26, -27, -28, -30, -32, -34, -36, -40}));
}

TEST(BeepTail, NoiseGoesOn) {
    BeepTail tail;
    for (std::int32_t frame = 1; frame < 12; ++frame) {
        tail.add(frame, frame < 4 ? 1.0F : 0.03F, 0.03F);
    }
    EXPECT_FALSE(tail.is_softer_than(0.03F));
    EXPECT_FALSE(tail.is_softer_than(0.1F));
    EXPECT_TRUE(tail.is_softer_than(0.15F));
}

TEST(BeepTail, IsThatOfTheLastBeep) {
    BeepTail tail;
    for (std::int32_t frame = 1; frame < 12; ++frame) {
        tail.add(frame, 0.05F / static_cast<float>(frame), 0.05F / static_cast<float>(frame));
    }
    EXPECT_TRUE(tail.dies_away(1.0F));
    for (std::int32_t frame = 1; frame < 12; ++frame) {
        tail.add(frame, 0.05F, 0.05F);
    }
    EXPECT_FALSE(tail.dies_away(1.0F));
}

} // namespace
} // namespace keytone::test
