// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <set>
#include <span>

namespace keytone::accuracy {
namespace {

/// Level of the sine at `hz` in `samples`, by a plain sum.
double level_at(std::span<const float> samples, double hz, int rate_hz) {
    std::complex<double> sum = 0.0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double turn = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
        sum += static_cast<double>(samples[i]) * std::polar(1.0, turn);
    }
    const double peak = 2.0 * std::abs(sum) / static_cast<double>(samples.size());
    return full_scale_dbm0 + 20.0 * std::log10(peak);
}

std::span<const float> part(const Sound& sound, double from_s, double to_s) {
    const auto index = [&](double seconds) {
        return static_cast<std::size_t>(std::lround(seconds * sound.rate_hz));
    };
    return std::span(sound.samples).subspan(index(from_s), index(to_s) - index(from_s));
}

Sound one_key(char key, const KeyShape& shape, int rate_hz) {
    Random random(7);
    KeyLine line(shape, rate_hz, random);
    line.press(key);
    return std::move(line).finish();
}

TEST(KeyStream, TonesAreThoseOfQ23) {
    struct Case {
        char key;
        double low;
        double high;
    };
    for (const Case& asked :
         {Case{'1', 697, 1209}, Case{'5', 770, 1336}, Case{'9', 852, 1477}, Case{'D', 941, 1633},
          Case{'*', 941, 1209}, Case{'#', 941, 1477}, Case{'0', 941, 1336}, Case{'A', 697, 1633}}) {
        for (const int rate_hz : {8000, 48000}) {
            const KeyShape shape{.tone_ms = 1000.0, .low_dbm0 = -17.0, .high_dbm0 = -9.0};
            const Sound sound = one_key(asked.key, shape, rate_hz);
            const auto tone = part(sound, sound.keys.front().onset_s, sound.keys.front().end_s);
            EXPECT_NEAR(level_at(tone, asked.low, rate_hz), -17.0, 0.1) << asked.key;
            EXPECT_NEAR(level_at(tone, asked.high, rate_hz), -9.0, 0.1) << asked.key;
        }
    }
}

TEST(KeyStream, DeviationIsPercentAndHertz) {
    KeyShape shape{.tone_ms = 2000.0};
    shape.low = {1.5, 2.0};
    shape.high = {-1.5, -2.0};
    const Sound sound = one_key('1', shape, 8000);
    const auto tone = part(sound, sound.keys.front().onset_s, sound.keys.front().end_s);
    EXPECT_NEAR(level_at(tone, 697.0 * 1.015 + 2.0, 8000), -13.0, 0.05);
    EXPECT_NEAR(level_at(tone, 1209.0 * 0.985 - 2.0, 8000), -13.0, 0.05);
}

TEST(KeyStream, SaysWhereTheKeysAre) {
    Random random(1);
    const Sound sound = key_stream({.tone_ms = 40.0, .pause_ms = 40.0}, 200, 8000, random);
    ASSERT_EQ(sound.keys.size(), 200U);
    std::set<char> kinds;
    for (std::size_t i = 0; i < sound.keys.size(); ++i) {
        const SentKey& key = sound.keys[i];
        kinds.insert(key.key);
        EXPECT_NEAR(key.end_s - key.onset_s, 0.040, 1e-9);
        EXPECT_NEAR(dbm0_of(mean_square(part(sound, key.onset_s, key.end_s))), -10.0, 1.0);
        EXPECT_EQ(mean_square(part(sound, key.end_s, key.end_s + 0.040)), 0.0);
        if (i > 0) {
            EXPECT_GE(key.onset_s - sound.keys[i - 1].end_s, 0.040 - 1e-9);
            EXPECT_LE(key.onset_s - sound.keys[i - 1].end_s, 0.0412);
        }
    }
    EXPECT_EQ(kinds.size(), 16U);
}

TEST(KeyStream, TheSameSeedMakesTheSameSound) {
    Random one(9);
    Random same(9);
    Random other(10);
    EXPECT_EQ(key_stream({}, 5, 8000, one).samples, key_stream({}, 5, 8000, same).samples);
    Random again(9);
    EXPECT_NE(key_stream({}, 5, 8000, again).samples, key_stream({}, 5, 8000, other).samples);
}

TEST(KeyStream, AnInterruptionKeepsThePhase) {
    Random random(4);
    KeyLine line({}, 8000, random);
    line.press_interrupted(50.0, 10.0, 50.0, false);
    const Sound sound = std::move(line).finish();
    ASSERT_EQ(sound.keys.size(), 1U);
    const double onset_s = sound.keys.front().onset_s;
    EXPECT_NEAR(sound.keys.front().end_s - onset_s, 0.110, 1e-9);
    EXPECT_EQ(mean_square(part(sound, onset_s + 0.050, onset_s + 0.060)), 0.0);

    // The same seed without the interruption: after it, the samples must be the same.
    Random same(4);
    KeyLine whole({}, 8000, same);
    whole.press_interrupted(50.0, 0.0, 60.0, false);
    const Sound uninterrupted = std::move(whole).finish();
    const auto end = part(sound, onset_s + 0.060, onset_s + 0.110);
    const auto expected = part(uninterrupted, onset_s + 0.060, onset_s + 0.110);
    for (std::size_t i = 0; i < end.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(end[i]), static_cast<double>(expected[i]), 1e-6) << i;
    }
}

TEST(KeyStream, APauseMakesTwoKeys) {
    Random random(4);
    KeyLine line({}, 8000, random);
    line.press_interrupted(50.0, 30.0, 45.0, true);
    const Sound sound = std::move(line).finish();
    ASSERT_EQ(sound.keys.size(), 2U);
    EXPECT_EQ(sound.keys[0].key, sound.keys[1].key);
    EXPECT_NEAR(sound.keys[1].onset_s - sound.keys[0].end_s, 0.030, 1e-9);
    EXPECT_NEAR(sound.keys[1].end_s - sound.keys[1].onset_s, 0.045, 1e-9);
}

} // namespace
} // namespace keytone::accuracy
