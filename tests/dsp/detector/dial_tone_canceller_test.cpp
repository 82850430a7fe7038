// SPDX-License-Identifier: MIT
#include "dsp/detector/dial_tone_canceller.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace keytone {
namespace {

using test::append;
using test::append_silence;
using test::KeyPress;
using test::level_dbm0;
using test::mix_into;
using test::Signal;

constexpr int rate_hz = 8000;

Signal sine(double hz, double dbm0, double seconds) {
    Signal signal(static_cast<std::size_t>(seconds * rate_hz));
    const double peak = std::pow(10.0, (dbm0 - test::full_scale_sine_dbm0) / 20.0);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] = peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(n) / rate_hz + 0.7);
    }
    return signal;
}

Signal sum(Signal one, const Signal& other) {
    mix_into(one, other, 0);
    return one;
}

/// What the canceller leaves of a sound, and from which sub-block on it cancelled; -1 if never.
struct Left {
    Signal signal;
    int since = -1;
    bool to_the_end = false;
};

Left cancelled(const Signal& signal) {
    DialToneCanceller canceller;
    ToneTracker tracker;
    std::vector<std::int16_t> samples = test::to_pcm16(signal);
    Left left;
    for (std::size_t at = 0; at + sub_block_size <= samples.size(); at += sub_block_size) {
        const std::span<std::int16_t, sub_block_size> sub_block(samples.data() + at, sub_block_size);
        canceller.cancel(sub_block, false);
        tracker.push(sub_block, false, canceller.knows_one() && !canceller.is_cancelling());
        canceller.look_back(tracker);
        if (canceller.look_for(tracker)) {
            left.since = static_cast<int>(at / sub_block_size);
        }
    }
    left.to_the_end = canceller.is_cancelling();
    left.signal = test::from_pcm16(samples);
    return left;
}

double last_100_ms_dbm0(const Signal& signal) {
    return level_dbm0(std::span(signal).last(800));
}

TEST(DialToneCanceller, TakesTheDialTonesOfTheWorldOut) {
    const Signal pair = sum(sine(350, -13, 1.0), sine(440, -13, 1.0));
    for (const Signal& tone : {pair, sine(400, -10, 1.0), sine(425, -10, 1.0), sine(450, -10, 1.0)}) {
        const Left left = cancelled(tone);
        EXPECT_EQ(left.since, 5); // 30 ms, the earliest, as the tone begins at the first sample
        EXPECT_LT(last_100_ms_dbm0(left.signal), -75.0);
    }
}

TEST(DialToneCanceller, FollowsAFrequencyThatIsOffAndNoise) {
    for (const double off : {-1.5, 1.5}) {
        Signal tone = sum(sine(350 * (1 + off / 100), -13, 2.0), sine(440 * (1 + off / 100), -10, 2.0));
        tone = sum(std::move(tone), test::white_noise(tone.size(), -45, 1));
        const Left left = cancelled(tone);
        EXPECT_TRUE(left.to_the_end) << off;
        EXPECT_LT(last_100_ms_dbm0(left.signal), -42.0) << off;
    }
}

TEST(DialToneCanceller, LeavesKeysAsTheyAre) {
    const Signal dial = sum(sine(350, -13, 1.0), sine(440, -13, 1.0));
    const Signal key = test::sound({.key = '1', .tone_ms = 400, .low_dbm0 = -25, .high_dbm0 = -25}, rate_hz);
    Signal both = dial;
    mix_into(both, key, 4000);
    Left left = cancelled(both);
    for (std::size_t n = 0; n < key.size(); ++n) {
        left.signal[4000 + n] -= key[n];
    }
    EXPECT_LT(level_dbm0(std::span(left.signal).subspan(4000, key.size())), -45.0);
}

TEST(DialToneCanceller, LetsGoWhenTheToneIsOver) {
    Signal tone = sine(425, -10, 0.5);
    append_silence(tone, 1200);
    const Left left = cancelled(tone);
    EXPECT_FALSE(left.to_the_end);
    EXPECT_TRUE(std::isinf(last_100_ms_dbm0(left.signal)) || last_100_ms_dbm0(left.signal) < -90.0);
}

