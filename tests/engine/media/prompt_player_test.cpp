// SPDX-License-Identifier: MIT
#include "engine/media/prompt_player.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace keytone {
namespace {

std::vector<std::int16_t> played(const PromptPlayer& player, SampleIndex start) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(player.end() - start));
    player.add_to(samples, start);
    return samples;
}

TEST(PromptPlayer, PlaysToTheLastSample) {
    std::vector<std::int16_t> prompt;
    for (int i = 0; i < 1000; ++i) {
        prompt.push_back(static_cast<std::int16_t>(31 * i - 15000));
    }
    for (const SampleCount longest : {SampleCount{1000}, unlimited}) {
        const PromptPlayer player({prompt, longest}, 50, 40);
        EXPECT_EQ(player.end(), 1050);
        EXPECT_FALSE(player.too_long());
        EXPECT_EQ(player.lost(), 0);
        EXPECT_EQ(played(player, 50), prompt);
    }
}

TEST(PromptPlayer, TooLongItFallsBeforeItsLongestLength) {
    const std::vector<std::int16_t> prompt(1000, 20000);
    const PromptPlayer player({prompt, 600}, 50, 40);
    EXPECT_EQ(player.end(), 650);
    EXPECT_TRUE(player.too_long());
    EXPECT_EQ(player.lost(), 400);
    const auto samples = played(player, 50);
    for (std::size_t i = 0; i < 560; ++i) {
        ASSERT_EQ(samples[i], 20000);
    }
    for (std::size_t i = 560; i < 600; ++i) {
        ASSERT_LT(samples[i], samples[i - 1]);
    }
    EXPECT_LT(samples.back(), 40);
}

TEST(PromptPlayer, NothingMayPlay) {
    const std::vector<std::int16_t> prompt(10, 20000);
    for (const SampleCount longest : {0, -5}) {
        const PromptPlayer player({prompt, longest}, 50, 40);
        EXPECT_EQ(player.end(), 50);
        EXPECT_TRUE(player.too_long());
        EXPECT_EQ(player.lost(), 10);
    }
    const PromptPlayer empty({{}, unlimited}, 50, 40);
    EXPECT_EQ(empty.end(), 50);
    EXPECT_FALSE(empty.too_long());
}

TEST(PromptPlayer, ACutFallsFromThere) {
    const std::vector<std::int16_t> prompt(1000, 20000);
    struct Case {
        SampleIndex at;
        SampleIndex end;
    };
    for (const Case& c : {Case{50, 50}, Case{51, 91}, Case{500, 540}, Case{1030, 1050}}) {
        PromptPlayer player({prompt, unlimited}, 50, 40);
        player.cut(c.at);
        EXPECT_EQ(player.end(), c.end);
        EXPECT_EQ(player.lost(), 1050 - c.end);
        player.cut(c.at + 10); // is already fading out
        EXPECT_EQ(player.end(), c.end);
        const auto samples = played(player, 50);
        for (std::size_t i = 1; i < samples.size(); ++i) {
            ASSERT_LE(std::abs(samples[i] - samples[i - 1]), 20000 * 3.15 / 2 / (c.end == 1050 ? 20 : 40));
        }
        EXPECT_TRUE(samples.empty() || samples.back() < 150);
    }
}

TEST(PromptPlayer, ACutInTheLastFallChangesNothing) {
    const std::vector<std::int16_t> prompt(1000, 20000);
    PromptPlayer player({prompt, 600}, 0, 40);
    const auto before = played(player, 0);
    player.cut(570);
    EXPECT_EQ(played(player, 0), before);
}

} // namespace
} // namespace keytone
