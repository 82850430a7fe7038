// SPDX-License-Identifier: MIT
#include "engine/media/tone_player.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace keytone {
namespace {

DtmfGenerator generator(const char* digits) {
    return *DtmfGenerator::create(*DigitString::parse(digits),
                                  {.tone = Milliseconds{200}, .gap = Milliseconds{100}},
                                  *SampleRate::from_hz(8000));
}

TEST(TonePlayer, TellsEachToneOnTheLegsClock) {
    TonePlayer player(generator("w1*0w"), 1000, 40);
    EXPECT_EQ(first_tone_begin(generator("w1*0w")), 4000);
    EXPECT_EQ(player.end(), 1000 + 4000 + 1600 + 800 + 1600 + 800 + 1600 + 4000);
    EXPECT_EQ(player.last_tone_end(), player.end() - 4000);
    const std::string digits = "1*0";
    for (std::uint16_t i = 0; i < 3; ++i) {
        ASSERT_TRUE(player.tone());
        EXPECT_EQ(player.tone()->digit, digits[i]);
        EXPECT_EQ(player.tone()->index, i);
        EXPECT_EQ(player.tone()->begin, 5000 + 2400 * i);
        EXPECT_EQ(player.tone()->end, 6600 + 2400 * i);
        EXPECT_FALSE(player.tone()->cut);
        player.next_tone();
    }
    EXPECT_FALSE(player.tone());
}

TEST(TonePlayer, SendsTheGeneratorsSamplesAndLeavesTheGapsAlone) {
    DtmfGenerator used = generator("12");
    std::vector<std::int16_t> expected(static_cast<std::size_t>(used.length()));
    used.generate(expected); // the player begins at the start nevertheless
    for (std::size_t i = 1600; i < 2400; ++i) {
        expected[i] = 77;
    }
    std::vector<std::int16_t> sent(expected.size(), 77);
    TonePlayer player(used, 0, 40);
    player.send(std::span(sent).first(700), 0);
    player.send(std::span(sent).subspan(700, 900), 700);
    player.next_tone();
    player.send(std::span(sent).subspan(1600, 800), 1600);
    player.send(std::span(sent).subspan(2400), 2400);
    EXPECT_EQ(sent, expected);
}

TEST(TonePlayer, ACutFallsInAToneAndEndsAtOnceBetweenTwo) {
    struct Case {
        SampleIndex at;
        SampleIndex end;
    };
    for (const Case& c : {Case{0, 0}, Case{1, 41}, Case{800, 840}, Case{1590, 1600}}) {
        TonePlayer player(generator("12"), 0, 40);
        player.cut(c.at);
        EXPECT_EQ(player.end(), c.end);
        EXPECT_EQ(player.lost(), 4000 - c.end);
        EXPECT_EQ(player.tone()->cut, c.at > 0);
        player.cut(c.at + 1);
        EXPECT_EQ(player.end(), c.end);
    }
    TonePlayer player(generator("12"), 0, 40);
    player.next_tone();
    player.cut(2000);
    EXPECT_EQ(player.end(), 2000);
    EXPECT_FALSE(player.tone()->cut);
}

TEST(TonePlayer, TheFallEndsInSilence) {
    TonePlayer player(generator("1"), 0, 40);
    std::vector<std::int16_t> sent(840);
    player.send(std::span(sent).first(800), 0);
    player.cut(800);
    player.send(std::span(sent).subspan(800), 800);
    for (std::size_t i = 830; i < 840; ++i) {
        EXPECT_LT(std::abs(sent[i]), 32768 * 0.75 * 0.16);
    }
    EXPECT_LT(std::abs(sent.back()), 20);
}

} // namespace
} // namespace keytone
