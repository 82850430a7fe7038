// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_recurrence.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;

struct Tone {
    double hz;
    double peak;
};

std::vector<std::int16_t> tones(const std::vector<Tone>& parts, double noise_dbm0, std::size_t count) {
    Signal signal = white_noise(count, noise_dbm0, 1);
    for (const Tone& part : parts) {
        for (std::size_t n = 0; n < count; ++n) {
            signal[n] += part.peak *
                         std::sin(2.0 * std::numbers::pi * part.hz * static_cast<double>(n) / rate_hz + 0.7);
        }
    }
    return to_pcm16(signal);
}

double cosine(double hz, std::size_t lag) {
    return std::cos(2.0 * std::numbers::pi * hz * static_cast<double>(lag) / rate_hz);
}

ToneRecurrence fitted(const std::vector<std::int16_t>& samples, std::size_t lag) {
    ToneRecurrence recurrence;
    recurrence.add(samples, lag);
    return recurrence;
}

TEST(ToneRecurrence, FindsOneTone) {
    for (const std::size_t lag : {1U, 3U, 8U}) {
        for (double hz = 200.0; hz < 3800.0; hz += 137.0) {
            const auto one = fitted(tones({{hz, 0.3}}, -90.0, 200), lag).one_tone();
            ASSERT_TRUE(one);
            EXPECT_NEAR(one->cosine, cosine(hz, lag), 1e-3) << hz << ' ' << lag;
            EXPECT_LT(one->noise_share, 1e-4) << hz << ' ' << lag;
        }
    }
}

// From no noise to nothing else: the quick test never says so where it is not, and mostly where it is.
TEST(ToneRecurrence, KnowsSoonThatNoToneIsThere) {
    int said = 0;
    int greater = 0;
    for (double noise_dbm0 = -60.0; noise_dbm0 < 0.0; noise_dbm0 += 0.25) {
        const ToneRecurrence recurrence = fitted(tones({{1000.0, 0.1}}, noise_dbm0, 100), 5);
        const float found = recurrence.one_tone()->noise_share;
        for (const float asked :
             {0.0F, 1e-6F, 0.02F, 0.05F, 0.1F, 0.5F, std::nextafter(found, 0.0F), found}) {
            const bool leaves_more = recurrence.one().leaves_more_than(asked);
            EXPECT_TRUE(!leaves_more || found > asked) << noise_dbm0 << ' ' << asked;
            said += leaves_more ? 1 : 0;
            greater += found > asked ? 1 : 0;
        }
        EXPECT_TRUE(recurrence.one().leaves_more_than(0.99F * found - 1e-5F)) << noise_dbm0;
    }
    EXPECT_GT(said, greater * 3 / 4);
    EXPECT_FALSE(ToneRecurrence{}.one().leaves_more_than(0.1F));
}

TEST(ToneRecurrence, FindsTwoTones) {
    for (const auto& [low, high] : {std::pair{350.0, 440.0}, {440.0, 480.0}, {300.0, 500.0}, {50.0, 425.0}}) {
        const ToneRecurrence recurrence = fitted(tones({{low, 0.2}, {high, 0.1}}, -90.0, 400), 8);
        const auto two = recurrence.two_tones();
        ASSERT_TRUE(two) << low;
        EXPECT_NEAR(two->first_cosine, cosine(low, 8), 5e-3) << low;
        EXPECT_NEAR(two->second_cosine, cosine(high, 8), 5e-3) << low;
        EXPECT_LT(two->noise_share, 1e-4) << low;
    }
    const auto one = fitted(tones({{350.0, 0.2}, {440.0, 0.2}}, -90.0, 400), 8).one_tone();
    ASSERT_TRUE(one);
    EXPECT_GT(one->noise_share, 0.02F) << "two tones are not one";
}

// The noise's share of the power is estimated whatever the tone's frequency; within a third, for 400 samples.
TEST(ToneRecurrence, MeasuresTheNoise) {
    const double tone_dbm0 = 20.0 * std::log10(0.1) + full_scale_sine_dbm0;
    for (const double snr_db : {10.0, 20.0, 30.0}) {
        const double share = std::pow(10.0, -snr_db / 10.0);
        for (double hz = 300.0; hz < 2300.0; hz += 210.0) {
            const auto one = fitted(tones({{hz, 0.1}}, tone_dbm0 - snr_db, 400), 1).one_tone();
            ASSERT_TRUE(one);
            EXPECT_NEAR(static_cast<double>(one->noise_share) / share, 1.0, 0.35) << hz << ' ' << snr_db;
        }
    }
    const auto noise = fitted(tones({}, -20.0, 400), 8).one_tone();
    ASSERT_TRUE(noise);
    EXPECT_GT(noise->noise_share, 0.5F);
}

