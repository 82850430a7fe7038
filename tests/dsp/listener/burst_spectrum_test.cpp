// SPDX-License-Identifier: MIT
#include "dsp/listener/burst_spectrum.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace keytone {
namespace {

constexpr double stream_hz = 8000.0;
constexpr double sample_hz = stream_hz / burst_decimation;

/// A tone in others, as averages of four samples.
struct Piece {
    std::vector<std::int16_t> samples;
    float power = 0.0F;
};

Piece piece(std::size_t count, const std::vector<std::pair<double, double>>& tones, double swell) {
    Piece made;
    double power = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        double sample = 0.0;
        for (const auto& [hz, peak] : tones) {
            sample += peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / sample_hz);
        }
        sample *= 1.0 + swell * static_cast<double>(i) / static_cast<double>(count);
        power += sample * sample / static_cast<double>(count);
        made.samples.push_back(static_cast<std::int16_t>(std::lround(sample)));
    }
    made.power = static_cast<float>(power);
    return made;
}

TEST(BurstSpectrum, FindsTheLines) {
    const Piece single = piece(400, {{425.0, 3000.0}}, 0.0);
    const BurstTone one = burst_tone(single.samples, stream_hz, single.power);
    EXPECT_EQ(one.kind, BurstTone::Kind::single);
    EXPECT_NEAR(one.first_hz, 425.0F, 0.5F);
    const Piece both = piece(400, {{440.0, 3000.0}, {480.0, 3000.0}}, 0.0);
    const BurstTone two = burst_tone(both.samples, stream_hz, both.power);
    EXPECT_EQ(two.kind, BurstTone::Kind::pair);
    EXPECT_NEAR(two.first_hz, 440.0F, 1.0F);
    EXPECT_NEAR(two.second_hz, 480.0F, 1.0F);
}

// Whatever sounds below, between and above the lines, and however its level changes: nothing that has the
// least share is left out, and much that has not is.
TEST(BurstSpectrum, LeavesOutOnlyWhatHasLessThanTheLeastShare) {
    std::mt19937 random(3);
    const auto between = [&](double least, double most) {
        return std::uniform_real_distribution<double>(least, most)(random);
    };
    constexpr float least_share = 0.75F;
    int less = 0;
    int left_out = 0;
    for (int trial = 0; trial < 400; ++trial) {
        const auto count = static_cast<std::size_t>(between(48.0, 600.0));
        const Piece heard = piece(count,
                                  {{between(90.0, 300.0), between(0.0, 3000.0)},
                                   {between(310.0, 660.0), between(0.0, 3000.0)},
                                   {between(700.0, 950.0), between(0.0, 1000.0)}},
                                  between(-0.9, 3.0));
        const BurstTone all = burst_tone(heard.samples, stream_hz, heard.power);
        const BurstTone some = burst_tone(heard.samples, stream_hz, heard.power, least_share);
        const bool is_none = some.kind == BurstTone::Kind::none && some.share == 0.0F;
        less += all.share < least_share ? 1 : 0;
        left_out += is_none && all.share > 0.0F ? 1 : 0;
        if (all.share >= least_share) {
            EXPECT_EQ(some.kind, all.kind) << trial;
            EXPECT_EQ(some.share, all.share) << trial;
            EXPECT_EQ(some.first_hz, all.first_hz) << trial;
        }
    }
    EXPECT_GT(less, 100);
    EXPECT_GT(left_out, 10);
}

TEST(BurstSpectrum, FindsNothingIn20Milliseconds) {
    const Piece brief = piece(40, {{425.0, 3000.0}}, 0.0);
    EXPECT_EQ(burst_tone(brief.samples, stream_hz, brief.power).kind, BurstTone::Kind::none);
    const Piece longer = piece(50, {{425.0, 3000.0}}, 0.0);
    EXPECT_EQ(burst_tone(longer.samples, stream_hz, longer.power).kind, BurstTone::Kind::single);
}

TEST(BurstSpectrum, FindsNothingInSilence) {
    const std::vector<std::int16_t> silence(400);
    EXPECT_EQ(burst_tone(silence, stream_hz, 0.0F).kind, BurstTone::Kind::none);
    EXPECT_EQ(burst_tone(std::span(silence).first(20), stream_hz, 1.0F).kind, BurstTone::Kind::none);
}

} // namespace
} // namespace keytone
