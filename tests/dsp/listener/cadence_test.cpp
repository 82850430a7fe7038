// SPDX-License-Identifier: MIT
//
// How exactly call progress has to be that of a country: each limit from both sides, by what a
// ProgressListener reports at 8 kHz.
#include "dsp/listener/cadence.hpp"
#include "tests/dsp/listener/progress_events.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr double lead_ms = 500.0;
using Events = std::vector<ProgressEvent>;

Events events(const Signal& signal, const char* country, double noise_dbm0 = -55.0) {
    return progress_events(joined({silence(lead_ms), signal, silence(6000.0)}), noise_dbm0, country);
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
    EXPECT_EQ(heard(even({415.5}, 480.0), "de"), "");
    EXPECT_EQ(heard(even({417.5}, 480.0), "de"), "busy");
    EXPECT_EQ(heard(even({433.0}, 480.0), "de"), "busy");
    EXPECT_EQ(heard(even({434.6}, 480.0), "de"), "");
}

TEST(Cadence, BurstsAreAsLongAsTheCountrys) {
    EXPECT_EQ(heard(even({425.0}, 570.0), "de"), "busy");
    EXPECT_EQ(heard(even({425.0}, 578.0), "de"), "");
    EXPECT_EQ(heard(even({425.0}, 390.0), "de"), "busy");
    EXPECT_EQ(heard(even({425.0}, 383.0), "de"), "");
}

TEST(Cadence, BurstsAreOfOneTone) {
    EXPECT_EQ(heard(even({421.0, 429.0}, 480.0), "de"), "busy");
    EXPECT_EQ(heard(even({420.0, 430.0}, 480.0), "de"), "");
}

TEST(Cadence, NoiseIsNoTone) {
    EXPECT_EQ(heard(even({425.0}, 480.0), "de", -28.0), "busy");
    EXPECT_EQ(heard(even({425.0}, 480.0), "de", -23.0), "");
    const auto in_bursts = [](double noise_dbm0) {
        Signal signal;
        for (int i = 0; i < 6; ++i) {
            Signal burst = tones({425.0}, 480.0);
            mix_into(burst, white_noise(burst.size(), noise_dbm0, 3), 0);
            append(signal, burst);
            append(signal, silence(480.0));
        }
        return heard(signal, "de");
    };
    EXPECT_EQ(in_bursts(-27.0), "busy");
    EXPECT_EQ(in_bursts(-25.5), "");
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
    EXPECT_EQ(pair(9.3), "ringback");
    EXPECT_EQ(pair(10.7), "");
}

TEST(Cadence, AThirdToneIsNoneIfItIsSoft) {
    const auto three = [](double softer_db) {
        return heard(ringing(tones({440.0, 480.0, 560.0}, 2000.0, {0.0, 0.0, softer_db}), 4000.0), "us");
    };
    EXPECT_EQ(three(7.0), "ringback");
    EXPECT_EQ(three(5.5), "");
}

TEST(Cadence, AModulatedToneIsEven) {
    const auto modulated = [](double below_hz, double above_hz, double softer_db) {
        return heard(
            ringing(tones({400.0, 400.0 - below_hz, 400.0 + above_hz}, 1000.0, {0.0, 3.0, softer_db}),
                    2000.0),
            "jp");
    };
    EXPECT_EQ(modulated(16.0, 16.0, 3.0), "ringback");
    EXPECT_EQ(modulated(16.0, 16.0, 8.7), "ringback");
    EXPECT_EQ(modulated(16.0, 16.0, 9.8), "") << "one side is softer";
    EXPECT_EQ(modulated(14.0, 18.5, 3.0), "ringback");
    EXPECT_EQ(modulated(12.0, 21.0, 3.0), "") << "one side is further away";
    EXPECT_EQ(modulated(30.0, 30.0, 3.0), "") << "too fast";
    EXPECT_EQ(modulated(20.0, 20.0, 3.0), "ringback");
    EXPECT_EQ(modulated(21.7, 21.7, 3.0), "") << "a little too fast";
}

TEST(Cadence, AModulatedToneIsLoudestInTheMiddle) {
    EXPECT_EQ(heard(ringing(tones({384.0, 400.0, 416.0}, 1000.0, {3.0, 0.0, 3.0}), 2000.0), "jp"),
              "ringback");
    EXPECT_EQ(heard(ringing(tones({384.0, 400.0, 416.0}, 1000.0, {0.0, 4.0, 8.0}), 2000.0), "jp"), "");
}

