// SPDX-License-Identifier: MIT
//
// How exactly call progress has to be that of a country: each limit from both sides, by what a
// ProgressListener reports at 8 kHz.
#include "dsp/listener/cadence.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;
constexpr double lead_ms = 500.0;
using Events = std::vector<ProgressEvent>;

Events events(const Signal& signal, const char* country, double noise_dbm0 = -55.0) {
    Signal line(sample_count(lead_ms, rate_hz));
    append(line, signal);
    append_silence(line, sample_count(6000.0, rate_hz));
    mix_into(line, white_noise(line.size(), noise_dbm0, 7), 0);
    LineListener listener(*SampleRate::from_hz(rate_hz));
    ProgressListener progress(*SampleRate::from_hz(rate_hz), {}, *Country::from_code(country));
    Events all;
    listener.process(
        to_pcm16(line), [](const LineEvent&) {},
        [&](const LineFront::Frame& frame) {
            progress.hear(frame, [&](const ProgressEvent& event) { all.push_back(event); });
        });
    return all;
}

/// What began.
std::string heard(const Signal& signal, const char* country, double noise_dbm0 = -55.0) {
    std::string all;
    for (const ProgressEvent& event : events(signal, country, noise_dbm0)) {
        if (event.kind == ProgressEvent::Kind::began) {
            all += (all.empty() ? "" : " ") + std::string(name_of(event.tone));
        }
    }
    return all;
}

/// Milliseconds behind the first sample of the signal.
double ms(SampleIndex at) {
    return 1000.0 * static_cast<double>(at) / rate_hz - lead_ms;
}

/// Sines, each softer than the first by so much.
Signal tones(const std::vector<double>& hz, double length_ms, const std::vector<double>& softer_db = {}) {
    Signal signal(sample_count(length_ms, rate_hz));
    for (std::size_t i = 0; i < hz.size(); ++i) {
        const double below_db = i < softer_db.size() ? softer_db[i] : 0.0;
        const double peak = std::pow(10.0, (-15.0 - below_db - full_scale_sine_dbm0) / 20.0);
        for (std::size_t n = 0; n < signal.size(); ++n) {
            signal[n] += peak * std::sin(2.0 * std::numbers::pi * hz[i] * static_cast<double>(n) / rate_hz);
        }
    }
    return signal;
}

Signal silence(double length_ms) {
    return Signal(sample_count(length_ms, rate_hz));
}

/// Bursts of that length, with as long pauses, of these frequencies in turn.
Signal even(const std::vector<double>& in_turn, double length_ms, int count = 6) {
    Signal signal;
    for (int i = 0; i < count; ++i) {
        append(signal, tones({in_turn[static_cast<std::size_t>(i) % in_turn.size()]}, length_ms));
        append(signal, silence(length_ms));
    }
    return signal;
}

// Germany's busy tone has 425 Hz, 480 ms each.

TEST(Cadence, TheFrequencyIsTheCountrys) {
    EXPECT_EQ(heard(even({433.0}, 480.0), "de"), "busy");
    EXPECT_EQ(heard(even({436.0}, 480.0), "de"), "");
}

TEST(Cadence, BurstsAreAsLongAsTheCountrys) {
    EXPECT_EQ(heard(even({425.0}, 565.0), "de"), "busy");
    EXPECT_EQ(heard(even({425.0}, 590.0), "de"), "");
    EXPECT_EQ(heard(even({425.0}, 395.0), "de"), "busy");
    EXPECT_EQ(heard(even({425.0}, 370.0), "de"), "");
}

TEST(Cadence, BurstsAreOfOneTone) {
    EXPECT_EQ(heard(even({421.0, 428.0}, 480.0), "de"), "busy");
    EXPECT_EQ(heard(even({417.0, 428.5}, 480.0), "de"), "");
}

TEST(Cadence, NoiseIsNoTone) {
    EXPECT_EQ(heard(even({425.0}, 480.0), "de", -28.0), "busy");
    EXPECT_EQ(heard(even({425.0}, 480.0), "de", -23.0), "");
}

/// Two bursts of 2 s, or of 1 s.
Signal ringing(const Signal& burst, double pause_ms) {
    Signal signal;
    for (int i = 0; i < 2; ++i) {
        append(signal, burst);
        append(signal, silence(pause_ms));
    }
    return signal;
}

TEST(Cadence, BothTonesOfAPairAreAboutAsLoud) {
    const auto pair = [](double softer_db) {
        return heard(ringing(tones({440.0, 480.0}, 2000.0, {0.0, softer_db}), 4000.0), "us");
    };
    EXPECT_EQ(pair(8.0), "ringback");
    EXPECT_EQ(pair(12.0), "");
}

TEST(Cadence, AThirdToneIsNoneIfItIsSoft) {
    const auto three = [](double softer_db) {
        return heard(ringing(tones({440.0, 480.0, 560.0}, 2000.0, {0.0, 0.0, softer_db}), 4000.0), "us");
    };
    EXPECT_EQ(three(8.0), "ringback");
    EXPECT_EQ(three(4.5), "");
}

