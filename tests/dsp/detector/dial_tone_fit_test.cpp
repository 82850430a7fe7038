// SPDX-License-Identifier: MIT
#include "dsp/detector/dial_tone_fit.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using test::Signal;

constexpr int rate_hz = 8000;
constexpr std::size_t fitted = 320;
constexpr double most_left_over = 0.01;

struct Sine {
    double hz;
    double dbm0;
    double phase;
};

double radians(double hz) {
    return 2.0 * std::numbers::pi * hz / rate_hz;
}

double peak(double dbm0) {
    return std::pow(10.0, (dbm0 - test::full_scale_sine_dbm0) / 20.0);
}

Signal sound(const std::vector<Sine>& sines, std::size_t count = fitted) {
    Signal signal(count);
    for (const Sine& sine : sines) {
        for (std::size_t n = 0; n < count; ++n) {
            signal[n] += peak(sine.dbm0) * std::cos(radians(sine.hz) * static_cast<double>(n) + sine.phase);
        }
    }
    return signal;
}

std::optional<DialToneFit> found(const Signal& signal) {
    return find_dial_tone(test::to_pcm16(signal), most_left_over);
}

// The fit found the tone that was made, with its phase at the first sample after those fitted.
void expect_tone(const DialToneFit::Tone& tone, const Sine& made, std::size_t samples) {
    EXPECT_NEAR(tone.radians_per_sample, radians(made.hz), radians(0.05)) << made.hz;
    EXPECT_NEAR(std::abs(tone.phasor), 32768.0 * peak(made.dbm0), 0.002 * 32768.0 * peak(made.dbm0))
        << made.hz;
    const std::complex<double> next =
        std::polar(1.0, radians(made.hz) * static_cast<double>(samples) + made.phase);
    EXPECT_NEAR(std::arg(tone.phasor / next), 0.0, 0.01) << made.hz;
}

TEST(DialToneFit, FindsThePairAndAnySingleTone) {
    for (const std::size_t samples : {240U, 280U, 320U}) {
        const Sine low{351.2, -13.0, 0.4};
        const Sine high{438.9, -10.0, 2.1};
        const auto pair = found(sound({low, high}, samples));
        ASSERT_TRUE(pair) << samples;
        ASSERT_EQ(pair->tones, 2);
        expect_tone(pair->tone[0], low, samples);
        expect_tone(pair->tone[1], high, samples);
        EXPECT_LT(pair->left_over, 1e-5);
        for (const double hz : {392.0, 400.0, 425.0, 450.0, 458.0}) {
            const Sine one{hz, -15.0, 1.3};
            const auto single = found(sound({one}, samples));
            ASSERT_TRUE(single) << hz;
            ASSERT_EQ(single->tones, 1);
            expect_tone(single->tone[0], one, samples);
        }
    }
}

TEST(DialToneFit, FindsNoOtherTone) {
    for (const std::vector<Sine>& sines : std::vector<std::vector<Sine>>{
             {{380.0, -13.0, 0.0}},                        // below all
             {{470.0, -13.0, 0.0}},                        // above all
             {{697.0, -13.0, 0.0}},                        // a key's
             {{440.0, -13.0, 0.0}, {480.0, -13.0, 0.0}},   // ringing tone
             {{480.0, -13.0, 0.0}, {620.0, -13.0, 0.0}},   // busy tone
             {{350.0, -13.0, 0.0}, {455.0, -13.0, 0.0}},   // the high one off by 3.4 %
             {{350.0, -8.0, 0.0}, {440.0, -16.0, 0.0}}}) { // too far apart in level
        EXPECT_FALSE(found(sound(sines))) << sines[0].hz;
    }
    EXPECT_FALSE(found(Signal(fitted, 0.0)));
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        EXPECT_FALSE(found(test::white_noise(fitted, -13.0, seed))) << seed;
    }
}

TEST(DialToneFit, LeavesNoMoreOverThanIsAskedFor) {
    const auto with_noise = [](double dbm0) {
        Signal signal = sound({{350.0, -13.0, 0.2}, {440.0, -13.0, 1.0}}); // -10 dBm0 together
        test::mix_into(signal, test::white_noise(fitted, dbm0, 6), 0);
        return signal;
    };
    const auto clean = found(with_noise(-35.0));
    ASSERT_TRUE(clean);
    EXPECT_NEAR(10.0 * std::log10(clean->left_over), -25.0, 1.0);
    EXPECT_FALSE(found(with_noise(-27.0)));
    EXPECT_FALSE(find_dial_tone(test::to_pcm16(with_noise(-35.0)), 0.001));
    // A key over the dial tone is not a part of it.
    Signal keyed = with_noise(-60.0);
    test::mix_into(
        keyed, test::sound({.key = '5', .tone_ms = 40.0, .low_dbm0 = -20.0, .high_dbm0 = -20.0}, rate_hz), 0);
    EXPECT_FALSE(found(keyed));
}

TEST(DialToneFit, FitsAKnownOneWhateverItsPhase) {
    const auto known = found(sound({{350.0, -13.0, 0.2}, {440.0, -13.0, 1.0}}));
    ASSERT_TRUE(known);
    const Sine low{350.0, -20.0, 2.9};
    const Sine high{440.0, -24.0, -1.1};
    const auto samples = test::to_pcm16(sound({low, high}, 240));
    const DialToneFit again = fit_known_dial_tone(samples, *known);
    ASSERT_EQ(again.tones, 2);
    expect_tone(again.tone[0], low, 240);
    expect_tone(again.tone[1], high, 240);
    EXPECT_LT(again.left_over, 1e-4);
    // Where another tone sounds, most of the power is left over.
    const auto other = test::to_pcm16(sound({{697.0, -13.0, 0.0}, {1209.0, -13.0, 0.0}}));
    EXPECT_GT(fit_known_dial_tone(other, *known).left_over, 0.9);
}

} // namespace
} // namespace keytone
