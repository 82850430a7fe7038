// SPDX-License-Identifier: MIT
//
// The limits of a BeepListener by itself, from both sides: its LineListener only hands on the frames, as it
// would hear some of these beeps as well.
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace keytone::test {
namespace {

constexpr double quiet_dbm0 = -70.0;

/// Silence, the sound, and 1 s of silence, over noise: how many beeps are heard.
int beeps(const Signal& sound, double noise_dbm0 = quiet_dbm0, double before_ms = 603.0) {
    Signal line = joined({silence(before_ms), sound, silence(1000.0)});
    mix_into(line, white_noise(line.size(), noise_dbm0, 5), 0);
    LineListener listener(*SampleRate::from_hz(rate_hz));
    BeepListener beep_listener(*SampleRate::from_hz(rate_hz));
    int heard = 0;
    listener.process(
        to_pcm16(line), [](const LineEvent&) {},
        [&](const LineFront::Frame& frame) {
            beep_listener.hear(frame, [&](const LineEvent&) { ++heard; });
        });
    return heard;
}

bool is_beep(const Signal& sound, double noise_dbm0 = quiet_dbm0, double before_ms = 603.0) {
    const int heard = beeps(sound, noise_dbm0, before_ms);
    EXPECT_LE(heard, 1);
    return heard > 0;
}

struct Sine {
    double hz;
    double dbm0 = -15.0;
};

Signal sines(double ms, const std::vector<Sine>& all) {
    Signal sum;
    for (const Sine& sine : all) {
        mix_into(sum, tone(sine.hz, ms, sine.dbm0), 0);
    }
    return sum;
}

/// From one frequency to the other within `slide_ms`, and 200 ms of that one.
Signal sliding(double from_hz, double to_hz, double slide_ms) {
    Signal signal(sample_count(slide_ms + 200.0, rate_hz));
    const auto slide = static_cast<double>(sample_count(slide_ms, rate_hz));
    const double peak = std::pow(10.0, (-15.0 - full_scale_sine_dbm0) / 20.0);
    double turns = 0.0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] = peak * std::sin(2.0 * std::numbers::pi * turns);
        const double part = std::min(1.0, static_cast<double>(n) / slide);
        turns += from_hz * std::pow(to_hz / from_hz, part) / rate_hz;
    }
    return signal;
}

/// 200 ms in which one tone fades into another: their amplitudes are the cosine and the sine of an angle.
Signal fading(double from_hz, double to_hz, double from_degrees, double to_degrees) {
    Signal signal = tone(from_hz, 200.0);
    const Signal second = tone(to_hz, 200.0);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double part = static_cast<double>(n) / static_cast<double>(signal.size());
        const double angle = (from_degrees + (to_degrees - from_degrees) * part) * std::numbers::pi / 180.0;
        signal[n] = signal[n] * std::cos(angle) + second[n] * std::sin(angle);
    }
    return signal;
}

Signal noisy(Signal signal, double noise_dbm0, std::uint64_t seed = 3) {
    mix_into(signal, white_noise(signal.size(), noise_dbm0, seed), 0);
    return signal;
}

/// The level changes by the next of these every 20 ms.
Signal wavering(Signal signal, const std::vector<double>& changes_db) {
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double change = changes_db[n / sample_count(20.0, rate_hz) % changes_db.size()];
        signal[n] *= std::pow(10.0, change / 20.0);
    }
    return signal;
}

TEST(BeepLimits, ABeepIsNeitherLowNorHigh) {
    EXPECT_FALSE(is_beep(tone(520.0, 300.0), -30.0));
    EXPECT_TRUE(is_beep(tone(545.0, 300.0), -30.0));
    EXPECT_TRUE(is_beep(tone(2240.0, 300.0), -30.0));
    EXPECT_FALSE(is_beep(tone(2275.0, 300.0), -30.0));
}

TEST(BeepLimits, ABeepLastsForAtMostOneAndAHalfSeconds) {
    EXPECT_TRUE(is_beep(tone(1400.0, 1490.0)));
    EXPECT_FALSE(is_beep(tone(1400.0, 1540.0)));
}

TEST(BeepLimits, SilenceSeparatesTwoBeeps) {
    const auto two = [](double pause_ms) {
        return beeps(joined({tone(1400.0, 300.0), silence(pause_ms), tone(1900.0, 300.0)}));
    };
    EXPECT_EQ(two(95.0), 1);
    EXPECT_EQ(two(130.0), 2);
}

TEST(BeepLimits, WhatIsBehindABeepIsMuchSofter) {
    const auto before_noise = [](double dbm0) {
        return is_beep(joined({tone(1400.0, 300.0), white_noise(sample_count(200.0, rate_hz), dbm0, 3)}));
    };
    EXPECT_FALSE(before_noise(-27.0));
    EXPECT_TRUE(before_noise(-29.5));
}

