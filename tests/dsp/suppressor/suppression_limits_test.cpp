// SPDX-License-Identifier: MIT
//
// The limits with which keys are looked for in order to silence them, from both sides: of sixteen keys, each
// at another place of the detector's grid, how many are silenced.
#include "dsp/suppressor/key_spans.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;
constexpr int all = 16;

/// Noise, and a key in it after half a second.
Signal in_noise(KeyPress press, int number, double noise_dbm0) {
    press.key = all_keys[static_cast<std::size_t>(number)];
    const Signal key = sound(press, rate_hz);
    Signal line = white_noise(key.size() + 6000, noise_dbm0, static_cast<std::uint64_t>(number) + 1);
    mix_into(line, key, 4000 + static_cast<std::size_t>(number) * 5);
    return line;
}

bool is_silenced(const Signal& line) {
    KeySpans keys(SampleRate::narrowband());
    keys.hear(to_pcm16(line));
    keys.finish();
    return std::ranges::any_of(keys.spans(), [](const KeySpan& span) { return !span.is_empty(); });
}

int silenced(const KeyPress& press, double noise_dbm0 = -60.0) {
    int count = 0;
    for (int number = 0; number < all; ++number) {
        count += is_silenced(in_noise(press, number, noise_dbm0)) ? 1 : 0;
    }
    return count;
}

/// The harmonics of a voice: each as loud as the one below, or softer by that power of its number.
Signal voice(std::size_t samples, double pitch_hz, double dbm0, unsigned seed, double softer) {
    Signal signal(samples);
    std::mt19937 random(seed);
    for (int harmonic = 1; harmonic * pitch_hz < 3400.0; ++harmonic) {
        const double phase = 2.0 * std::numbers::pi * static_cast<double>(random() % 1000) / 1000.0;
        const double step = 2.0 * std::numbers::pi * harmonic * pitch_hz / rate_hz;
        for (std::size_t n = 0; n < samples; ++n) {
            signal[n] += std::sin(step * static_cast<double>(n) + phase) * std::pow(harmonic, -softer);
        }
    }
    return at_level(std::move(signal), dbm0);
}

int silenced_over_voices(const KeyPress& press, double voice_dbm0) {
    int count = 0;
    for (int number = 0; number < all; ++number) {
        Signal line = in_noise(press, number, -60.0);
        const auto seed = static_cast<unsigned>(number) + 3U;
        mix_into(line, voice(line.size(), 150.0 + 7.0 * number, voice_dbm0, seed, 1.0), 0);
        count += is_silenced(line) ? 1 : 0;
    }
    return count;
}

/// The same where the key looks like the voice: that has harmonics as loud as those beside the tones, and
/// the tones sound before their onset.
int silenced_like_voices(const KeyPress& press, double voice_dbm0) {
    int count = 0;
    for (int number = 0; number < all; ++number) {
        KeyPress before = press;
        before.key = all_keys[static_cast<std::size_t>(number)];
        before.low_dbm0 = before.high_dbm0 = -20.0;
        before.tone_ms = 20.0;
        Signal line = in_noise(press, number, -60.0);
        mix_into(line, sound(before, rate_hz), 4000 - 160 + static_cast<std::size_t>(number) * 5);
        const auto seed = static_cast<unsigned>(number) + 3U;
        mix_into(line, voice(line.size(), 130.0 + 3.0 * number, voice_dbm0, seed, 0.0), 0);
        count += is_silenced(line) ? 1 : 0;
    }
    return count;
}

TEST(SuppressionLimits, EitherToneMayBeMuchStronger) {
    const auto with = [](double low_dbm0, double high_dbm0) {
        return silenced({.tone_ms = 60.0, .low_dbm0 = low_dbm0, .high_dbm0 = high_dbm0});
    };
    EXPECT_EQ(with(-23.5, -10.0), all);
    EXPECT_EQ(with(-25.5, -10.0), 0);
    EXPECT_EQ(with(-10.0, -23.5), all);
    EXPECT_EQ(with(-10.0, -25.5), 0);
}

TEST(SuppressionLimits, AKeyIsShort) {
    const auto of = [](double ms) { return silenced({.tone_ms = ms, .low_dbm0 = -10, .high_dbm0 = -10}); };
    EXPECT_EQ(of(25.0), all);
    EXPECT_GE(of(24.0), all / 2);
    EXPECT_EQ(of(20.0), 0);
}

/// Each tone is off by so much, the lower one up and the higher one down.
KeyPress off(double percent) {
    return {.tone_ms = 80.0,
            .low_dbm0 = -13.0,
            .high_dbm0 = -13.0,
            .low_offset_percent = percent,
            .high_offset_percent = -percent};
}

TEST(SuppressionLimits, AKeyMayBeHardToHear) {
    EXPECT_EQ(silenced(off(0.0), -8.0), all);
    EXPECT_EQ(silenced(off(0.0), -1.0), 0);
}

TEST(SuppressionLimits, NoMoreIsAskedOfAKeyThatIsOff) {
    EXPECT_EQ(silenced(off(1.8), -12.0), all);
    EXPECT_EQ(silenced(off(1.8), -9.0), all);
    EXPECT_EQ(silenced(off(2.3), -12.0), 0) << "it is no key";
}

