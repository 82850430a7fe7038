// SPDX-License-Identifier: MIT
#include "dsp/keys.hpp"
#include "dsp/oscillator.hpp"
#include "dsp/sine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

namespace keytone {
namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;

Oscillator oscillator(double hz, int rate) {
    return *Oscillator::create(Hertz{hz}, *SampleRate::from_hz(rate));
}

/// Turns from the exact phase after `count` samples, at most half a turn either way.
long double phase_error(const Oscillator& oscillator, double hz, int rate, SampleCount count) {
    const long double exact = std::fmod(static_cast<long double>(hz) * static_cast<long double>(count),
                                        static_cast<long double>(rate)) /
                              static_cast<long double>(rate);
    const long double error = static_cast<long double>(oscillator.phase()) - exact;
    return error - std::round(error);
}

TEST(Sine, IsWithin3e7OfTheTrueSine) {
    double worst = 0.0;
    for (std::uint64_t i = 0; i < 1U << 20U; ++i) {
        // An odd stride visits every part of the turn, and every low bit.
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

TEST(Oscillator, RefusesAFrequencyOutsideTheBand) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    for (const double hz : {0.0, -0.0, -697.0, 4000.0, 4000.5, 1e300, infinity, -infinity,
                            std::numeric_limits<double>::quiet_NaN()}) {
        const auto made = Oscillator::create(Hertz{hz}, SampleRate::narrowband());
        ASSERT_FALSE(made) << hz;
        EXPECT_EQ(made.error(), Error::frequency_out_of_range);
    }
    EXPECT_TRUE(Oscillator::create(Hertz{3999.999}, SampleRate::narrowband()));
    EXPECT_TRUE(Oscillator::create(Hertz{0.001}, SampleRate::narrowband()));
    EXPECT_TRUE(Oscillator::create(Hertz{4000.0}, *SampleRate::from_hz(16000)));
}

TEST(Oscillator, FollowsTheSine) {
    for (const int rate : SampleRate::offered_hz) {
        auto tone = oscillator(1633.0, rate);
        std::vector<float> samples(5000);
        tone.generate(samples, 0.5F);
        for (std::size_t n = 0; n < samples.size(); ++n) {
            const double exact = 0.5 * std::sin(two_pi * 1633.0 * static_cast<double>(n) / rate);
            ASSERT_NEAR(static_cast<double>(samples[n]), exact, 2e-7) << rate << ' ' << n;
        }
    }
}

TEST(Oscillator, DoesNotDriftIn24Hours) {
    for (const int rate : SampleRate::offered_hz) {
        for (const double hz :
             {697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0, 0.1, 425.3, 3999.9}) {
            const SampleCount day = SampleCount{24} * 3600 * rate;
            auto tone = oscillator(hz, rate);
            tone.advance(day);
            EXPECT_LT(std::abs(phase_error(tone, hz, rate, day)) * static_cast<long double>(two_pi), 1e-5L)
                << hz << " Hz at " << rate;
            // Half-way through a turn too, where the exact phase is no whole number.
            tone.advance(12345);
            EXPECT_LT(std::abs(phase_error(tone, hz, rate, day + 12345)) * static_cast<long double>(two_pi),
                      1e-5L);
        }
    }
}

TEST(Oscillator, AdvanceIsWhatGenerateDoes) {
    auto generated = oscillator(941.0, 44100);
    auto advanced = generated;
    std::vector<float> samples(10007);
    generated.generate(samples, 1.0F);
    advanced.advance(10007);
    EXPECT_EQ(generated.phase(), advanced.phase());
    EXPECT_NEAR(static_cast<double>(phase_error(advanced, 941.0, 44100, 10007)), 0.0, 1e-12);
    advanced.advance(-10007);
    EXPECT_EQ(advanced.phase(), 0.0);
    generated.reset();
    EXPECT_EQ(generated.phase(), 0.0);
}

TEST(Oscillator, BlocksDoNotMatter) {
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> length(0, 300);
    auto whole = oscillator(770.0, 48000);
    auto cut = whole;
    std::vector<float> expected(20000, 0.25F);
    std::vector<float> actual = expected;
    whole.add_to(expected, 0.7F);
    for (std::span<float> rest = actual; !rest.empty();) {
        const std::size_t now = std::min(length(random), rest.size());
        cut.add_to(rest.first(now), 0.7F);
        rest = rest.subspan(now);
    }
    EXPECT_EQ(actual, expected);
}

TEST(Oscillator, AddsToWhatIsThere) {
    auto low = oscillator(697.0, 8000);
    auto high = oscillator(1209.0, 8000);
    auto alone = high;
    std::vector<float> sum(400);
    low.generate(sum, 0.3F);
    std::vector<float> expected = sum;
    high.add_to(sum, 0.4F);
    std::vector<float> second(400);
    alone.generate(second, 0.4F);
    for (std::size_t n = 0; n < sum.size(); ++n) {
        EXPECT_EQ(sum[n], expected[n] + second[n]);
    }
}

} // namespace
} // namespace keytone
