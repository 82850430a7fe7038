// SPDX-License-Identifier: MIT
//
// Each limit of a tone's level from both sides.
#include "dsp/listener/tone_level.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace keytone::test {
namespace {

constexpr double min_depth = 0.1;

/// Frames of 10 ms. The root of the amplitude is 1, changes by `waver` from one frame to the next, and has a
/// wave of so many hertz.
struct Form {
    int frames = 240;
    double waver = 0.0;
    double wave = 0.0;
    double hz = 15.0;
    double rest_wave = 0.0;   ///< Of what is no tone, the eighth root of its power.
    double rest_lead = 0.0;   ///< That is so much ahead, in turns.
    double rest_share = 0.01; ///< Of the tone's mean power.
};

ToneLevel level(const Form& form) {
    ToneLevel level;
    for (int i = 0; i < form.frames; ++i) {
        const double phase = 2.0 * std::numbers::pi * form.hz * i / 100.0;
        const double root = 1.0 + (i % 2 == 0 ? form.waver : -form.waver) + form.wave * std::sin(phase);
        const auto power = static_cast<float>(1e6 * std::pow(root, 4.0));
        const double rest_phase = phase + 2.0 * std::numbers::pi * form.rest_lead;
        const double rest =
            1e6 * form.rest_share * std::pow(1.0 + form.rest_wave * std::sin(rest_phase), 8.0);
        level.add(power, 0.15 * i);
        level.add_any(power, 0.0F, static_cast<float>(rest) / power, 0.15 * i);
    }
    return level;
}

TEST(ToneLevel, IsRoughIfItWavers) {
    EXPECT_FALSE(level({}).is_rough());
    EXPECT_FALSE(level({.waver = 0.10}).is_rough());
    EXPECT_TRUE(level({.waver = 0.12}).is_rough());
}

TEST(ToneLevel, IsRoughAfterTwelveFrames) {
    EXPECT_FALSE(level({.frames = 11, .waver = 0.2}).is_rough());
    EXPECT_TRUE(level({.frames = 12, .waver = 0.2}).is_rough());
}

TEST(ToneLevel, IsModulatedByATenth) {
    EXPECT_FALSE(level({.wave = 0.048}).is_modulated(min_depth));
    EXPECT_TRUE(level({.wave = 0.052}).is_modulated(min_depth));
    EXPECT_FALSE(level({.wave = 0.1, .hz = 14.0}).is_modulated(min_depth));
    EXPECT_FALSE(level({.wave = 0.1, .hz = 16.0}).is_modulated(min_depth));
}

TEST(ToneLevel, IsModulatedIfThatIsAnEighthOfWhatItDoes) {
    EXPECT_TRUE(level({.waver = 0.09, .wave = 0.0525}).is_modulated(min_depth));
    EXPECT_FALSE(level({.waver = 0.102, .wave = 0.0525}).is_modulated(min_depth));
}

TEST(ToneLevel, IsModulatedByLessWhereItIsRough) {
    EXPECT_FALSE(level({.waver = 0.2, .wave = 0.060}).is_modulated(min_depth));
    EXPECT_TRUE(level({.waver = 0.2, .wave = 0.066}).is_modulated(min_depth));
}

TEST(ToneLevel, NeedsFewerFramesForMore) {
    EXPECT_FALSE(level({.frames = 140, .waver = 0.2, .wave = 0.080}).is_modulated(min_depth));
    EXPECT_TRUE(level({.frames = 140, .waver = 0.2, .wave = 0.090}).is_modulated(min_depth));
}

TEST(ToneLevel, WhatIsNoToneTellsItToo) {
    EXPECT_FALSE(level({.waver = 0.2, .rest_wave = 0.039}).is_modulated(min_depth));
    EXPECT_TRUE(level({.waver = 0.2, .rest_wave = 0.048}).is_modulated(min_depth));
}

// Where the rest waves is a quarter of a turn before or behind where it should, a twentieth ahead: either way
// it adds as much.
TEST(ToneLevel, WhatIsNoToneWavesALittleSooner) {
    const auto is_modulated = [](double wave, double rest_lead) {
        return level({.waver = 0.2, .wave = wave, .rest_wave = wave / 1.5, .rest_lead = rest_lead})
            .is_modulated(min_depth);
    };
    for (const double lead : {-0.20, 0.30}) {
        EXPECT_FALSE(is_modulated(0.0437, lead)) << lead;
        EXPECT_TRUE(is_modulated(0.0460, lead)) << lead;
    }
}

TEST(ToneLevel, WhatIsNearlyNothingTellsNothing) {
    EXPECT_FALSE(level({.waver = 0.2, .rest_wave = 0.06, .rest_share = 1.5e-4}).is_modulated(min_depth));
    EXPECT_TRUE(level({.waver = 0.2, .rest_wave = 0.06, .rest_share = 2e-4}).is_modulated(min_depth));
}

} // namespace
} // namespace keytone::test
