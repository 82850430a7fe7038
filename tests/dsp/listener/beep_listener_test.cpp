// SPDX-License-Identifier: MIT
//
// What is heard with a BeepListener beside the LineListener, at every rate.
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>
#include <vector>

namespace keytone::test {
namespace {

using Ends = std::vector<SampleIndex>;

/// A tone, or two at once, of `hz`, gliding to `glide` times that.
struct Tone {
    double ms;
    std::vector<double> hz;
    double glide = 1.0;
    double dbm0 = -15.0;
};

class BeepListenerAt : public testing::TestWithParam<int> {
  protected:
    [[nodiscard]] static int rate_hz() { return GetParam(); }

    static Signal sound(const Tone& tone) {
        Signal samples(sample_count(tone.ms, rate_hz()));
        const double peak = std::pow(10.0, (tone.dbm0 - full_scale_sine_dbm0) / 20.0);
        for (const double hz : tone.hz) {
            double turns = 0.0;
            for (std::size_t n = 0; n < samples.size(); ++n) {
                turns += hz *
                         std::pow(tone.glide, static_cast<double>(n) / static_cast<double>(samples.size())) /
                         rate_hz();
                samples[n] += peak * std::sin(2.0 * std::numbers::pi * turns);
            }
        }
        return samples;
    }
    static Signal silence(double ms) { return Signal(sample_count(ms, rate_hz())); }
    /// `begin_ms` of silence, the tones one right after the other, and 1 s of silence, over noise.
    static Signal line(const std::vector<Tone>& tones, double noise_dbm0 = -70.0, double begin_ms = 603.0) {
        Signal samples = silence(begin_ms);
        for (const Tone& tone : tones) {
            append(samples, sound(tone));
        }
        append(samples, silence(1000.0));
        mix_into(samples, white_noise(samples.size(), noise_dbm0, 5), 0);
        return samples;
    }
    /// A tone of `hz`, each `step_ms` at one of these levels.
    static std::vector<Tone> wavering(double hz, double step_ms, const std::vector<double>& levels_dbm0) {
        std::vector<Tone> tones;
        for (const double dbm0 : levels_dbm0) {
            tones.push_back({step_ms, {hz}, 1.0, dbm0});
        }
        return tones;
    }
    static Ends heard(const Signal& samples) {
        LineListener listener(*SampleRate::from_hz(rate_hz()));
        BeepListener beeps(*SampleRate::from_hz(rate_hz()));
        return heard(listener, beeps, to_pcm16(samples));
    }
    static Ends heard(LineListener& listener, BeepListener& beeps, std::span<const std::int16_t> samples) {
        Ends ends;
        beeps.process(listener, samples, [&](const LineEvent& event) {
            if (event.kind == LineEvent::Kind::beep_ended) {
                ends.push_back(event.at);
                EXPECT_LE(event.known - event.at, sample_count(130.0, rate_hz()));
            }
        });
        return ends;
    }
    static void expect_one(const Signal& samples, double end_ms, const char* what) {
        const Ends ends = heard(samples);
        ASSERT_EQ(ends.size(), 1U) << what;
        EXPECT_NEAR(1000.0 * static_cast<double>(ends[0]) / rate_hz(), end_ms, 20.0) << what;
    }
};

TEST_P(BeepListenerAt, HearsShortOnes) {
    for (const double hz : {600.0, 1000.0, 1400.0, 2150.0}) {
        expect_one(line({{80.0, {hz}}}), 683.0, "80 ms");
        expect_one(line({{85.0, {hz}}}, -30.0), 688.0, "in noise 15 dB below it");
    }
}

TEST_P(BeepListenerAt, HearsThemInNoise) {
    for (const double hz : {600.0, 1000.0, 1400.0, 2150.0}) {
        for (const double ms : {150.0, 400.0, 1500.0}) {
            expect_one(line({{ms, {hz}}}, -30.0), 603.0 + ms, "noise 15 dB below it");
        }
    }
}

TEST_P(BeepListenerAt, HearsChirps) {
    for (const double glide : {0.72, 0.9, 1.1, 1.35}) {
        expect_one(line({{100.0, {1000.0}, glide}}), 703.0, "100 ms");
        expect_one(line({{400.0, {1500.0}, glide}}), 1003.0, "400 ms");
    }
    EXPECT_TRUE(heard(line({{400.0, {900.0}, 1.6}})).empty()) << "more than half as much again: a whistle";
}

TEST_P(BeepListenerAt, HearsTwoTonesAtOnce) {
    expect_one(line({{300.0, {950.0, 1900.0}}}), 903.0, "an octave");
    expect_one(line({{500.0, {800.0, 1050.0}}}), 1103.0, "a fourth");
    EXPECT_TRUE(heard(line({{300.0, {770.0, 1336.0}}})).empty()) << "a key";
    EXPECT_TRUE(heard(line({{300.0, {480.0, 620.0}}})).empty()) << "call progress";
}

TEST_P(BeepListenerAt, WantsQuietBeforeAndBehindAndOneLevel) {
    const double noise_dbm0 = -30.0; // so that no steady tone is heard by itself
    EXPECT_TRUE(heard(line({{300.0, {1800.0}}, {300.0, {1000.0}}}, noise_dbm0)).empty())
        << "another tone before";
    EXPECT_TRUE(heard(line({{300.0, {1000.0}}, {90.0, {1800.0}}, {90.0, {1000.0}}}, noise_dbm0)).empty())
        << "another one behind";
    EXPECT_TRUE(heard(line({{60.0, {1000.0}}})).empty()) << "too short";
    EXPECT_TRUE(heard(line({{1600.0, {1000.0}}}, noise_dbm0)).empty()) << "too long";
    std::vector<double> swelling;
    for (int step = 0; step < 12; ++step) {
        swelling.push_back(-30.0 + 2.0 * std::min(step, 12 - step));
    }
    EXPECT_TRUE(heard(line(wavering(1000.0, 25.0, swelling), -34.0)).empty()) << "a swelling tone";
}

TEST_P(BeepListenerAt, OnlyACleanToneMayWaver) {
    const auto tone = wavering(1000.0, 20.0, {-13, -15, -12, -17, -14, -19, -13, -16, -12, -15, -18, -14});
    expect_one(line(tone, -50.0), 843.0, "out of a codec");
    if (rate_hz() < 16000) { // Above, most of the noise is above the tone.
        EXPECT_TRUE(heard(line(tone, -30.0)).empty()) << "with noise";
    }
    const auto more = wavering(1000.0, 20.0, {-13, -15, -12, -26, -14, -19, -13, -16, -12, -15, -18, -14});
    EXPECT_TRUE(heard(line(more, -50.0)).empty()) << "too far";
}

TEST_P(BeepListenerAt, WhatDiesAwayIsNone) {
    for (const double hz : {600.0, 1000.0, 2100.0}) {
        auto tones =
            wavering(hz, 20.0, {-15, -15, -15, -15, -15, -15, -15, -22, -25, -28, -31, -34, -37, -40});
        EXPECT_TRUE(heard(line(tones)).empty()) << hz;
        std::vector<double> fading;
        for (int step = 0; step < 60; ++step) {
            fading.push_back(-47.0 - 0.1 * step);
        }
        EXPECT_TRUE(heard(line(wavering(hz, 10.0, fading))).empty()) << hz << ": below what is sound";
    }
}

TEST_P(BeepListenerAt, WhatIsBehindABeepKeepsItsLevelOrIsNextToNothing) {
    const auto behind = [](double first_dbm0, double step_db) {
        std::vector<Tone> tones{{300.0, {1000.0}}};
        for (int step = 0; step < 14; ++step) {
            tones.push_back({10.0, {700.0}, 1.0, first_dbm0 - step_db * step});
        }
        return line(tones);
    };
    EXPECT_TRUE(heard(behind(-28.0, 1.5)).empty()) << "a voice dies away";
    expect_one(behind(-28.0, 0.0), 903.0, "something steady");
    expect_one(behind(-41.0, 1.5), 903.0, "26 dB softer");
    // One that wavers, of which LineListener hears nothing.
    auto tones = wavering(1000.0, 20.0, {-13, -15, -12, -17, -14, -19, -13, -16, -12, -15});
    expect_one(line(tones), 803.0, "nothing behind it");
    for (const double dbm0 : {-28.0, -29.5, -31.0, -32.5, -34.0, -35.5, -37.0, -38.5, -40.0, -41.5, -43.0}) {
        tones.push_back({10.0, {700.0}, 1.0, dbm0});
    }
    EXPECT_TRUE(heard(line(tones)).empty()) << "a voice that wavers";
}

TEST_P(BeepListenerAt, TheNoiseOfABeepIsTheLines) {
    Signal noisy = line({{300.0, {1000.0}}}, -30.0);
    expect_one(noisy, 903.0, "in noise");
    const std::size_t end = sample_count(903.0, rate_hz());
    for (std::size_t n = end; n < noisy.size(); ++n) {
        noisy[n] *= 0.1;
    }
    if (rate_hz() < 16000) { // Above, most of the noise is above the tone.
        EXPECT_TRUE(heard(noisy).empty()) << "the noise ends with it";
    }
}

TEST_P(BeepListenerAt, NoKeyIsAPair) {
    for (const double low : {697.0, 770.0, 852.0, 941.0}) {
        for (const double high : {1209.0, 1336.0, 1477.0, 1633.0}) {
            for (const double factor : {0.985, 1.0, 1.015}) {
                EXPECT_TRUE(heard(line({{300.0, {low * factor, high * factor}}}, -45.0)).empty())
                    << low << ' ' << high << ' ' << factor;
            }
        }
    }
    if (rate_hz() % 8000 == 0) { // At a lag of 5 at 8 kHz these are 697 + 1633 Hz.
        expect_one(line({{300.0, {903.0, 1567.0}}}), 903.0, "no key");
    }
}

TEST_P(BeepListenerAt, RingingInNoiseIsNone) {
    EXPECT_TRUE(heard(line({{1000.0, {425.0}}}, -30.0)).empty());
    EXPECT_TRUE(heard(line({{1000.0, {440.0, 480.0}}}, -28.0)).empty());
    EXPECT_TRUE(heard(line({{500.0, {480.0, 620.0}}}, -28.0)).empty());
}

TEST_P(BeepListenerAt, TheSameAgainIsAReminder) {
    Signal samples;
    for (int i = 0; i < 3; ++i) {
        append(samples, line({{300.0, {1400.0}}}, -70.0, 13000.0));
    }
    EXPECT_EQ(heard(samples).size(), 1U) << "every 14 s";
    Signal different = line({{300.0, {1400.0}}}, -70.0, 500.0);
    append(different, line({{900.0, {1400.0}}}, -70.0, 13000.0));
    EXPECT_EQ(heard(different).size(), 2U) << "another length";
}

TEST_P(BeepListenerAt, DoesNotDependOnHowTheStreamIsCut) {
    Signal all = line({{100.0, {1000.0}, 1.3}}, -35.0);
    append(all, line({{300.0, {950.0, 1900.0}}}, -50.0));
    const auto samples = to_pcm16(all);
    LineListener whole(*SampleRate::from_hz(rate_hz()));
    BeepListener whole_beeps(*SampleRate::from_hz(rate_hz()));
    const Ends expected = heard(whole, whole_beeps, samples);
    ASSERT_EQ(expected.size(), 2U);
    LineListener cut(*SampleRate::from_hz(rate_hz()));
    BeepListener cut_beeps(*SampleRate::from_hz(rate_hz()));
    std::mt19937 random(42);
    Ends ends;
    for (std::span<const std::int16_t> rest = samples; !rest.empty();) {
        const std::size_t count = std::min<std::size_t>(rest.size(), random() % 700);
        const Ends part = heard(cut, cut_beeps, rest.first(count));
        ends.insert(ends.end(), part.begin(), part.end());
        rest = rest.subspan(count);
    }
    EXPECT_EQ(ends, expected);
    cut.reset();
    cut_beeps.reset();
    EXPECT_EQ(heard(cut, cut_beeps, samples), expected);
}

INSTANTIATE_TEST_SUITE_P(EveryRate, BeepListenerAt, testing::ValuesIn(SampleRate::offered_hz));

TEST(BeepListener, IsSmall) {
    EXPECT_LE(sizeof(BeepListener), 288U);
}

} // namespace
} // namespace keytone::test
