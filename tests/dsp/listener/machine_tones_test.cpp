// SPDX-License-Identifier: MIT
//
// Each limit of the tones of faxes, modems and announcements from both sides, by what a ProgressListener
// reports at 8 kHz.
#include "dsp/listener/machine_tones.hpp"
#include "tests/dsp/listener/progress_events.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr double turn = 2.0 * std::numbers::pi;
constexpr double lead_ms = 1000.0;

std::vector<ProgressEvent> events(const Signal& signal, double noise_dbm0 = -60.0) {
    return progress_events(joined({silence(lead_ms), signal, silence(1500.0)}), noise_dbm0);
}

/// "answering -answering": what began and what ended.
std::string heard(const Signal& signal, double noise_dbm0 = -60.0) {
    std::string all;
    for (const ProgressEvent& event : events(signal, noise_dbm0)) {
        all += (all.empty() ? "" : " ") + std::string(event.kind == ProgressEvent::Kind::ended ? "-" : "");
        all += name_of(event.tone);
    }
    return all;
}

/// One tone all along, with `middle` in place of what follows its first `before_ms`.
Signal interrupted(const Signal& whole, double before_ms, const Signal& middle) {
    Signal signal = whole;
    std::ranges::copy(middle, signal.begin() + static_cast<std::ptrdiff_t>(sample_count(before_ms, rate_hz)));
    return signal;
}

/// A tone whose level changes by up to `most_db` every 20 ms, as codecs for speech make it.
Signal wavering(double hz, double ms, double most_db, unsigned seed = 2) {
    Signal signal = tone(hz, ms);
    std::mt19937 random(seed);
    for (std::size_t n = 0; n < signal.size(); n += 160) {
        const double change_db = most_db * (static_cast<double>(random() % 201) - 100.0) / 100.0;
        for (std::size_t i = n; i < std::min(n + 160, signal.size()); ++i) {
            signal[i] *= std::pow(10.0, change_db / 20.0);
        }
    }
    return signal;
}

/// V.21's flags, 300 bits a second of 1650 Hz and 1850 Hz, all of it so much higher; each 10 ms by up to so
/// much more or less.
Signal flags(double ms, double higher_hz = 0.0, double waver_hz = 0.0) {
    const std::string bits = "01111110";
    Signal signal(sample_count(ms, rate_hz));
    std::mt19937 random(3);
    double turns = 0.0;
    double off_hz = 0.0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        if (n % 80 == 0) {
            off_hz = higher_hz + waver_hz * (static_cast<double>(random() % 201) - 100.0) / 100.0;
        }
        signal[n] = 0.15 * std::sin(turn * turns);
        turns += ((bits[n * 300 / rate_hz % bits.size()] == '1' ? 1650.0 : 1850.0) + off_hz) / rate_hz;
    }
    return signal;
}

constexpr const char* answers = "answering -answering";
constexpr const char* modem_answers = "modem_answering -modem_answering";
constexpr const char* calls = "fax_calling -fax_calling";
constexpr const char* announces = "sit -sit";
constexpr const char* prepares = "fax_preamble -fax_preamble";

// Faxes that call.

std::string calling(const Signal& burst, const Signal& behind = silence(600.0)) {
    return heard(joined({burst, behind, silence(4000.0)}));
}

TEST(MachineTones, ACallingTonesPitchIsExact) {
    EXPECT_EQ(calling(tone(1147.5, 500.0)), calls);
    EXPECT_EQ(calling(tone(1153.0, 500.0)), "");
}

TEST(MachineTones, ACallingToneLastsHalfASecond) {
    EXPECT_EQ(calling(tone(1100.0, 430.0)), calls);
    EXPECT_EQ(calling(tone(1100.0, 300.0)), "");
    EXPECT_EQ(calling(tone(1100.0, 570.0)), calls);
    EXPECT_EQ(calling(tone(1100.0, 800.0)), "");
}

TEST(MachineTones, SilenceFollowsACallingTone) {
    EXPECT_EQ(calling(tone(1100.0, 500.0), joined({silence(200.0), tone(600.0, 300.0, -27.5)})), "")
        << "another sound";
    EXPECT_EQ(calling(tone(1100.0, 500.0), joined({silence(200.0), tone(600.0, 300.0, -29.5)})), calls)
        << "a soft one";
}

