// SPDX-License-Identifier: MIT
//
// Each limit of a LineListener from both sides, at 8 kHz and without a BeepListener beside it.
#include "dsp/listener/line_listener.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace keytone::test {
namespace {

using Kind = LineEvent::Kind;

struct Heard {
    std::vector<LineEvent> events;
    LineListener listener{*SampleRate::from_hz(rate_hz)};

    [[nodiscard]] std::size_t count(Kind kind) const {
        return static_cast<std::size_t>(std::ranges::count(events, kind, &LineEvent::kind));
    }
};

/// 600 ms of silence, the sound, and silence behind it, over noise.
Heard hear(const Signal& sound, double behind_ms = 1000.0, double noise_dbm0 = -70.0) {
    Signal line(sample_count(600.0, rate_hz));
    append(line, sound);
    append_silence(line, sample_count(behind_ms, rate_hz));
    mix_into(line, white_noise(line.size(), noise_dbm0, 5), 0);
    Heard heard;
    heard.listener.process(to_pcm16(line), [&](const LineEvent& event) { heard.events.push_back(event); });
    return heard;
}

std::size_t beeps(const Signal& sound, double behind_ms = 1000.0, double noise_dbm0 = -70.0) {
    return hear(sound, behind_ms, noise_dbm0).count(Kind::beep_ended);
}

std::size_t dial_tones(const Signal& sound) {
    return hear(sound).count(Kind::dial_tone);
}

/// A tone whose level changes every `step_ms` by so much, down and up again.
Signal stepping(double hz, double ms, double step_ms, double change_db) {
    Signal signal = tone(hz, ms);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const bool is_low = n / sample_count(step_ms, rate_hz) % 2 == 1;
        signal[n] *= is_low ? std::pow(10.0, -change_db / 20.0) : 1.0;
    }
    return signal;
}

// Dial tones.

TEST(LineRules, ADialTonesFrequencyIsThatOfOne) {
    EXPECT_EQ(dial_tones(tone(425.0, 3000.0)), 1U);
    EXPECT_EQ(dial_tones(tone(375.0, 3000.0)), 0U);
    EXPECT_EQ(dial_tones(tone(470.0, 3000.0)), 0U);
}

TEST(LineRules, ADialTonesLevelStays) {
    EXPECT_EQ(dial_tones(stepping(425.0, 3500.0, 200.0, 0.8)), 1U);
    EXPECT_EQ(dial_tones(stepping(425.0, 3500.0, 200.0, 1.4)), 0U);
}

// Beeps.

TEST(LineRules, ABeepsFrequencyIsThatOfOne) {
    EXPECT_EQ(beeps(tone(360.0, 300.0)), 1U);
    EXPECT_EQ(beeps(tone(335.0, 300.0)), 0U);
    EXPECT_EQ(beeps(tone(2180.0, 300.0)), 1U);
    EXPECT_EQ(beeps(tone(2300.0, 300.0)), 0U);
}

TEST(LineRules, ABeepIsClean) {
    EXPECT_EQ(beeps(tone(1000.0, 300.0), 1000.0, -34.0), 1U);
    EXPECT_EQ(beeps(tone(1000.0, 300.0), 1000.0, -28.5), 0U);
}

TEST(LineRules, ABeepsLevelStays) {
    EXPECT_EQ(beeps(stepping(1000.0, 300.0, 30.0, 0.8)), 1U);
    EXPECT_EQ(beeps(stepping(1000.0, 300.0, 30.0, 1.4)), 0U);
}

TEST(LineRules, BehindABeepItIsQuiet) {
    EXPECT_EQ(beeps(joined({tone(1000.0, 300.0), silence(70.0), tone(1900.0, 2000.0)})), 0U) << "too soon";
    EXPECT_EQ(beeps(joined({tone(1000.0, 300.0), silence(150.0), tone(1900.0, 2000.0)})), 1U);
    const auto echoed = [](double dbm0) {
        const Signal echo = white_noise(sample_count(200.0, rate_hz), dbm0, 3);
        return beeps(joined({tone(1000.0, 300.0), echo}));
    };
    EXPECT_EQ(echoed(-25.0), 0U);
    EXPECT_EQ(echoed(-28.5), 1U);
}