TEST(DialToneCanceller, LeavesOtherTonesAlone) {
    // Ringing and busy tones of North America, and sounds that are no call progress tones.
    for (const Signal& tone :
         {sum(sine(440, -13, 1.0), sine(480, -13, 1.0)), sum(sine(480, -13, 1.0), sine(620, -13, 1.0)),
          sine(300, -10, 1.0), sine(500, -10, 1.0), sine(1000, -10, 1.0), test::white_noise(8000, -13, 2)}) {
        EXPECT_EQ(cancelled(tone).since, -1);
    }
}

TEST(DialToneCanceller, LetsTheDetectorHearKeysUnderADialTone) {
    for (const double over_db : {-6.0, 0.0, 6.0, 12.0, 15.0}) {
        Signal line;
        append_silence(line, 1600);
        for (const char key : test::all_keys) {
            append(line,
                   test::sound({.key = key, .tone_ms = 50, .low_dbm0 = -25, .high_dbm0 = -25}, rate_hz));
            append_silence(line, 400);
        }
        append_silence(line, 1600);
        const double seconds = static_cast<double>(line.size()) / rate_hz;
        mix_into(line, sine(350, -25 + over_db, seconds), 0);
        mix_into(line, sine(440, -25 + over_db, seconds), 0);
        const auto keys = test::hear(test::to_pcm16(line), rate_hz);
        EXPECT_EQ(test::digits(keys), test::all_keys) << over_db;
        for (const auto& key : keys) {
            EXPECT_NEAR(key.duration_s, 0.050, 0.002) << over_db;
            EXPECT_NEAR(key.low_dbm0, -25.0, 0.5) << over_db;
        }
    }
}

/// A line with all keys, each for 50 ms, and a dial tone that sounds in the milliseconds for which `is_on`
/// returns true.
struct KeysAndTone {
    double pause_ms = 50.0;
    std::vector<double> hz{350, 440};
    double over_db = 9.0; ///< Level of each dial tone over a key's tones.
};

template <class IsOn>
std::string heard_over(const KeysAndTone& line, IsOn is_on) {
    Signal signal;
    for (const char key : test::all_keys) {
        append(signal, test::sound({.key = key, .tone_ms = 50, .low_dbm0 = -25, .high_dbm0 = -25}, rate_hz));
        append_silence(signal, test::sample_count(line.pause_ms, rate_hz));
    }
    append_silence(signal, 1600);
    for (const double hz : line.hz) {
        Signal tone = sine(hz, -25 + line.over_db, static_cast<double>(signal.size()) / rate_hz);
        for (std::size_t n = 0; n < tone.size(); ++n) {
            tone[n] = is_on(1000.0 * static_cast<double>(n) / rate_hz) ? tone[n] : 0.0;
        }
        mix_into(signal, tone, 0);
    }
    return test::digits(test::hear(test::to_pcm16(signal), rate_hz));
}

// The first key may be missed, as nothing is known of the dial tone yet.
bool all_but_perhaps_the_first(const std::string& heard) {
    return heard == test::all_keys || heard == test::all_keys.substr(1);
}

TEST(DialToneCanceller, LearnsADialToneInThePauseBehindTheFirstKey) {
    for (const double over_db : {0.0, 5.0, 12.0}) {
        for (const double pause_ms : {46.0, 50.0, 57.5, 80.0}) {
            const auto heard =
                heard_over({.pause_ms = pause_ms, .over_db = over_db}, [](double) { return true; });
            EXPECT_PRED1(all_but_perhaps_the_first, heard) << over_db << " dB, " << pause_ms << " ms";
        }
    }
}

TEST(DialToneCanceller, CatchesADialToneAgainWithinItsCadence) {
    for (const double off_ms : {110.0, 333.0, 1000.0}) {
        for (const double over_db : {0.0, 5.0, 12.0}) {
            const auto heard = heard_over({.hz = {425}, .over_db = over_db},
                                          [&](double ms) { return std::fmod(ms, 170.0 + off_ms) < 170.0; });
            EXPECT_PRED1(all_but_perhaps_the_first, heard) << off_ms << " ms off, " << over_db << " dB";
        }
    }
}

TEST(DialToneCanceller, LeavesNothingBehindWhereADialToneStopsWithinAKey) {
    for (double stop_ms = 400.0; stop_ms < 500.0; stop_ms += 3.7) {
        const auto heard = heard_over({.over_db = 12}, [&](double ms) { return ms < stop_ms; });
        EXPECT_PRED1(all_but_perhaps_the_first, heard) << stop_ms;
    }
}

} // namespace
} // namespace keytone
