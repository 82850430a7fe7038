// SPDX-License-Identifier: MIT
#include "dsp/detector/voice_cues.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <set>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using test::Signal;

constexpr int rate_hz = 8000;
constexpr auto block = static_cast<std::int64_t>(sub_block_size);
constexpr TonePair key_5{1, 1, {770.0}, {1336.0}};
constexpr double key_dbm0 = -13.0; // of each tone

// A key sounds from sub-block 14 to the end.
constexpr std::int64_t onset_block = 14;
constexpr std::int64_t sub_blocks = 22;
constexpr SampleIndex onset = onset_block * block;

Signal line() {
    return Signal(static_cast<std::size_t>(sub_blocks * block), 0.0);
}

void add_key(Signal& signal, SampleIndex from = onset) {
    const double ms = 1000.0 * static_cast<double>(std::ssize(signal) - from) / rate_hz;
    test::mix_into(
        signal,
        test::sound({.key = '5', .tone_ms = ms, .low_dbm0 = key_dbm0, .high_dbm0 = key_dbm0}, rate_hz),
        static_cast<std::size_t>(from));
}

Signal key() {
    Signal signal = line();
    add_key(signal);
    return signal;
}

// All harmonics of 191 Hz up to 3.8 kHz. The fourth and the seventh, 764 and 1337 Hz, are as loud as a key's
// tones, and the others 8 dB weaker.
Signal harmonics(SampleIndex from) {
    Signal signal = line();
    const double loud = std::pow(10.0, (key_dbm0 - test::full_scale_sine_dbm0) / 20.0);
    for (int k = 1; 191 * k < 3800; ++k) {
        const double peak = k == 4 || k == 7 ? loud : 0.4 * loud;
        const double phase = 0.7 * k * k;
        for (SampleIndex n = from; n < std::ssize(signal); ++n) {
            signal[static_cast<std::size_t>(n)] +=
                peak *
                std::sin(2.0 * std::numbers::pi * 191.0 * k * static_cast<double>(n) / rate_hz + phase);
        }
    }
    return signal;
}

// From which sub-block on samples are kept, and which sub-blocks are lost.
struct Arrival {
    std::int64_t kept_from = 0;
    std::set<std::int64_t> lost{};
};

void push(ToneTracker& tracker, const Signal& signal, const Arrival& arrival = {}) {
    const auto samples = test::to_pcm16(signal);
    const auto count = std::ssize(samples) / block;
    for (std::int64_t b = 0; b < count; ++b) {
        tracker.push(SubBlock(samples.data() + b * block, sub_block_size), arrival.lost.contains(b),
                     b >= arrival.kept_from);
    }
}

// The cues of the last eight sub-blocks.
VoiceCues cues_of(const ToneTracker& tracker, SampleIndex began) {
    const std::int64_t end = tracker.count();
    const ToneFit fit = fit_tones(tracker, end - 8, end, key_5);
    return measure_voice(fit, tracker, end - 8, end, began);
}

VoiceCues cues_of(const Signal& signal, const Arrival& arrival = {}) {
    ToneTracker tracker;
    push(tracker, signal, arrival);
    return cues_of(tracker, onset);
}

void expect_same(const VoiceCues& one, const VoiceCues& other) {
    EXPECT_EQ(one.pitch_correlation, other.pitch_correlation);
    EXPECT_EQ(one.flatness.value, other.flatness.value);
    EXPECT_EQ(one.neighbour_over_tone.value, other.neighbour_over_tone.value);
    EXPECT_EQ(one.share_below_600_hz.value, other.share_below_600_hz.value);
    EXPECT_EQ(one.before_over_tone.value, other.before_over_tone.value);
}

TEST(VoiceCues, HarmonicsOfOnePitchShowAVoice) {
    const VoiceCues cues = cues_of(harmonics(0));
    EXPECT_GT(cues.pitch_correlation, 0.9);
    EXPECT_LT(cues.flatness.value, -4.0);
    // The harmonics next to the two, 191 Hz away, are 8 dB weaker.
    EXPECT_NEAR(cues.neighbour_over_tone.value, -8.0, 2.0);
    // Three of the seventeen others: 191, 382 and 573 Hz.
    EXPECT_NEAR(cues.share_below_600_hz.value, 10.0 * std::log10(3.0 / 17.0), 1.0);
    EXPECT_GT(cues.before_over_tone.value, -2.0);
}

