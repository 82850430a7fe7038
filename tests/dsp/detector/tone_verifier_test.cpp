// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_verifier.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace keytone {
namespace {

using test::KeyPress;
using test::Signal;

// Forty milliseconds of a key from the first sample on, over `background`. Sub-blocks from `lost` to before
// `lost_end` never arrive.
std::optional<ToneEvidence> measure(const KeyPress& press, const Signal& background,
                                    const ToneVerifier& verifier, std::size_t lost = 0,
                                    std::size_t lost_end = 0) {
    Signal signal = test::sound(press, 8000);
    test::mix_into(signal, background, 0);
    const auto samples = test::to_pcm16(signal);
    ToneTracker tracker;
    for (std::size_t b = 0; b < samples.size() / sub_block_size; ++b) {
        tracker.push(SubBlock(samples.data() + b * sub_block_size, sub_block_size),
                     b >= lost && b < lost_end);
    }
    ToneEvidence evidence;
    return verifier.measure(tracker, 0, evidence) ? std::optional(evidence) : std::nullopt;
}

double margin(const KeyPress& press, const Signal& background = Signal(320, 0.0),
              const DtmfLimits& limits = {}) {
    const ToneVerifier verifier(limits);
    const auto evidence = measure(press, background, verifier);
    return evidence ? verifier.margin(*evidence).value : -100.0;
}

constexpr KeyPress key{.key = '6', .tone_ms = 40.0, .low_dbm0 = -13.0, .high_dbm0 = -13.0};

// Noise at `dbm0`, filtered so that two samples predict the next one as in speech.
Signal coloured_noise(double dbm0, std::uint64_t seed) {
    Signal noise = test::white_noise(320, -10.0, seed);
    double one = 0.0;
    double two = 0.0;
    for (double& sample : noise) {
        sample += 1.5 * one - 0.8 * two;
        two = one;
        one = sample;
    }
    return test::at_level(noise, dbm0);
}

TEST(ToneVerifier, MeasuresACleanKey) {
    const ToneVerifier verifier;
    const auto evidence = measure(key, Signal(320, 0.0), verifier);
    ASSERT_TRUE(evidence);
    EXPECT_EQ(Key::at(evidence->pair.row, evidence->pair.column).character(), '6');
    EXPECT_NEAR(evidence->pair.low.value, 770.0, 0.05);
    EXPECT_NEAR(evidence->pair.high.value, 1477.0, 0.05);
    EXPECT_NEAR(evidence->high_over_low.value, 0.0, 0.01);
    EXPECT_GT(evidence->snr.value, 60.0);
    EXPECT_LE(evidence->onset, 1);
    EXPECT_EQ(evidence->end, 8);
    EXPECT_GT(margin(key), 30.0);
}

// Two tones of -13 dBm0 have -10 dBm0 together.
TEST(ToneVerifier, TakesAKeyOutOfWhiteNoiseAsLoudAsItself) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        EXPECT_GT(margin(key, test::white_noise(320, -10.0, seed)), 0.0) << seed;
    }
}

// Behind silence, tones 15 dB over everything else are a key's, whatever the rest is.
TEST(ToneVerifier, MeasuresTheMarksOfAVoiceWhereTheyMayMatter) {
    const ToneVerifier verifier;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const auto clear = measure(key, test::white_noise(320, -25.0, seed), verifier);
        ASSERT_TRUE(clear);
        EXPECT_FALSE(clear->voice) << seed;
        const auto noisy = measure(key, test::white_noise(320, -14.0, seed), verifier);
        ASSERT_TRUE(noisy);
        EXPECT_TRUE(noisy->voice) << seed;
    }
}

TEST(ToneVerifier, AsksMoreOverColouredNoise) {
    int refused = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        refused += margin(key, coloured_noise(-10.0, seed)) < 0.0 ? 1 : 0;
        EXPECT_GT(margin(key, coloured_noise(-17.0, seed)), 0.0) << seed;
    }
    EXPECT_GE(refused, 15);
}

TEST(ToneVerifier, AsksMoreOfAFrequencyFarOff) {
    const double near = margin(key, test::white_noise(320, -20.0, 1));
    KeyPress off = key;
    off.high_offset_percent = 1.6;
    const double far = margin(off, test::white_noise(320, -20.0, 1));
    EXPECT_NEAR(near - far, 8.0, 2.0);
}

// A voice that resembles a key for a moment would have been recognised in the frame that was lost.
TEST(ToneVerifier, AsksMoreWhereAPartWasLost) {
    const ToneVerifier verifier;
    const Signal noise = test::white_noise(320, -20.0, 1);
    const auto whole = measure(key, noise, verifier);
    const auto part = measure(key, noise, verifier, 1, 5);
    ASSERT_TRUE(whole && part);
    EXPECT_EQ(whole->lost_share, 0.0);
    EXPECT_NEAR(part->lost_share, 0.5, 0.1);
    ToneEvidence all_came = *part;
    all_came.lost_share = 0.0;
    EXPECT_NEAR(verifier.margin(all_came).value - verifier.margin(*part).value, 5.0, 1.0);
    EXPECT_GT(verifier.margin(*part).value, 0.0);
}

// Harmonics of 155 Hz, all equally strong.
Signal voiced(double dbm0) {
    Signal voice(320);
    for (int k = 1; k < 24; ++k) {
        for (std::size_t n = 0; n < voice.size(); ++n) {
            const double turns = 155.0 * k * static_cast<double>(n) / 8000.0;
            voice[n] += std::cos(2.0 * std::numbers::pi * turns + 0.9 * k * k);
        }
    }
    return test::at_level(voice, dbm0);
}

// The stricter the sensitivity, the smaller a key's margin, in noise and over a voice; keys between two
// demands are accepted by one and rejected by the other.
TEST(ToneVerifier, AsksByItsSensitivity) {
    DtmfLimits strict;
    strict.sensitivity = Sensitivity::strict;
    DtmfLimits sensitive;
    sensitive.sensitivity = Sensitivity::sensitive;
    const Signal white = test::white_noise(320, -20.0, 1);
    const Signal coloured = coloured_noise(-20.0, 1);
    const Signal voice = voiced(-20.0);
    for (const Signal& noise : {white, coloured, voice}) {
        EXPECT_GT(margin(key, noise), margin(key, noise, strict) + 0.5);
    }
    for (const Signal& noise : {white, voice}) {
        EXPECT_GT(margin(key, noise, sensitive), margin(key, noise) + 0.5);
    }
    EXPECT_GE(margin(key, coloured, sensitive), margin(key, coloured));
    int heard_strictly = 0;
    int heard = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Signal noise = coloured_noise(-15.0, seed);
        heard_strictly += margin(key, noise, strict) > 0.0 ? 1 : 0;
        heard += margin(key, noise) > 0.0 ? 1 : 0;
    }
    EXPECT_LT(heard_strictly, heard);
}

TEST(ToneVerifier, LimitsRuleOut) {
    KeyPress press = key;
    press.low_offset_percent = 3.0;
    EXPECT_EQ(margin(press), -100.0);
    press = key;
    press.high_dbm0 = -5.0;
    EXPECT_EQ(margin(press), -100.0);
    press = key;
    press.high_dbm0 = -26.0;
    EXPECT_EQ(margin(press), -100.0);
    press = key;
    press.low_dbm0 = press.high_dbm0 = -55.0;
    EXPECT_EQ(margin(press), -100.0);
    press = key;
    press.tone_ms = 25.0;
    EXPECT_EQ(margin(press, Signal(200, 0.0), *dtmf_profile("australian")), -100.0);
}

} // namespace
} // namespace keytone
