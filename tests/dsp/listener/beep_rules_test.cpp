// SPDX-License-Identifier: MIT
//
// Each rule of the BeepListener from both sides: what is heard because of it, and what is not. Where noise is
// 15 dB below a tone, no steady tone is heard by the LineListener itself.
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;
constexpr double quiet_dbm0 = -70.0;
constexpr double noisy_dbm0 = -30.0;

/// Sines that glide to `glide` times their frequencies, each with its level.
struct Sines {
    double ms;
    std::vector<double> hz;
    std::vector<double> dbm0 = {-15.0, -15.0};
    double glide = 1.0;
};

/// What follows silence of `ms`.
struct After {
    double ms;
    Signal sound;
};

Signal sines(const Sines& all) {
    Signal samples(sample_count(all.ms, rate_hz));
    for (std::size_t i = 0; i < all.hz.size(); ++i) {
        const double peak = std::pow(10.0, (all.dbm0[i] - full_scale_sine_dbm0) / 20.0);
        double turns = 0.0;
        for (std::size_t n = 0; n < samples.size(); ++n) {
            const double part = static_cast<double>(n) / static_cast<double>(samples.size());
            turns += all.hz[i] * std::pow(all.glide, part) / rate_hz;
            samples[n] += peak * std::sin(2.0 * std::numbers::pi * turns);
        }
    }
    return samples;
}

/// Sines whose level goes, each 20 ms, by the next of `changes_db`.
Signal wavering(const Sines& all, const std::vector<double>& changes_db) {
    Signal samples = sines(all);
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double change = changes_db[n / sample_count(20.0, rate_hz) % changes_db.size()];
        samples[n] *= std::pow(10.0, change / 20.0);
    }
    return samples;
}

/// The ends of all beeps, in ms. Noise is everywhere, and silence of 1 s behind all.
std::vector<double> beeps(const std::vector<After>& sounds, double noise_dbm0) {
    Signal line;
    for (const After& after : sounds) {
        append(line, Signal(sample_count(after.ms, rate_hz)));
        append(line, after.sound);
    }
    append(line, Signal(sample_count(1000.0, rate_hz)));
    mix_into(line, white_noise(line.size(), noise_dbm0, 5), 0);
    LineListener listener(*SampleRate::from_hz(rate_hz));
    BeepListener beep_listener(*SampleRate::from_hz(rate_hz));
    std::vector<double> ends;
    beep_listener.process(listener, to_pcm16(line), [&](const LineEvent& event) {
        if (event.kind == LineEvent::Kind::beep_ended) {
            ends.push_back(1000.0 * static_cast<double>(event.at) / rate_hz);
        }
    });
    return ends;
}

std::size_t count(const Signal& sound, double noise_dbm0) {
    return beeps({{603.0, sound}}, noise_dbm0).size();
}

Signal beep(double ms, double hz = 1400.0) {
    return sines({ms, {hz}});
}

TEST(BeepRules, LowAndHighTonesAreNone) {
    EXPECT_EQ(count(beep(300.0, 500.0), noisy_dbm0), 0U) << "may be call progress";
    EXPECT_EQ(count(beep(300.0, 560.0), noisy_dbm0), 1U);
    EXPECT_EQ(count(beep(300.0, 2350.0), noisy_dbm0), 0U);
}

TEST(BeepRules, ABeepOfTheLeastLengthIsHeardWhereverItBegins) {
    for (int offset = 0; offset < 10; ++offset) {
        EXPECT_EQ(beeps({{600.0 + offset, beep(81.0)}}, noisy_dbm0).size(), 1U) << offset;
        EXPECT_EQ(beeps({{600.0 + offset, beep(72.0)}}, noisy_dbm0).size(), 0U) << offset;
    }
}

TEST(BeepRules, WantsSilenceBehind) {
    const auto ends = beeps({{600.0, beep(300.0)}, {75.0, beep(300.0, 1900.0)}}, noisy_dbm0);
    for (const double end : ends) {
        EXPECT_GT(end, 1000.0) << "the first has sound 75 ms behind it";
    }
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {150.0, beep(300.0, 1900.0)}}, noisy_dbm0).size(), 2U);
}

TEST(BeepRules, TwoShortBeepsOfTwoPitchesAreTwo) {
    EXPECT_EQ(beeps({{600.0, beep(82.0)}, {130.0, beep(82.0, 1900.0)}}, noisy_dbm0).size(), 2U);
}

TEST(BeepRules, TheSamePitchSoonAfterIsACadence) {
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {5000.0, beep(900.0)}}, noisy_dbm0).size(), 1U);
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {9000.0, beep(900.0)}}, noisy_dbm0).size(), 2U);
}