TEST(MachineTones, ACallingToneMayEndWithAnotherForAMoment) {
    EXPECT_EQ(calling(tone(1100.0, 500.0), joined({tone(1500.0, 25.0), silence(600.0)})), calls);
    EXPECT_EQ(calling(tone(1100.0, 500.0), joined({tone(1500.0, 35.0), silence(600.0)})), "");
}

TEST(MachineTones, ACallingToneIsOneTone) {
    const auto with_second = [](double dbm0) {
        Signal signal = tone(1100.0, 500.0);
        mix_into(signal, tone(1500.0, 500.0, dbm0), 0);
        return calling(signal);
    };
    EXPECT_EQ(with_second(-22.0), calls);
    EXPECT_EQ(with_second(-21.0), "");
}

TEST(MachineTones, CallingGoesOnThroughItsPauses) {
    Signal line;
    for (int i = 0; i < 3; ++i) {
        append(line, joined({tone(1100.0, 500.0), silence(3000.0)}));
    }
    append_silence(line, sample_count(2000.0, rate_hz));
    EXPECT_EQ(heard(line), calls);
    EXPECT_EQ(heard(joined({tone(1100.0, 500.0), silence(5500.0), tone(1100.0, 500.0), silence(5500.0)})),
              std::string(calls) + " " + calls);
}

// Faxes and modems that answer.

TEST(MachineTones, AnAnsweringTonesPitchIsExact) {
    EXPECT_EQ(heard(tone(2138.0, 1300.0)), answers);
    EXPECT_EQ(heard(tone(2142.0, 1300.0)), "");
}

/// From one frequency to another.
Signal gliding(double from_hz, double to_hz, double ms) {
    Signal signal(sample_count(ms, rate_hz));
    double turns = 0.0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] = 0.15 * std::sin(turn * turns);
        const double part = static_cast<double>(n) / static_cast<double>(signal.size());
        turns += (from_hz + (to_hz - from_hz) * part) / rate_hz;
    }
    return signal;
}

TEST(MachineTones, AnAnsweringTonesPitchMayDrift) {
    EXPECT_EQ(heard(gliding(2005.0, 2214.0, 1100.0)), answers);
    EXPECT_EQ(heard(gliding(1990.0, 2232.0, 1100.0)), "");
}

TEST(MachineTones, AnAnsweringTonesPitchMayJumpALittle) {
    const Signal whole = tone(2100.0, 1300.0);
    EXPECT_EQ(heard(interrupted(whole, 600.0, tone(2138.0, 60.0))), answers);
    EXPECT_EQ(heard(interrupted(whole, 600.0, tone(2155.0, 60.0))), "");
}

/// With 15 Hz in its level, all along.
Signal modulated(Signal signal, double hz, double depth) {
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] *= 1.0 + depth * std::sin(turn * hz * static_cast<double>(n) / rate_hz);
    }
    return signal;
}

/// Reversed every so many milliseconds, from the first time on.
Signal reversed(Signal signal, double every_ms, double first_ms = 0.0, int most = 1000) {
    const double begin_ms = first_ms > 0.0 ? first_ms : every_ms;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double ms = 1000.0 * static_cast<double>(n) / rate_hz;
        const int count = ms < begin_ms ? 0 : 1 + static_cast<int>((ms - begin_ms) / every_ms);
        signal[n] *= std::min(count, most) % 2 == 1 ? -1.0 : 1.0;
    }
    return signal;
}

/// After how much of the tone it was known.
double known_ms(const Signal& signal) {
    const auto all = events(signal);
    return all.empty() ? 0.0 : 1000.0 * static_cast<double>(all.front().known) / rate_hz - lead_ms;
}

TEST(MachineTones, AWaveringAnsweringToneIsKnownLater) {
    EXPECT_EQ(heard(wavering(2100.0, 2200.0, 3.9)), answers);
    EXPECT_EQ(heard(wavering(2100.0, 1500.0, 3.9)), "");
    EXPECT_EQ(heard(wavering(2100.0, 1300.0, 0.5)), answers);
}

