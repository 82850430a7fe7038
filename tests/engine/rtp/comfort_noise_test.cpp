// SPDX-License-Identifier: MIT
#include "engine/rtp/comfort_noise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace keytone {
namespace {

double decibels_below_overload(ComfortNoise& noise) {
    std::vector<std::int16_t> samples(80'000);
    noise.generate(samples);
    double power = 0.0;
    for (const double sample : samples) {
        power += sample * sample / static_cast<double>(samples.size());
    }
    return -10.0 * std::log10(power / (32768.0 * 32768.0));
}

TEST(ComfortNoise, HasThePowerThatIsSaid) {
    for (const int level : {45, 55, 65}) {
        ComfortNoise noise;
        noise.set_level(static_cast<std::uint8_t>(level));
        EXPECT_NEAR(decibels_below_overload(noise), level, 0.5);
    }
}

TEST(ComfortNoise, IsNeverLoud) {
    ComfortNoise noise;
    noise.set_level(0);
    EXPECT_NEAR(decibels_below_overload(noise), 40.0, 0.5);
}

TEST(ComfortNoise, IsSilenceBeforeItIsToldOf) {
    ComfortNoise noise;
    std::vector<std::int16_t> samples(160, 99);
    noise.generate(samples);
    EXPECT_TRUE(std::ranges::all_of(samples, [](int sample) { return sample == 0; }));
    noise.set_level(50);
    noise.silence();
    noise.generate(samples);
    EXPECT_TRUE(std::ranges::all_of(samples, [](int sample) { return sample == 0; }));
}

} // namespace
} // namespace keytone
