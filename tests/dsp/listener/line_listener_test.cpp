// SPDX-License-Identifier: MIT
#include "dsp/listener/line_listener.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace keytone {

static bool operator==(const LineEvent& a, const LineEvent& b) {
    return a.kind == b.kind && a.at == b.at && a.known == b.known;
}

} // namespace keytone

namespace keytone::test {
namespace {

using Kind = LineEvent::Kind;
using Events = std::vector<LineEvent>;

Events hear(LineListener& listener, std::span<const std::int16_t> samples) {
    Events events;
    listener.process(samples, [&](const LineEvent& event) { events.push_back(event); });
    return events;
}

Events hear(const Signal& line, int rate_hz, const LineLimits& limits = {}) {
    LineListener listener(*SampleRate::from_hz(rate_hz), limits);
    Events events = hear(listener, to_pcm16(line));
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_LE(events[i].at, events[i].known);
        EXPECT_GE(events[i].known, i == 0 ? 0 : events[i - 1].known);
    }
    return events;
}

/// One letter for each event: `s` sound began, `e` ended, `d` dial tone, `b` beep.
std::string letters(const Events& events) {
    std::string text;
    for (const LineEvent& event : events) {
        text += "sedb"[static_cast<std::size_t>(event.kind)];
    }
    return text;
}

class LineListenerAt : public testing::TestWithParam<int> {
  protected:
    [[nodiscard]] static int rate_hz() { return GetParam(); }
    [[nodiscard]] static double ms(SampleIndex samples) {
        return 1000.0 * static_cast<double>(samples) / rate_hz();
    }
    [[nodiscard]] static std::string heard(const Signal& line) { return letters(hear(line, rate_hz())); }

    /// Appends `length_ms` of sines at `dbm0` each to the line; silence if there are none.
    static void add(Signal& line, double length_ms, const std::vector<double>& hz, double dbm0 = -15.0) {
        const std::size_t count = sample_count(length_ms, rate_hz());
        const double peak = std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 20.0);
        Signal sound(count);
        for (std::size_t n = 0; n < count; ++n) {
            for (const double frequency : hz) {
                sound[n] +=
                    peak * std::sin(2.0 * std::numbers::pi * frequency * static_cast<double>(n) / rate_hz());
            }
        }
        append(line, sound);
    }
    static void add_silence(Signal& line, double length_ms) { add(line, length_ms, {}); }
    /// Noise bursts of a syllable's length with pauses of `pause_ms`: as loud and as uneven as words.
    static void add_words(Signal& line, int words, double pause_ms, double dbm0, std::uint64_t seed) {
        for (int word = 0; word < words; ++word) {
            append(line, white_noise(sample_count(180.0, rate_hz()), dbm0,
                                     seed + static_cast<std::uint64_t>(word)));
            if (word + 1 < words) {
                add_silence(line, pause_ms);
            }
        }
    }
    static Signal over_noise(Signal line, double noise_dbm0) {
        mix_into(line, white_noise(line.size(), noise_dbm0, 99), 0);
        return line;
    }
    static Signal cadence(const std::vector<double>& hz, double on_ms, double off_ms, double total_ms) {
        Signal line;
        add_silence(line, 300);
        for (double at = 0.0; at < total_ms; at += on_ms + off_ms) {
            add(line, on_ms, hz);
            add_silence(line, off_ms);
        }
        return line;
    }
};

TEST_P(LineListenerAt, TellsWhenSoundBeginsAndEnds) {
    for (const double noise_dbm0 : {-90.0, -60.0, -50.0, -40.0}) {
        Signal line;
        add_silence(line, 1503.0);
        add_words(line, 8, 400.0, -20.0, 5);
        const double end_ms = 1503.0 + 8 * 180.0 + 7 * 400.0;
        add_silence(line, 1500.0);
        const Events events = hear(over_noise(line, noise_dbm0), rate_hz());
        ASSERT_EQ(letters(events), "se") << noise_dbm0;
        EXPECT_NEAR(ms(events[0].at), 1503.0, 20.0);
        EXPECT_NEAR(ms(events[0].known - events[0].at), 35.0, 5.1);
        EXPECT_NEAR(ms(events[1].at), end_ms, 20.0);
        EXPECT_GE(ms(events[1].known - events[1].at), 600.0);
        EXPECT_LE(ms(events[1].known - events[1].at), 610.0);
    }
}

