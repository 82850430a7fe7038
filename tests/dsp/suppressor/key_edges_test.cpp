// SPDX-License-Identifier: MIT
#include "dsp/offered_rates.hpp"
#include "dsp/suppressor/key_edges.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

constexpr Hertz low{770};
constexpr Hertz high{1336};

struct Line {
    Samples samples;
    SampleIndex begin;
    SampleIndex end;
};

double samples_between(SampleIndex one, SampleIndex other) {
    return static_cast<double>(std::abs(one - other));
}

/// A 5 of 100 ms, 200 ms after the line's beginning, and noise so far below 0 dBm0.
Line line_with_a_five(int rate_hz, double noise_dbm0) {
    test::Signal signal(static_cast<std::size_t>(rate_hz / 5));
    const auto begin = static_cast<SampleIndex>(signal.size());
    test::append(signal,
                 test::sound({.key = '5', .tone_ms = 100, .low_dbm0 = -12, .high_dbm0 = -12}, rate_hz));
    const auto end = static_cast<SampleIndex>(signal.size());
    test::append_silence(signal, static_cast<std::size_t>(rate_hz / 5));
    test::mix_into(signal, test::white_noise(signal.size(), noise_dbm0, 1), 0);
    return {test::to_pcm16(signal), begin, end};
}

KeyEdges heard(const Line& line, int rate_hz, SampleIndex until) {
    KeyEdges edges(*SampleRate::from_hz(rate_hz));
    edges.hear(std::span(line.samples).first(static_cast<std::size_t>(until)));
    return edges;
}

/// Until 100 ms behind the key.
KeyEdges heard(const Line& line, int rate_hz) {
    return heard(line, rate_hz, line.end + rate_hz / 10);
}

TEST(KeyEdges, AreFoundFromRoughOnesAtAnyRate) {
    for (const int rate_hz : offered_rates_hz) {
        const Line line = line_with_a_five(rate_hz, -60.0);
        const KeyEdges sounding = heard(line, rate_hz, line.begin + rate_hz / 20);
        const KeyEdges edges = heard(line, rate_hz);
        for (const int off_ms : {-10, -3, 0, 3, 10}) {
            const SampleCount off = SampleCount{off_ms} * rate_hz / 1000;
            EXPECT_LE(samples_between(sounding.begin(line.begin + off, low, high).at, line.begin),
                      rate_hz / 2000.0)
                << rate_hz << ' ' << off_ms;
            EXPECT_LE(samples_between(edges.end(line.begin, line.end + off, low, high).at, line.end),
                      rate_hz / 2000.0)
                << rate_hz << ' ' << off_ms;
        }
    }
}

TEST(KeyEdges, AreFoundInNoiseAsLoudAsTheKey) {
    const Line line = line_with_a_five(8000, -9.0);
    const KeyEdges edges = heard(line, 8000);
    const auto end = edges.end(line.begin, line.end + 24, low, high);
    EXPECT_LE(samples_between(end.at, line.end), 16);
    EXPECT_GT(end.rest, 0.5F);
    EXPECT_LT(heard(line_with_a_five(8000, -60.0), 8000).end(line.begin, line.end, low, high).rest, 0.01F);
}

/// A key of 15 ms in the midst of sound that is twice as loud, its edges known to a few milliseconds.
TEST(KeyEdges, AreFoundInTheMidstOfLouderSound) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        test::Signal signal = test::white_noise(1600, -6.0, 3 * seed + 1);
        test::append(signal,
                     test::sound({.key = '5', .tone_ms = 15, .low_dbm0 = -12, .high_dbm0 = -12}, 8000));
        test::append(signal, test::white_noise(1600, -6.0, 3 * seed + 3));
        const Samples in = test::to_pcm16(signal);
        KeyEdges edges(SampleRate::narrowband());
        edges.hear(std::span(in).first(1600 + 120));
        EXPECT_LE(samples_between(edges.begin(1600 - 24, low, high).at, 1600), 16) << seed;
        edges.reset();
        edges.hear(in);
        EXPECT_LE(samples_between(edges.end(1600, 1600 + 120 - 24, low, high).at, 1600 + 120), 20) << seed;
    }
}

TEST(KeyEdges, TheEndIsFoundFromTheBegin) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        test::Signal signal(1600);
        test::append(signal,
                     test::sound({.key = '5', .tone_ms = 50, .low_dbm0 = -12, .high_dbm0 = -12}, 8000));
        test::append_silence(signal, 1600);
        test::mix_into(signal, test::white_noise(signal.size(), -6.0, seed), 0);
        KeyEdges edges(SampleRate::narrowband());
        edges.hear(test::to_pcm16(signal));
        EXPECT_LE(samples_between(edges.end(1600, 1600 + 16, low, high).at, 1600 + 400), 40) << seed;
    }
}