TEST(Cadence, AModulatedTonesSidesAreAsFarFromIt) {
    const auto modulated = [](double below_hz, double above_hz) {
        Signal signal;
        const Signal burst = tones({400.0, 400.0 - below_hz, 400.0 + above_hz}, 400.0, {0.0, 3.0, 3.0});
        for (int i = 0; i < 4; ++i) {
            append(signal, burst);
            append(signal, silence(i % 2 == 0 ? 200.0 : 2000.0));
        }
        return heard(signal, "za");
    };
    EXPECT_EQ(modulated(33.0, 33.0), "ringback");
    EXPECT_EQ(modulated(29.5, 37.0), "");
}

/// 1 s of 400 Hz, modulated by a frequency that changes halfway.
std::string changing(double first_hz, double then_hz) {
    Signal burst = tones({400.0}, 1000.0);
    double turns = 0.0;
    for (std::size_t n = 0; n < burst.size(); ++n) {
        burst[n] *= 1.0 + 0.8 * std::sin(2.0 * std::numbers::pi * turns);
        turns += (n < burst.size() / 2 ? first_hz : then_hz) / rate_hz;
    }
    return heard(ringing(burst, 2000.0), "jp");
}

TEST(Cadence, AModulatedToneKeepsItsModulation) {
    EXPECT_EQ(changing(14.0, 30.0), "ringback");
    EXPECT_EQ(changing(16.0, 45.0), "");
}

TEST(Cadence, TheModulationIsTheSameFromBurstToBurst) {
    const auto in_turn = [](double first_hz, double second_hz) {
        Signal signal;
        for (int i = 0; i < 6; ++i) {
            const double by_hz = i % 2 == 0 ? first_hz : second_hz;
            append(signal, tones({400.0, 400.0 - by_hz, 400.0 + by_hz}, 400.0, {0.0, 3.0, 3.0}));
            append(signal, silence(i % 2 == 0 ? 200.0 : 2000.0));
        }
        return heard(signal, "za");
    };
    EXPECT_EQ(in_turn(30.5, 35.5), "ringback");
    EXPECT_EQ(in_turn(28.6, 37.4), "");
}

/// A burst of 1 s that glides from one frequency to the other, or whose level changes halfway.
Signal changing_burst(double from_hz, double to_hz, double louder_db) {
    Signal burst(sample_count(1000.0, rate_hz));
    double turns = 0.0;
    for (std::size_t n = 0; n < burst.size(); ++n) {
        const double part = static_cast<double>(n) / static_cast<double>(burst.size());
        turns += (from_hz + (to_hz - from_hz) * part) / rate_hz;
        burst[n] = 0.1 * std::sin(2.0 * std::numbers::pi * turns);
        burst[n] *= part < 0.5 ? 1.0 : std::pow(10.0, louder_db / 20.0);
    }
    return burst;
}

TEST(Cadence, ATonesFrequencyAndLevelStay) {
    EXPECT_EQ(heard(ringing(changing_burst(422.8, 427.2, 0.0), 4000.0), "de"), "ringback");
    EXPECT_EQ(heard(ringing(changing_burst(421.7, 428.3, 0.0), 4000.0), "de"), "");
    EXPECT_EQ(heard(ringing(changing_burst(425.0, 425.0, 1.7), 4000.0), "de"), "ringback");
    EXPECT_EQ(heard(ringing(changing_burst(425.0, 425.0, 2.5), 4000.0), "de"), "");
}

TEST(Cadence, OneCycleOfARingbackIsLessCertainThanTwoBursts) {
    const Events ringing = events(joined({tones({425.0}, 1000.0), silence(4000.0)}), "de");
    ASSERT_FALSE(ringing.empty());
    EXPECT_GT(ringing[0].certainty, 0.6);
    EXPECT_LE(ringing[0].certainty, 0.8);
    const Events busy = events(even({425.0}, 480.0), "de");
    ASSERT_FALSE(busy.empty());
    EXPECT_GT(busy[0].certainty, 0.9);
}