TEST_P(LineListenerAt, TakesSteadyNoiseForSilence) {
    for (const double noise_dbm0 : {-70.0, -50.0, -45.0, -40.0}) {
        EXPECT_EQ(heard(white_noise(sample_count(60000.0, rate_hz()), noise_dbm0, 11)), "") << noise_dbm0;
    }
}

// Noise that begins suddenly is sound until it has proved steady.
TEST_P(LineListenerAt, GetsUsedToNoiseThatSetsIn) {
    Signal line;
    add_silence(line, 2000.0);
    append(line, white_noise(sample_count(5000.0, rate_hz()), -40.0, 12));
    const std::size_t prompt = line.size();
    add_words(line, 5, 300.0, -20.0, 13);
    add_silence(line, 2000.0);
    Signal noise(sample_count(2000.0, rate_hz()));
    append(noise, white_noise(line.size() - noise.size(), -40.0, 12));
    Signal both = noise;
    mix_into(both, std::span(line).subspan(prompt), prompt);
    const Events events = hear(both, rate_hz());
    ASSERT_EQ(letters(events), "sese");
    EXPECT_LT(ms(events[1].known), 2000.0 + 1000.0 + 620.0);
    EXPECT_NEAR(ms(events[2].at), 7000.0, 20.0);
    EXPECT_NEAR(ms(events[3].at), 7000.0 + 5 * 180.0 + 4 * 300.0, 20.0);
}

// Noise louder than a line's is sound until it is known, but nobody has said a word.
TEST_P(LineListenerAt, NoiseAtTheBeginIsNoWords) {
    for (const double noise_dbm0 : {-36.0, -34.0, -32.0, -28.0}) {
        LineListener listener(*SampleRate::from_hz(rate_hz()));
        Signal line = white_noise(sample_count(3000.0, rate_hz()), noise_dbm0, 11);
        hear(listener, to_pcm16(line));
        EXPECT_TRUE(listener.quiet_since().has_value()) << noise_dbm0;
        EXPECT_FALSE(listener.last_words().has_value()) << noise_dbm0;
    }
}

// "E", said by a woman: most of it is one partial of 250 Hz, and the others raise the rough pitch.
TEST_P(LineListenerAt, AVowelIsNoCallProgress) {
    Signal line;
    add(line, 400.0, {250.0}, -14.0);
    Signal second;
    add(second, 400.0, {500.0, 2250.0}, -26.0);
    mix_into(line, second, 0);
    add_silence(line, 1000.0);
    LineListener listener(*SampleRate::from_hz(rate_hz()));
    hear(listener, to_pcm16(line));
    ASSERT_TRUE(listener.last_words().has_value());
    EXPECT_NEAR(ms(listener.last_words()->end), 400.0, 20.0);
}

// A hum that has just been taken for the line's own is followed by a word without a pause between.
TEST_P(LineListenerAt, AHumMakesNoCallProgressOfAWord) {
    Signal line;
    add(line, 3000.0, {50.0, 100.0, 150.0}, -33.0);
    Signal word;
    add_silence(word, 1000.0);
    add_words(word, 1, 0.0, -15.0, 7);
    mix_into(line, word, 0);
    LineListener listener(*SampleRate::from_hz(rate_hz()));
    hear(listener, to_pcm16(line));
    const auto words = listener.last_words();
    ASSERT_TRUE(words.has_value());
    EXPECT_GT(ms(words->end), 1100.0);
}

// A noisy place and a hum are louder than a line's noise may be, but steady and no tones: after a second they
// are silence. A tone never is.
TEST_P(LineListenerAt, GetsUsedToALoudPlaceAndToHum) {
    Signal hum;
    add(hum, 6000.0, {50.0, 100.0, 150.0, 200.0, 250.0}, -36.0);
    const Signal place = white_noise(sample_count(6000.0, rate_hz()), -30.0, 12);
    for (const Signal& noise : {place, hum}) {
        Signal line = noise;
        Signal words;
        add_words(words, 5, 300.0, -14.0, 13);
        mix_into(line, words, sample_count(2000.0, rate_hz()));
        const Events events = hear(line, rate_hz());
        ASSERT_EQ(letters(events), "sese");
        EXPECT_LT(ms(events[1].known), 1700.0);
        EXPECT_NEAR(ms(events[2].at), 2000.0, 20.0);
        EXPECT_NEAR(ms(events[3].at), 2000.0 + 5 * 180.0 + 4 * 300.0, 20.0);
    }
    Signal tone;
    add(tone, 6000.0, {1004.0}, -30.0);
    EXPECT_EQ(heard(tone), "s") << "a tone is sound for as long as it lasts";
}