TEST(BeepLimits, ABeepHasLittleNoise) {
    EXPECT_TRUE(is_beep(tone(1400.0, 300.0), -29.0));
    EXPECT_FALSE(is_beep(tone(1400.0, 300.0), -27.0));
}

TEST(BeepLimits, WhereNoiseEndsWithABeepItWasAVoices) {
    EXPECT_TRUE(is_beep(noisy(tone(1400.0, 300.0), -34.0)));
    EXPECT_FALSE(is_beep(noisy(tone(1400.0, 300.0), -31.0)));
}

TEST(BeepLimits, ACleanBeepMayWaver) {
    const auto dipping = [](double db) {
        return is_beep(wavering(tone(1400.0, 200.0), {0.0, 0.0, db, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}));
    };
    EXPECT_TRUE(dipping(-8.0));
    EXPECT_FALSE(dipping(-10.0));
    const auto rising = [](double db) {
        return is_beep(wavering(tone(1400.0, 200.0), {0.0, 0.0, -2.0, 0.0, -2.0, db, -2.0, 0.0, -2.0, 0.0}));
    };
    EXPECT_TRUE(rising(3.0));
    EXPECT_FALSE(rising(4.5));
    const Signal steps = wavering(tone(1400.0, 200.0), {0.0, -1.5, 1.5, 0.0, -1.5, 1.5, 0.0, -1.5, 1.5, 0.0});
    EXPECT_TRUE(is_beep(steps, -38.0));
    EXPECT_FALSE(is_beep(steps, -34.0)) << "it is not clean";
    const auto stepping = [](double db) {
        return is_beep(wavering(tone(1400.0, 300.0), {0.0, 0.0, 0.0, db, db, db}), -30.0);
    };
    EXPECT_TRUE(stepping(-1.0)) << "not clean either";
    EXPECT_FALSE(stepping(-2.0));
}

TEST(BeepLimits, AWaveringBeepSoonAfterAWordIsLonger) {
    const auto behind_word = [](double pause_ms) {
        const Signal word = white_noise(sample_count(300.0, rate_hz), -15.0, 3);
        const Signal beep = wavering(tone(1400.0, 100.0), {0.0, -3.0, 1.0, -2.0, 0.0});
        return is_beep(joined({word, silence(pause_ms), beep}));
    };
    EXPECT_FALSE(behind_word(200.0));
    EXPECT_TRUE(behind_word(260.0));
}

TEST(BeepLimits, TwoTonesMayWaverLess) {
    const auto dipping = [](double db) {
        return is_beep(wavering(sines(300.0, {{950.0}, {1900.0}}), {0.0, 0.0, db, 0.0, 0.0}));
    };
    EXPECT_TRUE(dipping(-3.0));
    EXPECT_FALSE(dipping(-4.5));
    const Signal pair = wavering(sines(300.0, {{950.0}, {1900.0}}), {0.0, 0.0, -2.0, 1.0, -2.0});
    EXPECT_TRUE(is_beep(pair, -33.0));
    EXPECT_FALSE(is_beep(pair, -30.0)) << "it is not clean";
}

TEST(BeepLimits, TwoTonesLastForAnEighthOfASecond) {
    EXPECT_FALSE(is_beep(sines(108.0, {{950.0}, {1900.0}})));
    EXPECT_TRUE(is_beep(sines(122.0, {{950.0}, {1900.0}})));
}

TEST(BeepLimits, TwoTonesAreNotThoseOfCallProgress) {
    EXPECT_FALSE(is_beep(sines(500.0, {{400.0}, {900.0}})));
    EXPECT_TRUE(is_beep(sines(500.0, {{460.0}, {900.0}})));
}

TEST(BeepLimits, ASecondToneIsLouderThanTheNoise) {
    EXPECT_TRUE(is_beep(sines(400.0, {{950.0}, {1900.0, -25.0}}), -28.5));
    EXPECT_FALSE(is_beep(sines(400.0, {{950.0}, {1900.0, -28.0}}), -28.5));
}

TEST(BeepLimits, ABeepMayBeginALittleLower) {
    EXPECT_TRUE(is_beep(sliding(400.0, 600.0, 40.0)));
    EXPECT_FALSE(is_beep(sliding(330.0, 550.0, 30.0))) << "it begins as low as call progress";
}

TEST(BeepLimits, ABeepMayBeginWithACrackle) {
    const auto beep = [](double noisy_ms, double noise_dbm0, double clean_ms, double before_ms = 600.0) {
        return is_beep(joined({noisy(tone(1400.0, noisy_ms), noise_dbm0), tone(1400.0, clean_ms)}),
                       quiet_dbm0, before_ms);
    };
    EXPECT_TRUE(beep(15.0, -22.0, 400.0, 597.0));
    EXPECT_TRUE(beep(20.0, -26.0, 600.0));
    EXPECT_FALSE(beep(20.0, -20.0, 1300.0)) << "the more, the sooner it is given up, however long it lasts";
    EXPECT_FALSE(beep(20.0, -22.0, 600.0));
}