TEST(VoiceCues, WhiteNoiseShowsNone) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Signal signal = key();
        test::mix_into(signal, test::white_noise(signal.size(), key_dbm0, seed), 0); // 3 dB below the key
        const VoiceCues cues = cues_of(signal);
        EXPECT_LT(cues.pitch_correlation, 0.33) << seed;
        EXPECT_GT(cues.flatness.value, -5.0) << seed;
        EXPECT_LT(cues.neighbour_over_tone.value, -8.0) << seed;
        EXPECT_LT(cues.share_below_600_hz.value, -3.0) << seed;
        EXPECT_LT(cues.before_over_tone.value, -5.0) << seed;
    }
}

// Of a key alone, the residual is the rounding to 16 bits: white.
TEST(VoiceCues, AKeyOutOfSilenceBeganThere) {
    const VoiceCues cues = cues_of(key());
    EXPECT_LT(cues.pitch_correlation, 0.5);
    EXPECT_LT(cues.neighbour_over_tone.value, -60.0);
    EXPECT_EQ(cues.before_over_tone.value, -25.0);
}

TEST(VoiceCues, WhatSoundedBeforeIsNoOnset) {
    Signal always = line();
    add_key(always, 0);
    EXPECT_NEAR(cues_of(always).before_over_tone.value, 0.0, 0.1);

    // One silent window is enough: the tones began between the two windows.
    Signal rung = line();
    add_key(rung, onset - 50);
    EXPECT_EQ(cues_of(rung).before_over_tone.value, -25.0);

    // 12 dB weaker until the onset.
    Signal risen = line();
    add_key(risen, 0);
    for (std::size_t n = 0; n < static_cast<std::size_t>(onset); ++n) {
        risen[n] *= 0.25;
    }
    EXPECT_NEAR(cues_of(risen).before_over_tone.value, -12.0, 0.2);
}

TEST(VoiceCues, AnOffsetAndHumAreNoVoice) {
    Signal signal = key();
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double turns = 50.0 * static_cast<double>(n) / rate_hz;
        signal[n] += 0.01 + 0.02 * std::sin(2.0 * std::numbers::pi * turns);
    }
    test::mix_into(signal, test::white_noise(signal.size(), -40.0, 5), 0);
    const VoiceCues cues = cues_of(signal);
    EXPECT_LT(cues.pitch_correlation, 0.5);
    EXPECT_LT(cues.share_below_600_hz.value, -3.0);
}

// Whatever samples are in the place of those that were lost.
TEST(VoiceCues, WhatWasLostIsLeftOut) {
    Signal clean = key();
    test::mix_into(clean, test::white_noise(clean.size(), -30.0, 3), 0);
    Signal dirty = clean;
    for (const std::int64_t b : {onset_block + 2, onset_block + 3}) {
        std::fill_n(dirty.begin() + b * block, block, 0.9);
    }
    const Arrival without{.lost = {onset_block + 2, onset_block + 3}};
    expect_same(cues_of(clean, without), cues_of(dirty, without));
    EXPECT_LT(cues_of(clean, without).pitch_correlation, 0.4);
    EXPECT_GT(cues_of(dirty).share_below_600_hz.value, cues_of(clean).share_below_600_hz.value + 3.0);
}

// Nothing is known about what was before: it says little for the key.
TEST(VoiceCues, ALossBeforeTheOnsetTellsLittle) {
    Signal loud = key();
    std::fill_n(loud.begin() + (onset_block - 3) * block, 3 * block, 0.5);
    const Arrival lost{.lost = {onset_block - 3, onset_block - 2, onset_block - 1}};
    EXPECT_EQ(cues_of(key(), lost).before_over_tone.value, -5.0);
    expect_same(cues_of(key(), lost), cues_of(loud, lost));
}

// What is not kept was too soft to be examined.
TEST(VoiceCues, WhatIsNotKeptWasSilence) {
    const Arrival kept_late{.kept_from = onset_block};
    ToneTracker tracker;
    push(tracker, key(), kept_late);
    expect_same(cues_of(tracker, onset), cues_of(key()));
    // Nothing is known of what is further back than anything that is kept.
    Signal long_key(static_cast<std::size_t>(40 * block), 0.0);
    add_key(long_key, 4 * block);
    ToneTracker later;
    push(later, long_key);
    EXPECT_EQ(cues_of(later, 4 * block).before_over_tone.value, -5.0);
}

TEST(VoiceCues, DoNotDependOnWhatTheTrackerHeardLongBefore) {
    // Thirty sub-blocks, and fifteen of silence.
    const auto prelude = [](bool loud) {
        Signal signal(static_cast<std::size_t>(30 * block), 0.0);
        if (loud) {
            add_key(signal, 0);
            test::mix_into(signal, test::white_noise(signal.size(), -12.0, 8), 0);
        }
        test::append_silence(signal, static_cast<std::size_t>(15 * block));
        return signal;
    };
    Signal heard = key();
    test::mix_into(heard, test::white_noise(heard.size(), -20.0, 9), 0);
    ToneTracker silent;
    push(silent, prelude(false), {.kept_from = 100});
    push(silent, heard);
    ToneTracker loud;
    push(loud, prelude(true), {.kept_from = 100});
    push(loud, heard);
    expect_same(cues_of(loud, 45 * block + onset), cues_of(silent, 45 * block + onset));
}