// The same for one tone and for two: of one, of a pair close together or far apart, each in noise.
TEST(ToneRecurrence, KnowsSoonThatNeitherOneToneNorTwoAreThere) {
    int said = 0;
    int greater = 0;
    for (const double second : {0.0, 440.0, 480.0, 1336.0, 3000.0}) {
        for (double noise_dbm0 = -60.0; noise_dbm0 < 0.0; noise_dbm0 += 0.25) {
            const ToneRecurrence recurrence =
                fitted(tones({{420.0, 0.1}, {second, second > 0.0 ? 0.07 : 0.0}}, noise_dbm0, 400), 5);
            const auto two = recurrence.two_tones();
            const float one_share = recurrence.one_tone()->noise_share;
            const float found = two ? std::min(one_share, two->noise_share) : one_share;
            for (const float asked :
                 {0.005F, 0.02F, 0.07F, 0.1F, 0.15F, 0.999F * found, found, 1.001F * found}) {
                const bool more = recurrence.leaves_more_than(asked);
                EXPECT_TRUE(!more || found > asked) << second << ' ' << noise_dbm0 << ' ' << asked;
                said += more ? 1 : 0;
                greater += found > asked ? 1 : 0;
            }
        }
    }
    EXPECT_GT(said, greater * 7 / 10);
    EXPECT_FALSE(ToneRecurrence().leaves_more_than(0.1F)) << "silence";
}

TEST(ToneRecurrence, KnowsSoonThatACosineIsOutside) {
    int said = 0;
    int outside = 0;
    for (double hz = 100.0; hz < 3900.0; hz += 19.0) {
        const OneToneRecurrence recurrence = fitted(tones({{hz, 0.1}}, -40.0, 100), 1).one();
        const float found = recurrence.one_tone()->cosine;
        for (const auto& [least, greatest] :
             {std::pair{-0.2F, 0.8F}, {found, 2.0F}, {-2.0F, found}, {found + 1e-4F, 2.0F}}) {
            const bool is_outside = found < least || found > greatest;
            EXPECT_TRUE(!recurrence.is_outside(least, greatest) || is_outside) << hz << ' ' << least;
            said += recurrence.is_outside(least, greatest) ? 1 : 0;
            outside += is_outside ? 1 : 0;
        }
    }
    EXPECT_EQ(said, outside);
    EXPECT_FALSE(OneToneRecurrence().is_outside(-0.2F, 0.8F)) << "silence";
}

TEST(ToneRecurrence, AddsStretchesUp) {
    const auto samples = tones({{425.0, 0.2}}, -40.0, 300);
    ToneRecurrence whole = fitted(samples, 8);
    ToneRecurrence first;
    first.add(std::span(samples).first(150), 8);
    ToneRecurrence second;
    second.add(std::span(samples).subspan(150 - 32), 8);
    first.add(second);
    ASSERT_TRUE(whole.one_tone() && first.one_tone());
    EXPECT_NEAR(first.one_tone()->cosine, whole.one_tone()->cosine, 1e-5);
    EXPECT_NEAR(first.one_tone()->noise_share, whole.one_tone()->noise_share, 1e-5);
}

// At both lags, of any level and length, what exact sums say.
TEST(ToneRecurrence, RoughSumsAreCloseToExactOnes) {
    constexpr std::size_t lag = 5;
    constexpr std::size_t history = simd::rough_history;
    for (const double peak : {0.01, 0.2, 0.6}) {
        for (const std::size_t count : {80U, 101U, 128U}) {
            const auto samples = tones({{425.0, peak}, {1000.0, 0.2 * peak}}, -60.0, history + count);
            OneToneRecurrence by_one;
            ToneRecurrence by_lag;
            rough_recurrences(samples.data(), std::span(samples).subspan(history), lag, by_one, by_lag);
            const auto expect = [](const OneToneRecurrence& rough, const OneToneRecurrence& exact) {
                ASSERT_TRUE(rough.one_tone() && exact.one_tone());
                EXPECT_NEAR(rough.one_tone()->cosine, exact.one_tone()->cosine, 5e-4);
                EXPECT_NEAR(rough.one_tone()->noise_share, exact.one_tone()->noise_share, 5e-4);
            };
            const auto from = [&](std::size_t place) {
                return std::vector(samples.begin() + static_cast<std::ptrdiff_t>(place), samples.end());
            };
            const ToneRecurrence exact = fitted(from(history - 4 * lag), lag);
            expect(by_lag.one(), exact.one());
            ASSERT_TRUE(by_lag.two_tones() && exact.two_tones());
            EXPECT_NEAR(by_lag.two_tones()->first_cosine, exact.two_tones()->first_cosine, 3e-3);
            EXPECT_NEAR(by_lag.two_tones()->noise_share, exact.two_tones()->noise_share, 5e-4);
            expect(by_one, fitted(from(history - 4), 1).one());
        }
    }
}

TEST(ToneRecurrence, FindsNothingInSilence) {
    const std::vector<std::int16_t> silence(200);
    EXPECT_FALSE(fitted(silence, 8).one_tone());
    EXPECT_FALSE(fitted(silence, 8).two_tones());
    EXPECT_FALSE(fitted({}, 8).one_tone());
    EXPECT_FALSE(fitted(std::vector<std::int16_t>(7, 100), 8).one_tone()) << "shorter than its history";
}

} // namespace
} // namespace keytone::test