TEST(BeepLimits, WhatIsBeforeABeepIsMuchSofter) {
    const auto behind_noise = [](double dbm0) {
        const Signal noise = white_noise(sample_count(100.0, rate_hz), dbm0, 3);
        return is_beep(joined({noise, tone(1400.0, 300.0)}), quiet_dbm0, 600.0);
    };
    EXPECT_TRUE(behind_noise(-28.0));
    EXPECT_FALSE(behind_noise(-25.0));
}

TEST(BeepLimits, RightBehindAWordIsNoBeep) {
    const auto behind_word = [](double pause_ms) {
        const Signal word = white_noise(sample_count(100.0, rate_hz), -15.0, 3);
        return is_beep(joined({word, silence(pause_ms), tone(1400.0, 300.0)}), quiet_dbm0, 600.0);
    };
    EXPECT_FALSE(behind_word(50.0));
    EXPECT_TRUE(behind_word(80.0));
}

TEST(BeepLimits, TwoTonesSoundNearlyAllTheTime) {
    const auto joined_later = [](double later_ms) {
        return is_beep(
            joined({tone(950.0, later_ms), sines(400.0 - later_ms, {{950.0, -18.0}, {1300.0, -18.0}})}));
    };
    EXPECT_TRUE(joined_later(40.0));
    EXPECT_FALSE(joined_later(120.0));
    EXPECT_FALSE(joined_later(280.0));
}

TEST(BeepLimits, OneToneThatFadesIntoAnotherIsNoPair) {
    EXPECT_TRUE(is_beep(fading(950.0, 1900.0, 25.0, 65.0)));
    EXPECT_FALSE(is_beep(fading(950.0, 1900.0, 10.0, 80.0)));
}

TEST(BeepLimits, OvertonesAreNoNoiseOfALine) {
    EXPECT_FALSE(is_beep(sines(100.0, {{800.0}, {1200.0, -37.0}, {1800.0, -37.0}})));
    EXPECT_FALSE(is_beep(sines(100.0, {{1400.0}, {300.0, -37.0}, {600.0, -37.0}})));
    EXPECT_TRUE(is_beep(tone(1400.0, 100.0), -33.0)) << "noise";
    EXPECT_TRUE(is_beep(sines(
        300.0,
        {{1000.0}, {2011.0, -37.1}, {2194.0, -35.5}, {2585.0, -36.8}, {1346.0, -39.9}, {3099.0, -41.5}})))
        << "nearly noise";
}

TEST(BeepLimits, ABeepMayHaveASecondSofterTone) {
    EXPECT_TRUE(is_beep(sines(300.0, {{2100.0}, {3481.0, -32.7}})));
    EXPECT_TRUE(is_beep(sines(300.0, {{1000.0}, {1893.0, -36.8}, {1052.0, -35.7}, {568.0, -37.8}})));
}

TEST(BeepLimits, NoKeyIsABeep) {
    for (const double low_hz : {697.0, 770.0, 852.0, 941.0}) {
        for (const double high_hz : {1209.0, 1336.0, 1477.0, 1633.0}) {
            for (const double offset : {0.982, 1.0, 1.018}) {
                for (const double softer_db : {0.0, 9.0}) {
                    const double low = low_hz * offset;
                    const double high = high_hz * offset;
                    EXPECT_FALSE(is_beep(sines(200.0, {{low, -15.0 - softer_db}, {high}})))
                        << low << ' ' << high;
                    EXPECT_FALSE(is_beep(sines(200.0, {{low}, {high, -15.0 - softer_db}})))
                        << low << ' ' << high;
                }
                EXPECT_FALSE(is_beep(sines(200.0, {{low_hz * offset}, {high_hz * offset}}), -34.0))
                    << low_hz << ' ' << high_hz << " in noise";
            }
        }
    }
}

TEST(BeepLimits, NoKeyIsABeepHoweverSoftOneOfItsTonesIs) {
    EXPECT_FALSE(is_beep(sines(200.0, {{709.5, -27.0}, {1360.0}})));
    EXPECT_FALSE(is_beep(sines(200.0, {{867.3, -27.0}, {1503.6}})));
    EXPECT_FALSE(is_beep(sines(200.0, {{709.5, -29.0}, {1230.8}})));
    EXPECT_FALSE(is_beep(sines(200.0, {{957.9, -29.0}, {1230.8}})));
}

TEST(BeepLimits, TwoTonesBesideThoseOfAKeyAreABeep) {
    EXPECT_TRUE(is_beep(sines(300.0, {{860.0, -29.0}, {1436.0}}), -40.0));
    EXPECT_TRUE(is_beep(sines(300.0, {{741.0, -29.0}, {1560.0}})));
    EXPECT_TRUE(is_beep(sines(300.0, {{830.0, -23.0}, {1683.0}})));
    EXPECT_TRUE(is_beep(sines(300.0, {{733.0}, {1150.0, -29.0}}), -40.0));
}

} // namespace
} // namespace keytone::test