/// As far as 80 ms behind where it was told to end, and no further than its tones go on.
TEST(KeyEdges, GoOnAsLongAsTheTonesDo) {
    const Line line = line_with_a_five(8000, -60.0);
    const KeyEdges edges = heard(line, 8000);
    EXPECT_LE(samples_between(edges.end(line.begin, line.end - 400, low, high).at, line.end), 3);
    EXPECT_LE(samples_between(edges.begin(line.begin + 400, low, high).at, line.begin), 3);
}

TEST(KeyEdges, DoNotReachOverAPauseToTheSameKey) {
    test::Signal signal(800);
    const test::KeyPress five{.key = '5', .tone_ms = 50};
    test::append(signal, test::sound(five, 8000));
    test::append_silence(signal, 160); // 20 ms
    test::append(signal, test::sound(five, 8000));
    test::append_silence(signal, 800);
    const Samples in = test::to_pcm16(signal);
    KeyEdges edges(SampleRate::narrowband());
    edges.hear(in);
    EXPECT_LE(samples_between(edges.end(800, 1200, low, high).at, 1200), 3);
    EXPECT_LE(samples_between(edges.begin(1360, low, high).at, 1360), 3);
}

// The detector is off by up to 10 ms, and a little more is found.
TEST(KeyEdges, AreFoundFromFarther) {
    const Line line = line_with_a_five(8000, -60.0);
    const KeyEdges edges = heard(line, 8000);
    EXPECT_LE(samples_between(edges.begin(line.begin - 96, low, high).at, line.begin), 3);
    EXPECT_LE(samples_between(edges.end(line.begin, line.end + 96, low, high).at, line.end), 3);
}

// In silence each of three fits brings an edge nearer by 15 to 17 ms.
TEST(KeyEdges, AreFoundFromAsFarAsThreeFitsReach) {
    constexpr double silence_dbm0 = -120.0;
    const Line line = line_with_a_five(8000, silence_dbm0);
    const auto begin_from = [&, edges = heard(line, 8000, line.begin + 320)](SampleCount off) {
        return samples_between(edges.begin(line.begin - off, low, high).at, line.begin);
    };
    const auto end_from = [&, edges = heard(line, 8000)](SampleCount off) {
        return samples_between(edges.end(line.begin, line.end + off, low, high).at, line.end);
    };
    EXPECT_LE(begin_from(40 * 8), 3);
    EXPECT_LE(end_from(40 * 8), 3);
    EXPECT_GE(begin_from(55 * 8), 24) << "and no further";
    EXPECT_GE(end_from(55 * 8), 24);
}

TEST(KeyEdges, GoOnFor80MillisecondsAndNoFurther) {
    const test::Signal key =
        test::sound({.key = '5', .tone_ms = 300, .low_dbm0 = -12, .high_dbm0 = -12}, 8000);
    const Samples in = test::to_pcm16(key);
    KeyEdges edges(SampleRate::narrowband());
    edges.hear(std::span(in).first(1600));
    EXPECT_NEAR(static_cast<double>(edges.begin(1200, low, high).at), 1200.0 - 640.0, 8.0);
    edges.hear(std::span(in).subspan(1600));
    EXPECT_NEAR(static_cast<double>(edges.end(0, 1200, low, high).at), 1200.0 + 640.0, 8.0);
}

// A key of 100 ms that pauses 12 ms from either edge, for as long: an edge is looked for from behind it on.
TEST(KeyEdges, AreFoundBesideAPauseWithinTheKey) {
    test::Signal signal(800);
    test::append(signal, test::sound({.key = '5', .tone_ms = 100}, 8000));
    std::fill_n(signal.begin() + 800 + 96, 96, 0.0);
    std::fill_n(signal.end() - 96 - 96, 96, 0.0);
    test::append_silence(signal, 400);
    const Samples in = test::to_pcm16(signal);
    KeyEdges edges(SampleRate::narrowband());
    edges.hear(std::span(in).first(800 + 480));
    EXPECT_LE(samples_between(edges.begin(800, low, high).at, 800), 3);
    edges.hear(std::span(in).subspan(800 + 480));
    EXPECT_LE(samples_between(edges.end(800, 1600, low, high).at, 1600), 3);
}

// 9 ms of a key in noise as loud, of tones that lie close together.
TEST(KeyEdges, ABeginIsFoundInTheFirstMilliseconds) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const test::KeyPress star{.key = '*',
                                  .tone_ms = 40,
                                  .low_dbm0 = -12,
                                  .high_dbm0 = -12,
                                  .low_phase = 1.1 * static_cast<double>(seed),
                                  .high_phase = 2.3 * static_cast<double>(seed)};
        test::Signal signal(800);
        test::append(signal, test::sound(star, 8000));
        test::mix_into(signal, test::white_noise(signal.size(), -8.0, 3 * seed + 3), 0);
        const Samples in = test::to_pcm16(signal);
        KeyEdges edges(SampleRate::narrowband());
        edges.hear(std::span(in).first(800 + 72));
        EXPECT_LE(samples_between(edges.begin(800, Hertz{941}, Hertz{1209}).at, 800), 12) << seed;
    }
}

