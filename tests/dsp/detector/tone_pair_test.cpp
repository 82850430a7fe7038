// SPDX-License-Identifier: MIT
#include "dsp/detector/sub_block.hpp"
#include "dsp/detector/tone_pair.hpp"
#include "dsp/keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace keytone {
namespace {

std::optional<HeardPair> pair_in(const test::Signal& signal, IsNear is_near = any_tone) {
    const auto samples = test::to_pcm16(signal);
    simd::BankSeries series{};
    series.size = 5;
    double energy = 0.0;
    for (int age = 0; age < series.size; ++age) {
        const std::int16_t* const x = samples.data() + static_cast<std::size_t>(age) * sub_block_size;
        simd::BankSums sums;
        simd::kernels().bank(x, sums);
        simd::kernels().put(series, age, sums);
        for (std::size_t n = 0; n < sub_block_size; ++n) {
            energy += static_cast<double>(x[n]) * x[n];
        }
    }
    return find_pair(series, energy, series.size, is_near);
}

TEST(TonePair, SharesOutTheEnergy) {
    // High over low by 6 dB: the shares are a fifth and four fifths.
    const auto pair =
        pair_in(test::sound({.key = '8', .tone_ms = 25, .low_dbm0 = -16, .high_dbm0 = -10}, 8000));
    ASSERT_TRUE(pair);
    EXPECT_EQ(Key::at(pair->pair.row, pair->pair.column).character(), '8');
    EXPECT_NEAR(pair->low_share, 0.2, 0.04);
    EXPECT_NEAR(pair->high_share, 0.8, 0.08);
}

// Of two that are far apart in level only the stronger one is asked for: low, then high.
TEST(TonePair, IsDismissedByItsStrongerTone) {
    for (const auto& [low_dbm0, high_dbm0, stronger] :
         {std::tuple{-6.0, -16.0, std::size_t{0}}, std::tuple{-16.0, -6.0, std::size_t{1}}}) {
        const auto samples =
            test::sound({.key = '8', .tone_ms = 25, .low_dbm0 = low_dbm0, .high_dbm0 = high_dbm0}, 8000);
        const auto only = [](std::size_t group) {
            return [group](std::size_t asked, std::uint8_t, Hertz) { return asked == group; };
        };
        EXPECT_TRUE(pair_in(samples, only(stronger)));
        EXPECT_FALSE(pair_in(samples, only(1 - stronger)));
    }
}

TEST(TonePair, IsNotThereInSilence) {
    const auto pair = pair_in(test::Signal(200, 0.0));
    EXPECT_TRUE(!pair || pair->share() == 0.0);
}

} // namespace
} // namespace keytone