TEST(Cadence, HasEndedWhenItsLongestPauseIsOver) {
    const Signal burst = tones({425.0}, 1000.0);
    const Events all = events(joined({burst, silence(4000.0), burst}), "de");
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

// Ringing was told in its first pause, in which something else sounds.
TEST(Cadence, OtherSoundEndsARingbackAtOnce) {
    const auto known_after_ms = [](const Signal& sound) {
        const Events all = events(joined({tones({425.0}, 1000.0), silence(3800.0), sound}), "de");
        return all.size() == 2 ? ms(all[1].known) - 4800.0 : -1.0;
    };
    EXPECT_NEAR(known_after_ms(white_noise(sample_count(800.0, rate_hz), -15.0, 3)), 70.0, 15.0) << "a word";
    EXPECT_NEAR(known_after_ms(tones({1000.0}, 800.0)), 70.0, 15.0) << "a beep";
    EXPECT_NEAR(known_after_ms(tones({140.0, 280.0, 420.0, 560.0}, 800.0)), 70.0, 15.0) << "a deep voice";
}

// In Spain, congestion pauses for 600 ms after every third burst, and busy is the same without that.
TEST(Cadence, WhereBusyAndCongestionFitBusyIsMeant) {
    const auto kind = [](SampleCount longer_ms) {
        BurstRow row;
        row.add({0, 8 * 200});
        row.add({8 * 800, 8 * (1000 + longer_ms)});
        row.add({8 * (1200 + longer_ms), 8 * (1400 + 2 * longer_ms)});
        const CadenceTable table(*Country::from_code("es"), {}, 8.0);
        const BurstTone tone{BurstTone::Kind::single, 425.0F, 0.0F, 1.0F};
        const auto match = table.view(row, tone, {8 * 200, true}).match;
        return match ? name_of(match->tone) : "";
    };
    EXPECT_EQ(kind(2), "busy");
    EXPECT_EQ(kind(10), "congestion") << "it fits much better";
}

// A call waiting tone: two bursts of 200 ms, 200 ms apart, every 5 s. Congestion: 240 ms each.
TEST(Cadence, TwoBurstsThatMayBeACallWaitingToneAreNoCongestion) {
    EXPECT_EQ(heard(even({425.0}, 225.0, 2), "de"), "call_waiting");
    EXPECT_EQ(heard(even({425.0}, 240.0, 2), "de"), "congestion") << "they are too long for one";
}

TEST(Cadence, ABurstOf50MillisecondsIsNoClick) {
    const auto waiting = [](double length_ms) {
        Signal signal;
        for (int i = 0; i < 4; ++i) {
            append(signal, tones({425.0}, length_ms));
            append(signal, silence(1050.0 - length_ms));
        }
        return heard(signal, "br");
    };
    EXPECT_EQ(waiting(50.0), "call_waiting");
    EXPECT_EQ(waiting(26.0), "");
}

/// When a ringback is known whose first pause holds another sound.
double known_ms(const Signal& sound) {
    Signal signal = tones({425.0}, 1000.0);
    append(signal, silence(1500.0));
    append(signal, sound);
    append_silence(signal, sample_count(5000.0, rate_hz) - signal.size());
    append(signal, tones({425.0}, 1000.0));
    append(signal, silence(4000.0));
    const Events all = events(signal, "de");
    return all.empty() ? -1.0 : ms(all[0].known);
}

TEST(Cadence, AClickInAPauseWithholdsARingback) {
    EXPECT_LT(known_ms(silence(40.0)), 4500.0);
    EXPECT_LT(known_ms(white_noise(sample_count(40.0, rate_hz), -29.0, 3)), 4500.0) << "the line's noise";
    EXPECT_GT(known_ms(white_noise(sample_count(40.0, rate_hz), -25.0, 3)), 4990.0)
        << "the next burst shows it";
}

TEST(Cadence, ABurstBeginsWhereItIsMuchLouder) {
    const auto begins_ms = [](double before_dbm0) {
        Signal signal;
        for (int i = 0; i < 4; ++i) {
            append(signal, white_noise(sample_count(300.0, rate_hz), before_dbm0, 3));
            append(signal, tones({425.0}, 480.0));
            append(signal, silence(180.0));
        }
        const Events all = events(signal, "de");
        return all.empty() ? -1.0 : ms(all[0].at);
    };
    EXPECT_NEAR(begins_ms(-28.0), 300.0, 15.0);
    EXPECT_EQ(begins_ms(-21.0), -1.0) << "one sound";
}

// Dial tones.

TEST(Cadence, ADialToneIsLongerThanABurst) {
    EXPECT_EQ(heard(tones({350.0, 440.0}, 540.0), "us"), "");
    EXPECT_EQ(heard(tones({350.0, 440.0}, 580.0), "us"), "dial");
    EXPECT_EQ(heard(tones({425.0}, 1100.0), "de"), "ringback");
    EXPECT_EQ(heard(tones({425.0}, 1150.0), "de"), "dial");
}

TEST(Cadence, ALostFrameIsNoPauseOfADialTone) {
    const Signal part = tones({400.0}, 340.0);
    EXPECT_EQ(heard(joined({part, silence(10.0), part}), "nz"), "dial");
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
    EXPECT_EQ(dial(3, 250.0), "second_dial");
    EXPECT_EQ(dial(1, 200.0), "dial");
    EXPECT_EQ(dial(2, 200.0), "dial");
    EXPECT_EQ(dial(3, 270.0), "dial");
}

} // namespace
} // namespace keytone::test