TEST(LineRules, TheSameToneSoonAfterIsACadence) {
    EXPECT_EQ(beeps(joined({tone(1000.0, 300.0), silence(5000.0), tone(1000.0, 900.0)})), 1U);
    EXPECT_EQ(beeps(joined({tone(1000.0, 300.0), silence(9000.0), tone(1000.0, 900.0)})), 2U);
}

TEST(LineRules, TheSameToneLaterIsAReminder) {
    const auto again = [](double after_ms, double ms, double hz) {
        return beeps(joined({tone(1000.0, 300.0), silence(after_ms), tone(hz, ms)}));
    };
    EXPECT_EQ(again(25'000.0, 300.0, 1000.0), 1U);
    EXPECT_EQ(again(45'000.0, 300.0, 1000.0), 2U);
    EXPECT_EQ(again(12'000.0, 360.0, 1000.0), 1U) << "about as long";
    EXPECT_EQ(again(12'000.0, 500.0, 1000.0), 2U) << "another length";
    EXPECT_EQ(again(12'000.0, 300.0, 1200.0), 2U) << "another pitch";
}

TEST(LineRules, WhatMayBeCallProgressIsABeepOnlyLater) {
    const auto wait_ms = [](double hz) {
        const Heard heard = hear(tone(hz, 300.0), 9000.0);
        for (const LineEvent& event : heard.events) {
            if (event.kind == Kind::beep_ended) {
                return 1000.0 * static_cast<double>(event.known - event.at) / rate_hz;
            }
        }
        return -1.0;
    };
    EXPECT_GT(wait_ms(390.0), 6500.0);
    EXPECT_GT(wait_ms(510.0), 6500.0);
    EXPECT_LT(wait_ms(550.0), 200.0);
    EXPECT_GT(wait_ms(550.0), 0.0);
}

// Noise.

TEST(LineRules, LoudNoiseIsSound) {
    const auto ends = [](double dbm0) {
        return hear(white_noise(sample_count(4000.0, rate_hz), dbm0, 3), 0.0).count(Kind::sound_ended);
    };
    EXPECT_EQ(ends(-28.0), 1U) << "a loud place";
    EXPECT_EQ(ends(-18.0), 0U);
}

// Call progress.

TEST(LineRules, ThePausesOfCallProgressAreNoQuiet) {
    const auto is_quiet = [](double burst_ms, double pause_ms) {
        const Heard heard = hear(tone(440.0, burst_ms), pause_ms);
        const auto since = heard.listener.quiet_since();
        return since && *since <= heard.listener.heard_to();
    };
    EXPECT_FALSE(is_quiet(1000.0, 5500.0)) << "ringing pauses";
    EXPECT_TRUE(is_quiet(1000.0, 6500.0)) << "it has stopped";
    EXPECT_FALSE(is_quiet(2700.0, 3000.0)) << "a long burst";
    EXPECT_TRUE(is_quiet(3300.0, 3000.0)) << "a dial tone";
}

// Words.

TEST(LineRules, APauseSeparatesWordsFromRinging) {
    const auto words_begin_ms = [](double pause_ms) {
        const Signal words = white_noise(sample_count(400.0, rate_hz), -18.0, 3);
        const Heard heard = hear(joined({tone(440.0, 1000.0), silence(pause_ms), words}));
        const auto last = heard.listener.last_words();
        return last ? 1000.0 * static_cast<double>(last->begin) / rate_hz : -1.0;
    };
    EXPECT_NEAR(words_begin_ms(150.0), 600.0 + 1000.0 + 150.0, 20.0);
    EXPECT_EQ(words_begin_ms(70.0), -1.0) << "less is within one sound, most of which is a tone";
}

} // namespace
} // namespace keytone::test