TEST(Cadence, AModulatedToneIsEven) {
    const auto modulated = [](double below_hz, double above_hz, double softer_db) {
        return heard(
            ringing(tones({400.0, 400.0 - below_hz, 400.0 + above_hz}, 1000.0, {0.0, 3.0, softer_db}),
                    2000.0),
            "jp");
    };
    EXPECT_EQ(modulated(16.0, 16.0, 3.0), "ringback");
    EXPECT_EQ(modulated(16.0, 16.0, 7.5), "ringback");
    EXPECT_EQ(modulated(16.0, 16.0, 9.8), "") << "one side is softer";
    EXPECT_EQ(modulated(14.0, 18.5, 3.0), "ringback");
    EXPECT_EQ(modulated(12.0, 21.0, 3.0), "") << "one side is further away";
    EXPECT_EQ(modulated(30.0, 30.0, 3.0), "") << "too fast";
}

TEST(Cadence, OneCycleOfARingbackIsLessCertainThanTwoBursts) {
    Signal signal = tones({425.0}, 1000.0);
    append(signal, silence(4000.0));
    const Events ringing = events(signal, "de");
    ASSERT_FALSE(ringing.empty());
    EXPECT_GT(ringing[0].certainty, 0.6);
    EXPECT_LE(ringing[0].certainty, 0.8);
    const Events busy = events(even({425.0}, 480.0), "de");
    ASSERT_FALSE(busy.empty());
    EXPECT_GT(busy[0].certainty, 0.9);
}

TEST(Cadence, HasEndedWhenItsLongestPauseIsOver) {
    Signal signal = tones({425.0}, 1000.0);
    append(signal, silence(4000.0));
    append(signal, tones({425.0}, 1000.0));
    const Events all = events(signal, "de");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_NEAR(ms(all[1].at), 6000.0, 15.0);
    const double longest_ms = 4000.0 * 1.15 + 22.0;
    EXPECT_NEAR(ms(all[1].known), 6000.0 + longest_ms + 100.0, 30.0);
}

/// Where a ringback begins whose first pause holds noise.
double begin_ms(double noise_ms, double noise_dbm0) {
    Signal signal = tones({425.0}, 1000.0);
    append(signal, silence(1500.0));
    append(signal, white_noise(sample_count(noise_ms, rate_hz), noise_dbm0, 3));
    append(signal, silence(2500.0 - noise_ms));
    append(signal, tones({425.0}, 1000.0));
    append(signal, silence(4000.0));
    const Events all = events(signal, "de");
    return all.empty() ? -1.0 : ms(all[0].at);
}

TEST(Cadence, OtherSoundInAPauseEndsIt) {
    EXPECT_NEAR(begin_ms(150.0, -15.0), 5000.0, 15.0) << "a word";
    EXPECT_NEAR(begin_ms(40.0, -15.0), 0.0, 15.0) << "a click";
    EXPECT_NEAR(begin_ms(500.0, -25.3), 5000.0, 15.0) << "a soft voice";
    EXPECT_NEAR(begin_ms(500.0, -28.7), 0.0, 15.0) << "the line's noise";
}

// Dial tones.

TEST(Cadence, ALostFrameIsNoPauseOfADialTone) {
    Signal signal = tones({400.0}, 340.0);
    append(signal, silence(10.0));
    append(signal, tones({400.0}, 340.0));
    EXPECT_EQ(heard(signal, "nz"), "dial");
}

TEST(Cadence, ShortPausesArePausesOfASingleTone) {
    Signal signal;
    for (int i = 0; i < 4; ++i) {
        append(signal, tones({425.0}, 400.0));
        append(signal, silence(30.0));
    }
    EXPECT_EQ(heard(signal, "ru"), "second_dial");
}

TEST(Cadence, APauseOf50MillisecondsEndsAPair) {
    Signal signal;
    for (int i = 0; i < 5; ++i) {
        append(signal, tones({350.0, 440.0}, 400.0));
        append(signal, silence(50.0));
    }
    EXPECT_EQ(heard(signal, "us"), "");
    EXPECT_EQ(heard(tones({350.0, 440.0}, 800.0), "us"), "dial");
}

TEST(Cadence, ThreeShortBurstsComeBeforeASecondDialTone) {
    const auto dial = [](int bursts, double burst_ms) {
        Signal signal;
        for (int i = 0; i < bursts; ++i) {
            append(signal, tones({350.0, 440.0}, burst_ms));
            append(signal, silence(burst_ms));
        }
        append(signal, tones({350.0, 440.0}, 1500.0));
        return heard(signal, "us");
    };
    EXPECT_EQ(dial(3, 200.0), "second_dial");
    EXPECT_EQ(dial(1, 200.0), "dial");
    EXPECT_EQ(dial(2, 200.0), "dial");
    EXPECT_EQ(dial(3, 330.0), "dial");
}

} // namespace
} // namespace keytone::test