TEST(MachineTones, WhichWaveringToneItIsTakesLonger) {
    EXPECT_NEAR(known_ms(wavering(2100.0, 2800.0, 3.9)), 2400.0, 15.0);
    EXPECT_NEAR(known_ms(wavering(2100.0, 2200.0, 3.9)), 2250.0, 30.0) << "at its end";
    EXPECT_NEAR(known_ms(modulated(wavering(2100.0, 3300.0, 3.9), 15.0, 0.3)), 2400.0, 15.0);
}

TEST(MachineTones, AWaveringModemsLevelWavesAt15Hz) {
    const Signal whole = wavering(2100.0, 2800.0, 3.9);
    EXPECT_EQ(heard(modulated(whole, 15.0, 0.2)), modem_answers);
    EXPECT_EQ(heard(modulated(whole, 15.0, 0.05)), answers);
    EXPECT_EQ(heard(modulated(whole, 13.0, 0.2)), answers);
    EXPECT_EQ(heard(modulated(whole, 17.0, 0.2)), answers);
}

TEST(MachineTones, AWaveringModemReversesItsTone) {
    const Signal signal = reversed(wavering(2100.0, 2800.0, 3.9), 450.0);
    EXPECT_EQ(heard(signal), modem_answers);
    EXPECT_NEAR(known_ms(signal), 2000.0, 15.0);
    EXPECT_EQ(heard(reversed(wavering(2100.0, 2800.0, 3.9), 300.0)), answers);
}

TEST(MachineTones, AModemsLevelWavesAt15Hz) {
    const Signal whole = tone(2100.0, 1300.0);
    EXPECT_EQ(heard(modulated(whole, 15.0, 0.2)), modem_answers);
    EXPECT_EQ(heard(modulated(whole, 12.0, 0.2)), answers);
    EXPECT_EQ(heard(modulated(whole, 18.0, 0.2)), answers);
    EXPECT_EQ(heard(modulated(whole, 15.0, 0.09)), answers);
    EXPECT_EQ(heard(modulated(whole, 15.0, 0.115)), modem_answers);
}

TEST(MachineTones, AModemReversesItsToneEvery450Ms) {
    const Signal whole = tone(2100.0, 2000.0);
    EXPECT_EQ(heard(reversed(whole, 450.0)), modem_answers);
    EXPECT_EQ(heard(reversed(whole, 385.0)), modem_answers);
    EXPECT_EQ(heard(reversed(whole, 515.0)), modem_answers);
    EXPECT_EQ(heard(reversed(whole, 365.0)), answers);
    EXPECT_EQ(heard(reversed(whole, 535.0)), answers);
}

TEST(MachineTones, ASecondReversalIsWaitedFor) {
    const Signal whole = tone(2100.0, 2000.0);
    EXPECT_EQ(heard(reversed(whole, 450.0, 700.0)), modem_answers);
    EXPECT_NEAR(known_ms(reversed(whole, 450.0, 700.0)), 1240.0, 40.0);
    EXPECT_EQ(heard(reversed(whole, 450.0, 700.0, 1)), answers);
    EXPECT_NEAR(known_ms(reversed(whole, 450.0, 700.0, 1)), 1310.0, 20.0);
    EXPECT_NEAR(known_ms(whole), 1010.0, 20.0);
}

TEST(MachineTones, OneJumpOfTheLineIsNoModem) {
    Signal signal = tone(2100.0, 2000.0);
    for (std::size_t n = sample_count(450.0, rate_hz); n < signal.size(); ++n) {
        signal[n] = -signal[n];
    }
    EXPECT_EQ(heard(signal), answers);
}