TEST(BeepRules, TheSameLaterIsAReminder) {
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {25'000.0, beep(300.0)}}, noisy_dbm0).size(), 1U);
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {45'000.0, beep(300.0)}}, noisy_dbm0).size(), 2U);
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {12'000.0, beep(360.0)}}, noisy_dbm0).size(), 1U)
        << "about as long";
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {12'000.0, beep(500.0)}}, noisy_dbm0).size(), 2U)
        << "another length";
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {12'000.0, beep(300.0, 1460.0)}}, noisy_dbm0).size(), 1U)
        << "nearly the same pitch";
    EXPECT_EQ(beeps({{600.0, beep(300.0)}, {12'000.0, beep(300.0, 1520.0)}}, noisy_dbm0).size(), 2U)
        << "another pitch";
}

TEST(BeepRules, MuchNoiseIsNoTone) {
    EXPECT_EQ(count(beep(300.0), -30.0), 1U);
    EXPECT_EQ(count(beep(300.0), -25.0), 0U);
}

TEST(BeepRules, InNoiseTheLevelStays) {
    EXPECT_EQ(count(beep(300.0), noisy_dbm0), 1U);
    EXPECT_EQ(count(wavering({300.0, {1400.0}}, {-1.4, 1.4}), noisy_dbm0), 0U);
}

TEST(BeepRules, ACleanToneWaversOnlySoFar) {
    EXPECT_EQ(count(wavering({300.0, {1400.0}}, {0, 0, -2, 0, -2, 2.0, -2, 0, -2}), quiet_dbm0), 1U);
    EXPECT_EQ(count(wavering({300.0, {1400.0}}, {0, 0, -2, 0, -2, 5.5, -2, 0, -2}), quiet_dbm0), 0U)
        << "a rise";
}

TEST(BeepRules, WhatSoundsBesideItIsNoise) {
    // White noise looks alike to both lags of the recurrence, the harmonics of a voice do not.
    EXPECT_EQ(count(sines({300.0, {1400.0, 200.0, 400.0, 600.0}, {-15.0, -34.0, -34.0, -34.0}}), quiet_dbm0),
              0U);
}

TEST(BeepRules, SoonAfterOtherSoundAWaveringToneIsLonger) {
    const std::vector<double> changes{0.0, -3.0, 1.0, -2.0, 0.0};
    const Signal other = white_noise(sample_count(300.0, rate_hz), -15.0, 7);
    const Signal brief = wavering({100.0, {1400.0}}, changes);
    const Signal lasting = wavering({200.0, {1400.0}}, changes);
    EXPECT_EQ(beeps({{603.0, brief}}, quiet_dbm0).size(), 1U) << "nothing before";
    EXPECT_EQ(beeps({{603.0, other}, {110.0, brief}}, quiet_dbm0).size(), 0U) << "110 ms";
    EXPECT_EQ(beeps({{603.0, other}, {200.0, brief}}, quiet_dbm0).size(), 0U) << "200 ms";
    EXPECT_EQ(beeps({{603.0, other}, {110.0, lasting}}, quiet_dbm0).size(), 1U) << "long enough";
    EXPECT_EQ(beeps({{603.0, other}, {500.0, brief}}, quiet_dbm0).size(), 1U) << "long ago";
}

TEST(BeepRules, APairLastsLonger) {
    EXPECT_EQ(count(sines({100.0, {950.0, 1900.0}}), quiet_dbm0), 0U);
    EXPECT_EQ(count(sines({150.0, {950.0, 1900.0}}), quiet_dbm0), 1U);
}

TEST(BeepRules, ACleanPairMayWaver) {
    const Sines pair{300.0, {950.0, 1900.0}};
    EXPECT_EQ(count(wavering(pair, {0.0, 0.0, -2.0, 1.0, -2.0}), quiet_dbm0), 1U);
    EXPECT_EQ(count(wavering(pair, {0.0, 0.0, -5.0, 0.0, 0.0}), quiet_dbm0), 0U) << "too far";
    EXPECT_EQ(count(wavering(pair, {0.0, 0.0, -2.0, 1.0, -2.0}), -33.0), 1U) << "noise 21 dB below";
    EXPECT_EQ(count(wavering(pair, {0.0, 0.0, -2.0, 1.0, -2.0}), -27.0), 0U) << "noise 15 dB below";
}

TEST(BeepRules, EachToneOfAPairKeepsItsPitch) {
    EXPECT_EQ(count(sines({300.0, {950.0, 1900.0}, {-15.0, -15.0}, 1.02}), quiet_dbm0), 1U);
    EXPECT_EQ(count(sines({300.0, {950.0, 1900.0}, {-15.0, -15.0}, 1.08}), quiet_dbm0), 0U);
    Signal in_turn;
    for (int i = 0; i < 8; ++i) {
        append(in_turn, beep(40.0, i % 2 == 0 ? 950.0 : 1900.0));
    }
    EXPECT_EQ(count(in_turn, quiet_dbm0), 0U) << "one after the other";
}

TEST(BeepRules, ASecondToneIsMoreThanTheNoise) {
    EXPECT_EQ(count(sines({400.0, {950.0, 1900.0}, {-15.0, -25.0}}), -30.0), 1U);
    EXPECT_EQ(count(sines({400.0, {950.0, 1900.0}, {-15.0, -31.0}}), -28.5), 0U);
}

TEST(BeepRules, PairsOfCallProgressAreNone) {
    EXPECT_EQ(count(sines({500.0, {540.0, 660.0}}), quiet_dbm0), 0U);
    EXPECT_EQ(count(sines({500.0, {620.0, 740.0}}), quiet_dbm0), 1U);
}

} // namespace
} // namespace keytone::test
