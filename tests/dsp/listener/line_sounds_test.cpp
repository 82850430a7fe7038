// SPDX-License-Identifier: MIT
//
// One letter for each block, as in dsp/listener/line_sounds.hpp: `P` tones of call progress, `Q` the same at
// other frequencies, `S`, `T`, `U` single tones elsewhere, `K` a key's pair, `W` words.
#include "dsp/listener/line_sounds.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone {
namespace {

LineSounds::Block block(char letter) {
    switch (letter) {
    case 'P':
        return {true, true, true, 0.0F, 0.95F};
    case 'Q':
        return {true, true, true, -0.3F, 0.92F};
    case 'S':
        return {true, true, false, -0.8F, 0.73F};
    case 'T':
        return {true, true, false, 0.7F, 0.45F};
    case 'U':
        return {true, true, false, 0.77F, 0.17F};
    case 'K':
        return {true, false, false, 0.2F, 0.7F};
    default:
        return {false, false, false, 0.5F, 0.9F};
    }
}

/// What is known after these sounds, which are separated by spaces: `w` words, `p` progress, `-` neither.
std::string known(const std::string& letters) {
    LineSounds sounds;
    SampleIndex at = 0;
    for (const char letter : letters + " ") {
        if (letter == ' ') {
            sounds.end(at);
        } else {
            if (!sounds.open()) {
                sounds.begin(at);
            }
            if (letter != '.') {
                sounds.add(block(letter), 1.0F);
            }
            at += 400;
        }
    }
    EXPECT_FALSE(sounds.open());
    return sounds.words().end >= 0 ? "w" : sounds.progress().end >= 0 ? "p" : "-";
}

TEST(LineSounds, ToldByTheirBlocks) {
    EXPECT_EQ(known("PPPPP"), "p");
    EXPECT_EQ(known("WPPPPW"), "p") << "its ends lie within blocks";
    EXPECT_EQ(known("PP"), "p") << "the shortest congestion";
    EXPECT_EQ(known("WWWW"), "w");
    EXPECT_EQ(known("WPPWWWPPWW"), "w") << "a vowel is like a tone for a while";
    EXPECT_EQ(known("PQPQPQ"), "w") << "no tone goes on";
    EXPECT_EQ(known("P"), "w") << "a syllable";
    EXPECT_EQ(known("SSSSTTTTUUUU"), "p") << "special information tones";
    EXPECT_EQ(known("SSSSSSS"), "-") << "a beep";
    EXPECT_EQ(known("KKKK"), "-") << "a key's echo";
    EXPECT_EQ(known("."), "-") << "too short to tell";
}

TEST(LineSounds, TonesAreAtLeastTwiceAsMuchAsTheRest) {
    EXPECT_EQ(known("WPPPPW"), "p");
    EXPECT_EQ(known("WPPPW"), "w");
    EXPECT_EQ(known("SSSSTTTT"), "-") << "special information tones are three";
}

/// Eight blocks of call progress, which differ by so much from one to the next.
bool is_progress(float cosine_change, float short_cosine_change) {
    LineSounds sounds;
    sounds.begin(0);
    for (int i = 0; i < 8; ++i) {
        const float odd = i % 2 == 0 ? 0.0F : 1.0F;
        sounds.add({true, true, true, cosine_change * odd, 0.8F + short_cosine_change * odd}, 1.0F);
    }
    sounds.end(3200);
    return sounds.progress().end >= 0;
}

TEST(LineSounds, ATonesCosinesStay) {
    EXPECT_TRUE(is_progress(0.05F, 0.08F));
    EXPECT_FALSE(is_progress(0.09F, 0.0F));
    EXPECT_FALSE(is_progress(0.0F, 0.15F));
}

TEST(LineSounds, TheLastOfWordsAndProgressCounts) {
    EXPECT_EQ(known("WWWW PPPP"), "p");
    EXPECT_EQ(known("PPPP PPPP WWWW"), "w");
    EXPECT_EQ(known("WWWW SSSS"), "w") << "a beep behind words";
    EXPECT_EQ(known("PPPP KKKK"), "p");
}

/// Two blocks of words from `at` on, as loud as that.
void say(LineSounds& sounds, SampleIndex at, float power) {
    sounds.begin(at);
    sounds.add(block('W'), power);
    sounds.add(block('W'), power);
}

TEST(LineSounds, NoiseThatBecomesKnownWasNoWords) {
    LineSounds sounds;
    say(sounds, 100, 1.0F);
    sounds.take_for_noise(2.0F, 0);
    EXPECT_FALSE(sounds.open());
    say(sounds, 200, 1.0F);
    sounds.end(1000);
    ASSERT_EQ(sounds.words().end, 1000);
    sounds.take_for_noise(0.5F, 0);
    EXPECT_EQ(sounds.words().end, 1000) << "louder than the noise";
    sounds.take_for_noise(2.0F, 500);
    EXPECT_EQ(sounds.words().end, 1000) << "before the noise";
    sounds.take_for_noise(2.0F, 0);
    EXPECT_EQ(sounds.words().end, -1);
}

TEST(LineSounds, OnlySoftSoundSinceTheNoiseBeganWasThatNoise) {
    LineSounds sounds;
    say(sounds, 100, 5.0F);
    sounds.take_for_noise(2.0F, 0);
    EXPECT_TRUE(sounds.open()) << "louder than the noise";
    sounds.take_for_noise(9.0F, 500);
    EXPECT_TRUE(sounds.open()) << "before the noise";
    sounds.take_for_noise(9.0F, 0);
    EXPECT_FALSE(sounds.open());
}

TEST(LineSounds, AToneStaysOneOfItsKind) {
    const auto words = [](const LineSounds::Block& even, const LineSounds::Block& odd) {
        LineSounds sounds;
        sounds.begin(0);
        for (int i = 0; i < 8; ++i) {
            sounds.add(i % 2 == 0 ? even : odd, 1.0F);
        }
        sounds.end(3200);
        return sounds.words().end >= 0;
    };
    const LineSounds::Block progress{true, true, true, 0.3F, 0.9F};
    const LineSounds::Block other{true, true, false, 0.3F, 0.9F};
    const LineSounds::Block noisy{false, true, true, 0.3F, 0.9F};
    EXPECT_FALSE(words(progress, progress));
    EXPECT_TRUE(words(progress, other)) << "now in the range, now beyond";
    EXPECT_TRUE(words(progress, noisy)) << "every other block is noise";
    EXPECT_TRUE(words(noisy, noisy));
}

TEST(LineSounds, WordsAreKeptWhereNoiseFollowsThem) {
    LineSounds sounds;
    say(sounds, 100, 5.0F);
    sounds.end(1000);
    say(sounds, 2000, 1.0F);
    sounds.end(3000);
    sounds.take_for_noise(2.0F, 1500);
    EXPECT_GE(sounds.words().end, 1000);
}

} // namespace
} // namespace keytone