/// What is left beside the tones of a key so short, told to begin at an offset, between much louder sound.
float rest_of_a_short_key(double tone_ms, SampleCount told_later) {
    const auto loud = [](std::uint64_t seed) { return test::white_noise(800, 0.0, seed); };
    test::Signal signal = loud(1);
    test::append(signal,
                 test::sound({.key = '5', .tone_ms = tone_ms, .low_dbm0 = -20, .high_dbm0 = -20}, 8000));
    const auto end = static_cast<SampleIndex>(signal.size());
    test::append(signal, loud(2));
    KeyEdges edges(SampleRate::narrowband());
    edges.hear(test::to_pcm16(signal));
    return edges.end(800 + told_later, end, low, high).rest;
}

// A fit has 8 ms, and keeps 2 ms away from the edge that it was told.
TEST(KeyEdges, NothingOutsideAShortKeyIsFitted) {
    EXPECT_LT(rest_of_a_short_key(10.0, 0), 0.01F);
    EXPECT_LT(rest_of_a_short_key(12.0, -14), 0.01F) << "begins 1.75 ms later than told";
    EXPECT_GT(rest_of_a_short_key(12.0, -20), 0.1F) << "2.5 ms";
}

TEST(KeyEdges, ReachOverWhatIsShorterThanAPause) {
    const auto end_with_gap = [](std::size_t gap) {
        test::Signal signal(800);
        test::append(signal, test::sound({.key = '5', .tone_ms = 120}, 8000));
        std::fill_n(signal.begin() + 800 + 480, gap, 0.0);
        test::append_silence(signal, 800);
        KeyEdges edges(SampleRate::narrowband());
        edges.hear(test::to_pcm16(signal));
        return edges.end(800, 800 + 480, low, high).at;
    };
    EXPECT_LE(samples_between(end_with_gap(48), 800 + 960), 3) << "6 ms";
    EXPECT_LE(samples_between(end_with_gap(80), 800 + 480), 3) << "10 ms";
}

/// A key of 100 ms, with so much on either side that goes on like it, but weaker. How far outside of the key
/// its edges are found, in samples.
struct Outside {
    SampleCount begin;
    SampleCount end;
};
Outside beyond_the_key(double weaker_ms, double share) {
    const std::size_t weaker = test::sample_count(weaker_ms, 8000);
    test::Signal signal = test::sound({.key = '5', .tone_ms = 100.0 + 2.0 * weaker_ms}, 8000);
    for (std::size_t i = 0; i < weaker; ++i) {
        signal[i] *= share;
        signal[signal.size() - 1 - i] *= share;
    }
    signal.insert(signal.begin(), 1600, 0.0);
    test::append_silence(signal, 1600);
    const Samples in = test::to_pcm16(signal);
    const auto begin = static_cast<SampleIndex>(1600 + weaker);
    KeyEdges edges(SampleRate::narrowband());
    edges.hear(std::span(in).first(static_cast<std::size_t>(begin) + 320));
    const SampleIndex found = edges.begin(begin, low, high).at;
    edges.hear(std::span(in).subspan(static_cast<std::size_t>(begin) + 320));
    return {begin - found, edges.end(begin, begin + 800, low, high).at - (begin + 800)};
}

// Speech at the edge sometimes goes on like the tones for a moment.
TEST(KeyEdges, WhatTheTonesHardlyExplainIsOutside) {
    EXPECT_LE(beyond_the_key(3.0, 0.6).begin, 2);
    EXPECT_LE(beyond_the_key(3.0, 0.6).end, 2);
    EXPECT_GE(beyond_the_key(3.0, 0.9).begin, 20) << "explained surely";
    EXPECT_GE(beyond_the_key(3.0, 0.9).end, 20);
}

// More than a moment is the key under other sound.
TEST(KeyEdges, WhatTheTonesHardlyExplainForLongIsInside) {
    EXPECT_NEAR(static_cast<double>(beyond_the_key(10.0, 0.6).begin), 80 - 32, 4);
    EXPECT_NEAR(static_cast<double>(beyond_the_key(10.0, 0.6).end), 80 - 32, 4);
}

TEST(KeyEdges, FreshAfterReset) {
    const Line line = line_with_a_five(8000, -30.0);
    KeyEdges used = heard(line_with_a_five(8000, -9.0), 8000);
    used.reset();
    used.hear(line.samples);
    KeyEdges fresh(SampleRate::narrowband());
    fresh.hear(line.samples);
    EXPECT_EQ(used.end(line.begin, line.end, low, high).at, fresh.end(line.begin, line.end, low, high).at);
}

} // namespace
} // namespace keytone