TEST_P(LineListenerAt, HearsSoftSoundOnAQuietLineOnly) {
    for (const double dbm0 : {-46.0, -20.0, 0.0}) {
        Signal line;
        add_silence(line, 500.0);
        add_words(line, 1, 0.0, dbm0, 3);
        add_silence(line, 1000.0);
        EXPECT_EQ(heard(line), "se") << dbm0;
    }
    Signal line;
    add_silence(line, 500.0);
    add_words(line, 1, 0.0, -54.0, 3);
    add_silence(line, 1000.0);
    EXPECT_EQ(heard(line), "");
}

TEST_P(LineListenerAt, ClicksAreNoSoundAndDoNotKeepOneAlive) {
    Signal line;
    add_silence(line, 300.0);
    for (int click = 0; click < 5; ++click) {
        add(line, 1.0, {1000.0}, -5.0);
        add_silence(line, 299.0);
    }
    EXPECT_EQ(heard(line), "");
    Signal after_words;
    add_words(after_words, 2, 200.0, -20.0, 4);
    append(after_words, line);
    const Events events = hear(after_words, rate_hz());
    ASSERT_EQ(letters(events), "se");
    EXPECT_NEAR(ms(events[1].at), 560.0, 20.0);
}

TEST_P(LineListenerAt, HearsDialTones) {
    const std::vector<std::vector<double>> tones{{350, 440}, {425},      {400}, {440},
                                                 {345, 447}, {357, 432}, {418}};
    for (const auto& tone : tones) {
        for (const double dbm0 : {-30.0, -15.0, -6.0}) {
            for (const double noise_over_tone_db : {-70.0, -20.0}) {
                Signal line;
                add_silence(line, 733.0);
                add(line, 3500.0, tone, dbm0);
                add_silence(line, 1000.0);
                const Events events = hear(over_noise(line, dbm0 + noise_over_tone_db), rate_hz());
                std::string text = letters(events);
                if (noise_over_tone_db > -30.0 && dbm0 > -20.0) {
                    text.resize(std::min<std::size_t>(text.size(), 2)); // such noise counts as sound, too
                }
                ASSERT_EQ(text.substr(0, 2), "sd") << tone[0] << ' ' << dbm0 << ' ' << noise_over_tone_db;
                EXPECT_EQ(std::count(text.begin(), text.end(), 'b'), 0);
                if (text.size() > 2) {
                    EXPECT_NEAR(ms(events[1].at), 733.0, 70.0); // a block and a part of one
                    const double least_ms = tone.size() == 2 ? 400.0 : 2500.0;
                    EXPECT_GE(ms(events[1].known), 733.0 + least_ms - 5.0);
                    EXPECT_LE(ms(events[1].known), 733.0 + least_ms + 110.0);
                }
            }
        }
    }
}