TEST(MachineTones, WhatACodecSpoilsIsNoEnd) {
    const Signal whole = tone(2100.0, 1300.0);
    const auto noise = [](double ms) { return white_noise(sample_count(ms, rate_hz), -15.0, 9); };
    EXPECT_EQ(heard(interrupted(whole, 600.0, noise(50.0))), answers);
    EXPECT_EQ(heard(interrupted(whole, 600.0, noise(100.0))), "");
    EXPECT_EQ(heard(interrupted(whole, 600.0, silence(10.0))), answers);
    EXPECT_EQ(heard(interrupted(whole, 600.0, silence(20.0))), "");
    EXPECT_EQ(heard(interrupted(whole, 600.0, tone(1000.0, 30.0))), "") << "another tone";
    const auto noisy = [](double noise_dbm0) {
        Signal other = tone(1000.0, 30.0);
        mix_into(other, white_noise(other.size(), noise_dbm0, 9), 0);
        return other;
    };
    EXPECT_EQ(heard(interrupted(whole, 600.0, noisy(-28.0))), "") << "another tone";
    EXPECT_EQ(heard(interrupted(whole, 600.0, noisy(-26.5))), answers) << "what is left of this one";
}

TEST(MachineTones, MoreIsSpoiltOfAToneThatWavers) {
    const Signal whole = wavering(2100.0, 2600.0, 6.0);
    EXPECT_EQ(heard(interrupted(whole, 1300.0, silence(40.0))), answers);
    EXPECT_EQ(heard(interrupted(whole, 1300.0, silence(60.0))), "");
    EXPECT_EQ(heard(interrupted(whole, 1300.0, tone(1000.0, 20.0))), answers);
    EXPECT_EQ(heard(interrupted(whole, 1300.0, tone(1000.0, 30.0))), "");
}

// Announcements of the network.

Signal information(double segment_ms, double pause_ms = 0.0) {
    return joined({tone(950.0, segment_ms), silence(pause_ms), tone(1400.0, segment_ms), silence(pause_ms),
                   tone(1800.0, segment_ms)});
}

TEST(MachineTones, ASegmentLastsAThirdOfASecond) {
    EXPECT_EQ(heard(information(245.0)), announces);
    EXPECT_EQ(heard(information(180.0)), "");
    EXPECT_EQ(heard(information(425.0)), announces);
    EXPECT_EQ(heard(information(600.0)), "");
}

TEST(MachineTones, SegmentsFollowEachOther) {
    EXPECT_EQ(heard(information(330.0, 40.0)), announces);
    EXPECT_EQ(heard(information(330.0, 75.0)), "");
}

TEST(MachineTones, AMomentBetweenSegmentsIsNoSegment) {
    const auto with_another = [](double ms) {
        return heard(
            joined({tone(950.0, 330.0), tone(1400.0, 330.0), tone(2000.0, ms), tone(1800.0, 330.0)}));
    };
    EXPECT_EQ(with_another(50.0), announces);
    EXPECT_EQ(with_another(70.0), "");
}

TEST(MachineTones, HearsThemInNoise) {
    EXPECT_EQ(heard(information(330.0), -22.5), announces);
    EXPECT_EQ(heard(information(330.0), -20.5), "");
}

TEST(MachineTones, AnnouncementsMayBeOffALittle) {
    const auto off = [](double factor, double third_factor) {
        return heard(joined({tone(950.0 * factor, 330.0), tone(1400.0 * factor, 330.0),
                             tone(1800.0 * factor * third_factor, 330.0)}));
    };
    EXPECT_EQ(off(1.017, 1.0), announces);
    EXPECT_EQ(off(1.026, 1.0), "");
    EXPECT_EQ(off(0.974, 1.0), "");
    EXPECT_EQ(off(1.0, 1.013), announces);
    EXPECT_EQ(off(1.0, 1.022), "");
}

TEST(MachineTones, AnAnnouncementThatIsOffIsLessCertain) {
    const auto all = events(
        joined({tone(950.0 * 1.017, 330.0), tone(1400.0 * 1.017, 330.0), tone(1800.0 * 1.017, 330.0)}));
    ASSERT_FALSE(all.empty());
    EXPECT_NEAR(all.front().certainty, 0.957, 0.006);
}

// One tone after another.

