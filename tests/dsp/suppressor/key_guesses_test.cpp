// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_guesses.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

constexpr std::size_t key_begin = 4003;

std::vector<KeySpan> guesses(const Samples& in, std::size_t block = 4096,
                             SampleRate rate = SampleRate::narrowband()) {
    KeyGuesses heard(rate);
    std::vector<KeySpan> spans;
    const auto take = [&](const KeySpan& span) { spans.push_back(span); };
    for (std::size_t at = 0; at < in.size(); at += block) {
        heard.hear(std::span(in).subspan(at, std::min(block, in.size() - at)), take);
    }
    heard.finish(take);
    return spans;
}

/// A 5 of -15 dBm0 a tone in white noise of -60 dBm0, and what else sounds with it.
Samples five(double tone_ms, const test::Signal& beside = {}, int rate_hz = 8000) {
    test::Signal signal = test::white_noise(12'000 * static_cast<std::size_t>(rate_hz) / 8000, -60.0, 1);
    const std::size_t at = key_begin * static_cast<std::size_t>(rate_hz) / 8000;
    test::mix_into(
        signal, test::sound({.key = '5', .tone_ms = tone_ms, .low_dbm0 = -15.0, .high_dbm0 = -15.0}, rate_hz),
        at);
    test::mix_into(signal, beside, at);
    return test::to_pcm16(signal);
}

/// A sine of this frequency for 60 ms.
test::Signal sine(double hertz, double dbm0) {
    return test::tone(hertz, 60.0, dbm0);
}

TEST(KeyGuesses, TellsAKeyByItsEdgesAndLevels) {
    const auto spans = guesses(five(60.0));
    ASSERT_EQ(spans.size(), 1U);
    EXPECT_EQ(spans[0].key.character(), '5');
    EXPECT_NEAR(static_cast<double>(spans[0].begin), key_begin + 3, 3.0);
    EXPECT_NEAR(static_cast<double>(spans[0].end), key_begin + 480 - 3, 3.0);
    EXPECT_NEAR(spans[0].low_level.value, -15.0, 0.2);
    EXPECT_NEAR(spans[0].high_level.value, -15.0, 0.2);
}

TEST(KeyGuesses, AtEachRate) {
    for (const std::int32_t hz : {11'025, 16'000, 44'100, 48'000}) {
        const auto spans = guesses(five(60.0, {}, hz), 4096, *SampleRate::from_hz(hz));
        ASSERT_EQ(spans.size(), 1U) << hz;
        EXPECT_EQ(spans[0].key.character(), '5');
        EXPECT_NEAR(static_cast<double>(spans[0].begin) / hz, key_begin / 8000.0, 0.001) << hz;
        EXPECT_NEAR(static_cast<double>(spans[0].end) / hz, key_begin / 8000.0 + 0.06, 0.001) << hz;
    }
}

TEST(KeyGuesses, DoNotDependOnTheBlocks) {
    const Samples in = five(60.0, test::white_noise(480, -14.0, 2));
    const auto expected = guesses(in);
    EXPECT_EQ(expected.size(), 1U);
    for (const std::size_t block : {1U, 39U, 100U, 12'000U}) {
        EXPECT_EQ(guesses(in, block), expected) << block;
    }
}

// The pair has half of all power, and hears itself over what is no neighbour of either tone.
TEST(KeyGuesses, TellsAKeyUnderSoundAsLoud) {
    EXPECT_EQ(guesses(five(60.0, sine(350.0, -12.0))).size(), 1U);
    EXPECT_TRUE(guesses(five(60.0, sine(350.0, -5.0))).empty()) << "a share of 0.17";
}

TEST(KeyGuesses, NotBesideAnotherToneOfTheGroup) {
    EXPECT_EQ(guesses(five(60.0, sine(941.0, -28.0))).size(), 1U);
    EXPECT_TRUE(guesses(five(60.0, sine(941.0, -20.0))).empty()) << "5 dB below its neighbour";
    EXPECT_TRUE(guesses(five(60.0, sine(1633.0, -20.0))).empty());
}

TEST(KeyGuesses, TellsWhatIsLeftOfAKey) {
    EXPECT_EQ(guesses(five(22.0)).size(), 1U);
    EXPECT_TRUE(guesses(five(12.0)).empty()) << "nobody reads it";
}

// With as much noise as tones, as among speech.
TEST(KeyGuesses, AShortOneAmongSpeechIsNone) {
    EXPECT_EQ(guesses(five(50.0, test::white_noise(400, -12.0, 3))).size(), 1U);
    EXPECT_TRUE(guesses(five(28.0, test::white_noise(400, -12.0, 3))).empty());
}

// What was silenced beside it leaves no rest between the two.
TEST(KeyGuesses, GoesAsFarAsWhatWasSilenced) {
    Samples in = five(60.0);
    std::fill(in.begin() + key_begin + 200, in.end(), std::int16_t{0});
    const auto spans = guesses(in);
    ASSERT_EQ(spans.size(), 1U);
    EXPECT_GE(spans[0].end, static_cast<SampleIndex>(key_begin + 199));
}

TEST(KeyGuesses, NothingInNoiseAndSilence) {
    EXPECT_TRUE(guesses(test::to_pcm16(test::white_noise(80'000, -20.0, 4))).empty());
    EXPECT_TRUE(guesses(Samples(8000)).empty());
}

} // namespace
} // namespace keytone
