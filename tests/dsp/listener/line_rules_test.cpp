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

std::size_t dial_tones(const Signal& sound, double noise_dbm0 = -70.0) {
    return hear(sound, 1000.0, noise_dbm0).count(Kind::dial_tone);
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
    EXPECT_EQ(dial_tones(tone(387.0, 3000.0)), 0U);
    EXPECT_EQ(dial_tones(tone(392.0, 3000.0)), 1U);
    EXPECT_EQ(dial_tones(tone(449.0, 3000.0)), 1U);
    EXPECT_EQ(dial_tones(tone(454.0, 3000.0)), 0U);
}

std::size_t dial_pairs(double low_hz, double high_hz, double ms = 900.0) {
    Signal signal = tone(low_hz, ms);
    mix_into(signal, tone(high_hz, ms), 0);
    return dial_tones(signal);
}

TEST(LineRules, ADialTonesTwoFrequenciesAreThoseOfOne) {
    EXPECT_EQ(dial_pairs(340.0, 440.0), 0U);
    EXPECT_EQ(dial_pairs(344.0, 440.0), 1U);
    EXPECT_EQ(dial_pairs(357.0, 440.0), 1U);
    EXPECT_EQ(dial_pairs(361.0, 440.0), 0U);
    EXPECT_EQ(dial_pairs(350.0, 427.0), 0U);
    EXPECT_EQ(dial_pairs(350.0, 431.0), 1U);
    EXPECT_EQ(dial_pairs(350.0, 449.0), 1U);
    EXPECT_EQ(dial_pairs(350.0, 453.0), 0U);
}

TEST(LineRules, ADialToneLasts) {
    EXPECT_EQ(dial_tones(tone(425.0, 2400.0)), 0U);
    EXPECT_EQ(dial_tones(tone(425.0, 2560.0)), 1U);
    EXPECT_EQ(dial_pairs(350.0, 440.0, 370.0), 0U);
    EXPECT_EQ(dial_pairs(350.0, 440.0, 460.0), 1U);
}

TEST(LineRules, ADialToneIsClean) {
    EXPECT_EQ(dial_tones(tone(425.0, 3500.0), -34.0), 1U);
    EXPECT_EQ(dial_tones(tone(425.0, 3500.0), -30.5), 0U);
}

TEST(LineRules, ADialTonesLevelStays) {
    EXPECT_EQ(dial_tones(stepping(425.0, 3500.0, 200.0, 0.9)), 1U);
    EXPECT_EQ(dial_tones(stepping(425.0, 3500.0, 200.0, 1.15)), 0U);
}

TEST(LineRules, TwoTonesNearEachOtherAreNoDialTone) {
    const auto with_second = [](double dbm0) {
        Signal signal = tone(400.0, 3500.0);
        mix_into(signal, tone(420.0, 3500.0, dbm0), 0);
        return dial_tones(signal);
    };
    EXPECT_EQ(with_second(-15.0), 0U);
    EXPECT_EQ(with_second(-27.0), 1U) << "one, and a little beside it";
}

TEST(LineRules, ASofterSecondToneIsHeardOutOfTheNoise) {
    const auto with_second = [](double dbm0, double noise_dbm0) {
        Signal signal = tone(425.0, 3500.0);
        mix_into(signal, tone(350.0, 3500.0, dbm0), 0);
        mix_into(signal, white_noise(signal.size(), noise_dbm0, 3), 0);
        return dial_tones(signal);
    };
    EXPECT_EQ(with_second(-33.5, -70.0), 0U);
    EXPECT_EQ(with_second(-35.2, -70.0), 1U) << "hardly a tone";
    EXPECT_EQ(with_second(-28.5, -40.0), 0U);
    EXPECT_EQ(with_second(-30.5, -40.0), 1U) << "no more than the noise";
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
    EXPECT_EQ(beeps(tone(1000.0, 300.0), 1000.0, -31.0), 0U);
}

TEST(LineRules, ABeepIsNeitherShortNorLong) {
    EXPECT_EQ(beeps(tone(1000.0, 75.5)), 0U);
    EXPECT_EQ(beeps(tone(1000.0, 77.0)), 1U);
    EXPECT_EQ(beeps(tone(1000.0, 1503.0)), 1U);
    EXPECT_EQ(beeps(tone(1000.0, 1505.0)), 0U);
}

TEST(LineRules, ABeepMayCrackle) {
    const auto crackling = [](double dbm0) {
        Signal signal = tone(1000.0, 130.0);
        mix_into(signal, white_noise(sample_count(10.0, rate_hz), dbm0, 3), sample_count(60.0, rate_hz));
        return beeps(signal);
    };
    EXPECT_EQ(crackling(-30.0), 1U);
    EXPECT_EQ(crackling(-28.5), 0U);
}

TEST(LineRules, ABeepsLevelStays) {
    EXPECT_EQ(beeps(stepping(1000.0, 300.0, 30.0, 0.8)), 1U);
    EXPECT_EQ(beeps(stepping(1000.0, 300.0, 30.0, 1.4)), 0U);
}