TEST(MachineTones, ALaterToneEndsTheOneBefore) {
    const Signal call = joined({tone(1100.0, 500.0), silence(900.0)});
    EXPECT_EQ(heard(joined({call, tone(2100.0, 1300.0)})), std::string(calls) + " " + answers);
    EXPECT_EQ(heard(joined({call, information(330.0)})), std::string(calls) + " " + announces);
    EXPECT_EQ(heard(joined({call, flags(900.0)})), std::string(calls) + " " + prepares);
}

TEST(MachineTones, OtherSoundDoesNotEndCalling) {
    const auto all =
        events(joined({tone(1100.0, 500.0), silence(900.0), tone(1700.0, 100.0), silence(4000.0)}));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_NEAR(1000.0 * static_cast<double>(all[1].at) / rate_hz, lead_ms + 500.0, 15.0);
}

TEST(MachineTones, AnAnsweringToneLateInACallEndsWithItself) {
    const auto all = events(joined({silence(5000.0), tone(2100.0, 1800.0)}));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_NEAR(1000.0 * static_cast<double>(all[1].at) / rate_hz, lead_ms + 5000.0 + 1800.0, 15.0);
}

// Faxes that answered.

TEST(MachineTones, FlagsLastForAWhile) {
    EXPECT_EQ(heard(flags(220.0)), "");
    EXPECT_EQ(heard(flags(450.0)), prepares);
}

TEST(MachineTones, FlagsAreOfV21) {
    EXPECT_EQ(heard(flags(1000.0, 35.0)), prepares);
    EXPECT_EQ(heard(flags(1000.0, -35.0)), prepares);
    EXPECT_EQ(heard(flags(1000.0, 60.0)), "");
    EXPECT_EQ(heard(flags(1000.0, -60.0)), "");
}

TEST(MachineTones, FlagsMayBeSpoilt) {
    const auto noise = [](double ms) { return white_noise(sample_count(ms, rate_hz), -15.0, 9); };
    EXPECT_EQ(heard(interrupted(flags(520.0), 250.0, noise(20.0))), prepares);
    EXPECT_EQ(heard(interrupted(flags(540.0), 250.0, noise(30.0))), "");
}

/// When flags begin, by what is reported, if 40 ms of them are such a tone.
double begin_ms(double hz) {
    const auto all = events(interrupted(flags(1500.0), 100.0, tone(hz, 40.0)));
    return all.empty() ? -1.0 : 1000.0 * static_cast<double>(all.front().at) / rate_hz - lead_ms;
}

TEST(MachineTones, FlagsPitchStaysBetween1590And1910Hz) {
    EXPECT_NEAR(begin_ms(1540.0), 140.0, 15.0);
    EXPECT_NEAR(begin_ms(1600.0), 0.0, 15.0);
    EXPECT_NEAR(begin_ms(1860.0), 0.0, 15.0);
    EXPECT_NEAR(begin_ms(1960.0), 140.0, 15.0);
}

/// A tone whose pitch goes up and down as flags' does, by so much.
Signal warbling(double most_hz, double times_a_second = 37.5) {
    Signal signal(sample_count(900.0, rate_hz));
    double turns = 0.0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] = 0.15 * std::sin(turn * turns);
        const double at = times_a_second * static_cast<double>(n) / rate_hz;
        turns += (1700.0 + most_hz * std::sin(turn * at)) / rate_hz;
    }
    return signal;
}

TEST(MachineTones, FlagsPitchGoesUpAndDown) {
    EXPECT_EQ(heard(warbling(21.0)), "");
    EXPECT_EQ(heard(warbling(28.0)), prepares);
    EXPECT_EQ(heard(warbling(28.0, 33.0)), "");
    EXPECT_EQ(heard(warbling(28.0, 42.0)), "");
}

TEST(MachineTones, CleanFlagsAreKnownSoon) {
    EXPECT_NEAR(known_ms(flags(1000.0)), 300.0, 15.0);
}

TEST(MachineTones, TheLessFlagsPitchIsTheirsTheLaterTheyAreKnown) {
    EXPECT_NEAR(known_ms(flags(1500.0, 0.0, 50.0)), 300.0, 15.0);
    EXPECT_NEAR(known_ms(flags(1500.0, 0.0, 100.0)), 460.0, 40.0);
}

} // namespace
} // namespace keytone::test