// All harmonics of a gliding pitch, for 180 ms, in a mouth that resonates near a key's two frequencies.
struct Vowel {
    double pitch_hz;
    double glide; ///< Change from the beginning to the end, as a share of the pitch.
    double first_hz;
    double second_hz;
    double second_db; ///< Level of the second resonance relative to the first.

    [[nodiscard]] double peak(int harmonic) const {
        const auto resonance = [&](double centre_hz, double width_hz) {
            const double off = 2.0 * (harmonic * pitch_hz - centre_hz) / width_hz;
            return 1.0 / (1.0 + off * off);
        };
        return 12.0 / (harmonic * pitch_hz) + resonance(first_hz, 100.0) +
               std::pow(10.0, second_db / 20.0) * resonance(second_hz, 140.0) +
               0.12 * resonance(2700.0, 200.0);
    }
    [[nodiscard]] int harmonics() const { return static_cast<int>(3800.0 / pitch_hz); }
};

// Power of the harmonics nearest to two frequencies over that of all others.
double snr_db(const Vowel& vowel, double low_hz, double high_hz) {
    double tones = 0.0;
    double others = 0.0;
    for (int k = 1; k <= vowel.harmonics(); ++k) {
        const bool is_tone =
            k == std::lround(low_hz / vowel.pitch_hz) || k == std::lround(high_hz / vowel.pitch_hz);
        (is_tone ? tones : others) += std::pow(vowel.peak(k), 2.0);
    }
    return 10.0 * std::log10(tones / others);
}

// Begins 75 ms into a line that is almost silent.
Signal line_with(const Vowel& vowel) {
    constexpr double ms = 180.0;
    Signal voice(test::sample_count(ms, rate_hz));
    double turns = 0.0;
    for (std::size_t n = 0; n < voice.size(); ++n) {
        const double at_ms = 1000.0 * static_cast<double>(n) / rate_hz;
        turns += vowel.pitch_hz * (1.0 + vowel.glide * (at_ms / ms - 0.5)) / rate_hz;
        for (int k = 1; k <= vowel.harmonics(); ++k) {
            voice[n] += vowel.peak(k) * std::sin(2.0 * std::numbers::pi * k * turns + 1.3 * k * k);
        }
        voice[n] *= std::min({1.0, at_ms / 25.0, (ms - at_ms) / 60.0});
    }
    Signal signal(test::sample_count(75.0, rate_hz), 0.0);
    test::append(signal, test::at_level(std::move(voice), -14.0));
    test::append_silence(signal, test::sample_count(200.0, rate_hz));
    test::mix_into(signal, test::white_noise(signal.size(), -62.0, 1), 0);
    return signal;
}

bool is_harmonic(double hz, double pitch_hz) {
    return std::abs(hz / pitch_hz - std::round(hz / pitch_hz)) * pitch_hz < 0.01 * hz;
}

// From a man's voice to a child's: every pitch at which two harmonics are within 1 % of a key's tones. The
// resonances are near those; the rest of the voice is as strong as in voices that had been taken for keys,
// which had an SNR of 4.4 dB at most.
TEST(VoiceCues, AVowelIsNoKey) {
    int vowels = 0;
    for (const double low : {697.0, 770.0, 852.0, 941.0}) {
        for (const double high : {1209.0, 1336.0, 1477.0, 1633.0}) {
            for (double pitch = 104.0; pitch <= 234.0; pitch += 0.7) {
                if (!is_harmonic(low, pitch) || !is_harmonic(high, pitch)) {
                    continue;
                }
                for (const double glide : {-0.035, -0.015, 0.0, 0.012}) {
                    const double beside = (vowels % 2 == 0 ? 0.4 : -0.35) * pitch;
                    const Vowel vowel{pitch, glide, low + beside, high - beside, vowels % 3 * -4.0};
                    if (snr_db(vowel, low, high) <= 4.4) {
                        const auto heard = test::hear(test::to_pcm16(line_with(vowel)), rate_hz);
                        EXPECT_EQ(test::digits(heard), "")
                            << pitch << " Hz, glide " << glide << ", " << low << " and " << high << " Hz, "
                            << snr_db(vowel, low, high) << " dB";
                        ++vowels;
                    }
                }
            }
        }
    }
    EXPECT_GT(vowels, 100);
}

} // namespace
} // namespace keytone