TEST_P(LineListenerAt, TakesNoOtherTonesForADialTone) {
    const auto none = [](const std::string& text) { return text.find('d') == std::string::npos; };
    EXPECT_TRUE(none(heard(cadence({440, 480}, 2000, 4000, 12000)))) << "ringing, North America";
    EXPECT_TRUE(none(heard(cadence({400, 450}, 400, 200, 3000)))) << "ringing, United Kingdom";
    EXPECT_TRUE(none(heard(cadence({425}, 1000, 4000, 10000)))) << "ringing, Europe";
    EXPECT_TRUE(none(heard(cadence({480, 620}, 500, 500, 5000)))) << "busy, North America";
    EXPECT_TRUE(none(heard(cadence({425}, 500, 500, 5000)))) << "busy, Europe";
    EXPECT_TRUE(none(heard(cadence({400}, 375, 375, 5000)))) << "busy, United Kingdom";
    EXPECT_TRUE(none(heard(cadence({440}, 1500, 3500, 10000)))) << "ringing, France";
    EXPECT_TRUE(none(heard(cadence({450}, 2200, 4000, 12000)))) << "ringing, Turkey, a little long";
    for (const double hz : {300.0, 350.0, 480.0, 560.0, 575.0, 620.0, 1000.0, 1425.0}) {
        EXPECT_TRUE(none(heard(cadence({hz}, 2000, 500, 2000)))) << hz;
    }
    for (const auto& [low, high] :
         {std::pair{350.0, 480.0}, {1350.0, 1440.0}, {560.0, 650.0}, {350.0, 560.0}}) {
        EXPECT_TRUE(none(heard(cadence({low, high}, 2000, 500, 2000)))) << low << ' ' << high;
    }
    for (const char key : all_keys) {
        Signal line = sound({.key = key, .tone_ms = 1500.0}, rate_hz());
        add_silence(line, 1000.0);
        EXPECT_EQ(heard(line), "se") << key;
    }
    // A tone that varies by 3 dB at 16 Hz is Japan's ringing, not a dial tone.
    Signal wavering = cadence({400}, 2000, 1000, 3000);
    for (std::size_t n = 0; n < wavering.size(); ++n) {
        wavering[n] *=
            1.0 + 0.4 * std::sin(2.0 * std::numbers::pi * 16.0 * static_cast<double>(n) / rate_hz());
    }
    EXPECT_TRUE(none(heard(wavering)));
}

TEST_P(LineListenerAt, HearsBeeps) {
    for (const double hz : {350.0, 440.0, 500.0, 620.0, 850.0, 1000.0, 1004.0, 1400.0, 2000.0, 2200.0}) {
        for (const double length_ms : {100.0, 127.0, 250.0, 600.0, 1000.0, 1500.0}) {
            const bool may_be_progress = hz > 375.0 && hz < 520.0;
            for (const double noise_dbm0 : {-80.0, -40.0}) {
                Signal line;
                add_words(line, 3, 200.0, -18.0, 21);
                add_silence(line, 303.0);
                const double end_ms = 3 * 180.0 + 2 * 200.0 + 303.0 + length_ms;
                add(line, length_ms, {hz}, noise_dbm0 > -50.0 ? -20.0 : -30.0);
                add_silence(line, may_be_progress ? 8000.0 : 1000.0);
                const Events events = hear(over_noise(line, noise_dbm0), rate_hz());
                ASSERT_EQ(letters(events), may_be_progress ? "seb" : "sbe")
                    << hz << ' ' << length_ms << ' ' << noise_dbm0;
                const LineEvent& beep = events[may_be_progress ? 2 : 1];
                EXPECT_NEAR(ms(beep.at), end_ms, 20.0) << hz << ' ' << length_ms;
                EXPECT_LE(ms(beep.known), end_ms + (may_be_progress ? 7030.0 : 130.0));
            }
        }
    }
}

TEST_P(LineListenerAt, TakesNothingElseForABeep) {
    const auto none = [](const Signal& line) { return heard(line).find('b') == std::string::npos; };
    EXPECT_TRUE(none(cadence({1000}, 75, 1000, 1000))) << "too short";
    EXPECT_TRUE(none(cadence({1000}, 1600, 1000, 1000))) << "too long";
    EXPECT_TRUE(none(cadence({250}, 500, 1000, 1000))) << "too low";
    EXPECT_TRUE(none(cadence({2600}, 500, 1000, 1000))) << "too high";
    EXPECT_TRUE(none(cadence({440, 480}, 1000, 1000, 1000))) << "two tones";
    EXPECT_TRUE(none(cadence({350, 440}, 1000, 1000, 1000))) << "a short dial tone";
    EXPECT_TRUE(none(cadence({425}, 1300, 1000, 1000))) << "ringing, Europe";
    for (const char key : all_keys) {
        Signal line = sound({.key = key, .tone_ms = 300.0, .low_dbm0 = -14.0, .high_dbm0 = -6.0}, rate_hz());
        add_silence(line, 1000.0);
        EXPECT_EQ(heard(line), "se") << key;
    }
    Signal information; // special information tones, E.180
    for (const double hz : {950.0, 1400.0, 1800.0}) {
        add(information, 330.0, {hz});
    }
    add_silence(information, 1000.0);
    EXPECT_TRUE(none(information));
    Signal spoken_on;
    add(spoken_on, 500.0, {1000.0});
    add_words(spoken_on, 4, 100.0, -15.0, 31);
    EXPECT_TRUE(none(spoken_on)) << "no silence after it";
    Signal vowel;
    for (const double dbm0 : {-10.0, -15.0, -20.0, -23.0, -26.0, -30.0}) {
        add(vowel, dbm0 == -10.0 ? 200.0 : 15.0, {700.0}, dbm0);
    }
    add_silence(vowel, 1000.0);
    EXPECT_TRUE(none(vowel)) << "it dies away";
    Signal glide;
    for (int step = 0; step < 50; ++step) {
        add(glide, 10.0, {700.0 + 15.0 * step});
    }
    add_silence(glide, 1000.0);
    EXPECT_TRUE(none(glide)) << "no steady pitch";
}