TEST(LineRules, BehindABeepItIsQuiet) {
    EXPECT_EQ(beeps(joined({tone(1000.0, 300.0), silence(90.0), tone(1900.0, 2000.0)})), 0U) << "too soon";
    EXPECT_EQ(beeps(joined({tone(1000.0, 300.0), silence(120.0), tone(1900.0, 2000.0)})), 1U);
    const auto echoed = [](double dbm0, double ms) {
        const Signal echo = white_noise(sample_count(ms, rate_hz), dbm0, 3);
        return beeps(joined({tone(1000.0, 300.0), echo}));
    };
    EXPECT_EQ(echoed(-26.5, 200.0), 0U);
    EXPECT_EQ(echoed(-28.5, 200.0), 1U);
    EXPECT_EQ(echoed(-22.0, 10.0), 1U);
    EXPECT_EQ(echoed(-22.0, 20.0), 0U);
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
    EXPECT_EQ(again(12'000.0, 300.0, 1090.0), 1U) << "about the same pitch";
    EXPECT_EQ(again(12'000.0, 300.0, 1120.0), 2U) << "another pitch";
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

// Sound.

TEST(LineRules, APauseEndsASound) {
    const auto ends = [](double pause_ms) {
        const Signal word = white_noise(sample_count(300.0, rate_hz), -20.0, 3);
        return hear(joined({word, silence(pause_ms), word})).count(Kind::sound_ended);
    };
    EXPECT_EQ(ends(580.0), 1U) << "within a sentence";
    EXPECT_EQ(ends(625.0), 2U);
}

TEST(LineRules, SoundIsNeitherSoftNorAClick) {
    const auto begins = [](double ms, double dbm0) {
        const Signal sound = white_noise(sample_count(ms, rate_hz), dbm0, 3);
        return hear(sound, 1000.0, -80.0).count(Kind::sound_began);
    };
    EXPECT_EQ(begins(300.0, -51.5), 0U);
    EXPECT_EQ(begins(300.0, -49.0), 1U);
    EXPECT_EQ(begins(19.0, -20.0), 0U);
    EXPECT_EQ(begins(30.0, -20.0), 1U);
}

TEST(LineRules, AToneIsKnownForOneAfter50Ms) {
    Signal line = joined({silence(600.0), tone(1000.0, 300.0), silence(100.0)});
    mix_into(line, white_noise(line.size(), -70.0, 5), 0);
    LineListener listener(*SampleRate::from_hz(rate_hz));
    int other = 0;
    listener.process(
        to_pcm16(line), [](const LineEvent&) {},
        [&](const LineFront::Frame&) {
            const LineFrame frame = listener.last_frame();
            other += frame.active && !frame.tone ? 1 : 0;
        });
    EXPECT_EQ(other, 4);
}

// Noise.

TEST(LineRules, LoudNoiseIsSound) {
    const auto ends = [](double dbm0) {
        return hear(white_noise(sample_count(4000.0, rate_hz), dbm0, 3), 0.0).count(Kind::sound_ended);
    };
    EXPECT_EQ(ends(-28.0), 1U) << "a loud place";
    EXPECT_EQ(ends(-18.0), 0U);
}

TEST(LineRules, WordsThatWereSofterThanALaterNoiseStayWords) {
    const Signal words = white_noise(sample_count(400.0, rate_hz), -40.0, 3);
    const Signal noise = white_noise(sample_count(3000.0, rate_hz), -33.0, 4);
    const Heard heard = hear(joined({words, silence(2500.0), noise}), 0.0);
    const auto last = heard.listener.last_words();
    ASSERT_TRUE(last.has_value());
    EXPECT_NEAR(1000.0 * static_cast<double>(last->end) / rate_hz, 1000.0, 20.0);
    const Signal soon = joined({silence(300.0), white_noise(sample_count(400.0, rate_hz), -37.0, 3),
                                silence(150.0), white_noise(sample_count(3000.0, rate_hz), -33.0, 4)});
    EXPECT_TRUE(hear(soon, 0.0).listener.last_words().has_value()) << "also soon before it";
}

TEST(LineRules, SoundIsLouderThanTheLoudestOfANoiseThatVaries) {
    // Every fifth 20 ms is louder by so much; then 300 ms are 4 dB louder than the rest.
    const auto begins = [](double louder_db) {
        Signal noise = tone(150.0, 5000.0, -35.0);
        for (std::size_t n = 0; n < noise.size(); ++n) {
            noise[n] *= n / 160 % 5 == 2 ? std::pow(10.0, louder_db / 20.0) : 1.0;
        }
        const Heard heard =
            hear(joined({noise, tone(150.0, 300.0, -31.0), tone(150.0, 1000.0, -35.0)}), 0.0, -75.0);
        return std::ranges::any_of(heard.events, [](const LineEvent& event) {
            return event.kind == Kind::sound_began && event.at > 5 * rate_hz;
        });
    };
    EXPECT_TRUE(begins(2.0));
    EXPECT_FALSE(begins(2.5));
}

TEST(LineRules, NoiseHoldsFewTones) {
    const auto ends = [](double tone_ms) {
        Signal signal;
        for (std::uint64_t i = 3; i < 11; ++i) {
            append(signal, white_noise(sample_count(500.0 - tone_ms, rate_hz), -33.0, i));
            append(signal, tone(900.0, tone_ms, -33.0));
        }
        return hear(signal, 0.0).count(Kind::sound_ended);
    };
    EXPECT_EQ(ends(100.0), 1U);
    EXPECT_EQ(ends(150.0), 0U);
}

TEST(LineRules, AHumIsBelow300Hertz) {
    const auto ends = [](double hz) { return hear(tone(hz, 4000.0, -33.0), 0.0).count(Kind::sound_ended); };
    EXPECT_EQ(ends(280.0), 1U) << "it is taken for the line's own";
    EXPECT_EQ(ends(310.0), 0U);
    EXPECT_FALSE(hear(tone(280.0, 600.0)).listener.last_words().has_value());
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

/// Whether words are the last that is known, where they were followed by that.
bool are_words_last(const Signal& sound) {
    const Signal words = white_noise(sample_count(400.0, rate_hz), -18.0, 3);
    return hear(joined({words, silence(200.0), sound})).listener.last_words().has_value();
}

TEST(LineRules, CallProgressIsBelow700Hertz) {
    EXPECT_FALSE(are_words_last(tone(690.0, 600.0)));
    EXPECT_TRUE(are_words_last(tone(720.0, 600.0)));
}

TEST(LineRules, CallProgressIsAbove300Hertz) {
    EXPECT_FALSE(are_words_last(tone(308.0, 600.0)));
    EXPECT_TRUE(are_words_last(tone(290.0, 600.0)));
}

TEST(LineRules, AVoicesLowestPartialIsNoCallProgress) {
    const auto with_partial = [](double hz) {
        Signal signal = tone(hz, 600.0);
        mix_into(signal, tone(4.0 * hz, 600.0, -26.0), 0);
        return signal;
    };
    EXPECT_TRUE(are_words_last(with_partial(270.0)));
    EXPECT_FALSE(are_words_last(with_partial(300.0)));
}

TEST(LineRules, CallProgressKeepsItsPitch) {
    /// Every 50 ms the other of two tones.
    const auto alternating = [](double first_hz, double second_hz) {
        Signal signal;
        for (int i = 0; i < 7; ++i) {
            append(signal, joined({tone(first_hz, 50.0), tone(second_hz, 50.0)}));
        }
        return signal;
    };
    EXPECT_FALSE(are_words_last(alternating(440.0, 456.0)));
    EXPECT_TRUE(are_words_last(alternating(440.0, 460.0)));
    // Other tones, too: these two are one at the long lag.
    EXPECT_FALSE(hear(alternating(1540.0, 1660.0)).listener.last_words().has_value());
    EXPECT_TRUE(hear(alternating(1525.0, 1675.0)).listener.last_words().has_value());
}

TEST(LineRules, CallProgressMayBeModulated) {
    const auto pulsed = [](double ms) {
        Signal signal = tone(440.0, 1000.0);
        for (std::size_t n = 0; n < signal.size(); ++n) {
            signal[n] *= n % sample_count(50.0, rate_hz) < sample_count(ms, rate_hz) ? 1.0 : 0.0;
        }
        return signal;
    };
    EXPECT_FALSE(are_words_last(pulsed(30.0)));
    EXPECT_TRUE(are_words_last(pulsed(20.0)));
}

TEST(LineRules, NoisyCallProgressIsNoWords) {
    const auto is_words = [](double noise_dbm0) {
        Signal signal = tone(440.0, 1000.0);
        mix_into(signal, white_noise(signal.size(), noise_dbm0, 3), 0);
        return hear(signal).listener.last_words().has_value();
    };
    EXPECT_FALSE(is_words(-27.0));
    EXPECT_TRUE(is_words(-23.5)) << "a whistle in much noise";
}

TEST(LineRules, APipIsNoCallProgress) {
    EXPECT_TRUE(hear(tone(425.0, 60.0)).listener.last_words().has_value());
    EXPECT_FALSE(hear(tone(425.0, 150.0)).listener.last_words().has_value());
}

// Words.

TEST(LineRules, APauseSeparatesWordsFromRinging) {
    const auto words_begin_ms = [](double pause_ms) {
        const Signal words = white_noise(sample_count(400.0, rate_hz), -18.0, 3);
        const Heard heard = hear(joined({tone(440.0, 1000.0), silence(pause_ms), words}));
        const auto last = heard.listener.last_words();
        return last ? 1000.0 * static_cast<double>(last->begin) / rate_hz : -1.0;
    };
    EXPECT_NEAR(words_begin_ms(100.0), 600.0 + 1000.0 + 100.0, 20.0);
    EXPECT_EQ(words_begin_ms(80.0), -1.0) << "less is within one sound, most of which is a tone";
}

} // namespace
} // namespace keytone::test