TEST(SuppressionLimits, LittleMoreIsAskedOfOneThatIsFurtherOff) {
    EXPECT_EQ(silenced(off(2.0), -12.0), all);
    EXPECT_LE(silenced(off(2.0), -9.0), all / 2);
    EXPECT_EQ(silenced_over_voices(off(2.0), -16.0), all);
}

TEST(SuppressionLimits, MoreIsAskedOfAKeyThatLooksLikeAVoice) {
    KeyPress press = off(1.5);
    press.tone_ms = 50.0;
    EXPECT_GE(silenced_like_voices(press, -14.0), all - 2);
    EXPECT_LE(silenced_like_voices(press, -12.0), all / 4);
    EXPECT_GE(silenced_over_voices(press, -12.0), all / 2) << "its harmonics are softer";
}

// Speech sometimes is a key for a moment. That would leave more beside the tones.
TEST(SuppressionLimits, AShortKeyIsOneAmongSofterSound) {
    const KeyPress press{.tone_ms = 34.0, .low_dbm0 = -15.0, .high_dbm0 = -15.0};
    EXPECT_GE(silenced(press, -16.7), all - 2);
    EXPECT_LE(silenced(press, -14.5), all / 4);
}

/// A key of 100 ms that goes on for `more_ms`, a little weaker: a word's begin that sounds like it. The last
/// 2 ms of the key, and what is behind it, are under other sound.
struct Hidden {
    Signal line;
    SampleIndex end; // of the key
};
Hidden goes_on_like_the_key(int number, double more_ms) {
    constexpr double key_ms = 100.0;
    Signal key = sound({.key = all_keys[static_cast<std::size_t>(number)],
                        .tone_ms = key_ms + more_ms,
                        .low_dbm0 = -12.0,
                        .high_dbm0 = -12.0},
                       rate_hz);
    const std::size_t end = sample_count(key_ms, rate_hz);
    std::for_each(key.begin() + static_cast<std::ptrdiff_t>(end), key.end(), [](double& at) { at *= 0.9; });
    Hidden hidden{Signal(4000 + static_cast<std::size_t>(number) * 5), 0};
    hidden.end = static_cast<SampleIndex>(hidden.line.size() + end);
    append(hidden.line, key);
    append_silence(hidden.line, 4000);
    mix_into(hidden.line,
             white_noise(sample_count(30.0, rate_hz), -5.0, static_cast<std::uint64_t>(number) + 1),
             static_cast<std::size_t>(hidden.end) - sample_count(2.0, rate_hz));
    return hidden;
}

// The tones alone do not tell whether it is the key that goes on, or a word.
TEST(SuppressionLimits, WhatGoesOnLikeAKeyForAMomentIsLeftAsItIs) {
    const auto left_as_it_is = [](double more_ms) {
        int count = 0;
        for (int number = 0; number < all; ++number) {
            const Hidden hidden = goes_on_like_the_key(number, more_ms);
            KeySpans keys(SampleRate::narrowband());
            keys.hear(to_pcm16(hidden.line));
            keys.finish();
            count += !keys.spans().empty() && keys.spans().back().end <= hidden.end + 4 ? 1 : 0;
        }
        return count;
    };
    EXPECT_GE(left_as_it_is(8.0), all * 3 / 4);
    EXPECT_LE(left_as_it_is(14.0), all / 4) << "the key under other sound";
}

// An end that other sound hides is looked for again 100 ms behind where the key seemed to end: then all is
// heard by which it is found.
TEST(SuppressionLimits, AHiddenEndIsFoundAMomentLater) {
    constexpr SampleIndex begin = 800;
    const Signal key = sound({.key = '5', .tone_ms = 90.0, .low_dbm0 = -12.0, .high_dbm0 = -12.0}, rate_hz);
    const SampleIndex end = begin + std::ssize(key);
    const auto hidden = static_cast<SampleIndex>(begin + sample_count(30.0, rate_hz));
    Signal line(begin);
    append(line, key);
    append_silence(line, 2000);
    mix_into(line, white_noise(sample_count(50.0, rate_hz), 0.0, 2), static_cast<std::size_t>(hidden));
    KeySpans keys(SampleRate::narrowband());
    std::vector<SampleIndex> ends; // that were told
    SampleIndex last_told = 0;
    for (const std::int16_t& sample : to_pcm16(line)) {
        keys.hear(std::span(&sample, 1));
        const SampleIndex told = keys.spans().empty() ? KeySpan::open : keys.spans().back().end;
        if (told != KeySpan::open && (ends.empty() || told != ends.back())) {
            ends.push_back(told);
            last_told = keys.position();
        }
    }
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_LT(ends[0], end - 200);
    EXPECT_NEAR(static_cast<double>(ends[1]), static_cast<double>(end), 80.0);
    EXPECT_NEAR(static_cast<double>(last_told - hidden) / 8.0, 100.0, 10.0);
}

} // namespace
} // namespace keytone::test