// Nobody can distinguish the first burst of a cadence from a beep, if its pitch is not one of call progress;
// the later bursts can be recognised.
TEST_P(LineListenerAt, HearsAtMostTheFirstBurstOfACadence) {
    const std::string text = heard(cadence({1100}, 500, 3000, 8000));
    EXPECT_EQ(std::count(text.begin(), text.end(), 'b'), 1) << text;
    Signal two_beeps = cadence({1000}, 300, 500, 300);
    append(two_beeps, cadence({700}, 300, 500, 300));
    const std::string different = heard(two_beeps);
    EXPECT_EQ(std::count(different.begin(), different.end(), 'b'), 2) << different;
}

TEST_P(LineListenerAt, DoesNotDependOnHowTheStreamIsCut) {
    Signal line;
    add(line, 700.0, {350, 440});
    add_silence(line, 800.0);
    add_words(line, 4, 150.0, -20.0, 41);
    add_silence(line, 200.0);
    add(line, 300.0, {1000});
    add_silence(line, 900.0);
    const auto samples = to_pcm16(over_noise(line, -55.0));
    LineListener whole(*SampleRate::from_hz(rate_hz()));
    const Events expected = hear(whole, samples);
    ASSERT_EQ(letters(expected), "sdesbe");
    LineListener cut(*SampleRate::from_hz(rate_hz()));
    std::mt19937 random(42);
    Events events;
    std::span<const std::int16_t> rest = samples;
    while (!rest.empty()) {
        const std::size_t count = std::min<std::size_t>(rest.size(), random() % 700);
        const LineListener copy = cut;
        cut = LineListener(copy);
        const Events part = hear(cut, rest.first(count));
        events.insert(events.end(), part.begin(), part.end());
        rest = rest.subspan(count);
    }
    EXPECT_TRUE(events == expected);
    cut.reset();
    EXPECT_FALSE(cut.sounding());
    EXPECT_TRUE(hear(cut, samples) == expected);
}

TEST_P(LineListenerAt, KeepsToItsLimits) {
    Signal line;
    add_silence(line, 300.0);
    add_words(line, 2, 700.0, -20.0, 51);
    add_silence(line, 2500.0);
    EXPECT_EQ(heard(line), "sese");
    EXPECT_EQ(letters(hear(line, rate_hz(), {.min_silence = Milliseconds{1000}})), "se");
    EXPECT_EQ(letters(hear(line, rate_hz(), {.min_sound = Milliseconds{250}})), "");
    EXPECT_EQ(letters(hear(line, rate_hz(), {.min_sound_level = Dbm0{-10}})), "");
    Signal beep = cadence({1000}, 300, 500, 300);
    EXPECT_NE(letters(hear(beep, rate_hz())).find('b'), std::string::npos);
    EXPECT_EQ(letters(hear(beep, rate_hz(), {.min_beep = Milliseconds{400}})).find('b'), std::string::npos);
    EXPECT_EQ(letters(hear(beep, rate_hz(), {.highest_beep = Hertz{900}})).find('b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(EveryRate, LineListenerAt, testing::ValuesIn(SampleRate::offered_hz));

TEST(LineListener, IsSmall) {
    EXPECT_LE(sizeof(LineListener), 768U);
}

} // namespace
} // namespace keytone::test
