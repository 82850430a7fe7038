// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_spans.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

/// Silence, the key, and so much behind it.
test::Signal pressed(const test::KeyPress& press, std::size_t behind = 2000) {
    test::Signal signal(800);
    test::append(signal, test::sound(press, 8000));
    test::append_silence(signal, behind);
    return signal;
}

TEST(KeySpan, FadesInsideItself) {
    const KeySpan span{.begin = 10, .end = 30};
    const std::array<std::int32_t, 6> expected{3, 2, 1, 0, 0, 0}; // from sample 9 on, of a fade of 2
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(span.left(9 + static_cast<SampleIndex>(i), 2), expected.at(i)) << i;
        EXPECT_EQ(span.left(30 - static_cast<SampleIndex>(i), 2), expected.at(i)) << i;
    }
    const KeySpan open{.begin = 10};
    EXPECT_EQ(open.left(1'000'000, 2), 0);
}

TEST(KeySpans, LiesWithinTheKey) {
    for (const double tone_ms : {30.0, 50.0, 500.0}) {
        const Samples in = test::to_pcm16(pressed({.key = '7', .tone_ms = tone_ms}));
        KeySpans keys(SampleRate::narrowband());
        keys.hear(in);
        ASSERT_EQ(keys.spans().size(), 1U) << tone_ms;
        const KeySpan span = keys.spans()[0];
        const auto end = 800 + static_cast<SampleIndex>(8 * tone_ms);
        EXPECT_EQ(span.key.character(), '7');
        EXPECT_GE(span.begin, 800);
        EXPECT_LE(span.begin, 800 + 12);
        EXPECT_LE(span.end, end);
        EXPECT_GE(span.end, end - 12);
    }
}

TEST(KeySpans, IsOpenWhileTheKeySounds) {
    const Samples in = test::to_pcm16(pressed({.key = '7', .tone_ms = 300}));
    KeySpans keys(SampleRate::narrowband());
    keys.hear(std::span(in).first(800 + 240));
    ASSERT_EQ(keys.spans().size(), 1U); // within the look-ahead of live sound
    EXPECT_EQ(keys.spans()[0].end, KeySpan::open);
    keys.forget_before(2000);
    EXPECT_EQ(keys.spans().size(), 1U);
    keys.hear(std::span(in).subspan(800 + 240));
    keys.forget_before(5000);
    EXPECT_TRUE(keys.spans().empty());
}

// The detector goes on where a key's level falls; what is 12 dB below it, and short, is left as it is.
TEST(KeySpans, DoesNotReachIntoFaintSoundBehindTheKey) {
    test::Signal signal = pressed({.key = '1', .tone_ms = 100}, 4000);
    test::mix_into(signal, test::sound({.key = '1', .tone_ms = 25, .low_dbm0 = -34, .high_dbm0 = -32}, 8000),
                   1600);
    const Samples in = test::to_pcm16(signal);
    KeySpans keys(SampleRate::narrowband());
    keys.hear(in);
    keys.finish();
    ASSERT_FALSE(keys.spans().empty());
    EXPECT_LE(keys.spans()[0].end, 1600);
}

// An echo can be read, so it is silenced: the detector itself reports no key there.
TEST(KeySpans, HoldsEchoesToo) {
    test::Signal signal = pressed({.key = '1', .tone_ms = 60}, 4000);
    test::mix_into(signal, test::sound({.key = '1', .tone_ms = 60, .low_dbm0 = -22, .high_dbm0 = -20}, 8000),
                   800 + 480 + 400);
    const Samples in = test::to_pcm16(signal);
    KeySpans keys(SampleRate::narrowband());
    keys.hear(in);
    keys.finish();
    EXPECT_EQ(keys.spans().size(), 2U);
}

/// The span of a key of so many milliseconds that begins at sample 4000, among noise that is so much softer
/// than the key. Its begin and end are those within the key, in milliseconds; nothing is silenced where both
/// are the same.
struct Inside {
    double begin_ms;
    double end_ms;
    bool silences;
};
Inside among_noise(double tone_ms, double softer_db, std::uint64_t seed = 1) {
    const test::Signal key =
        test::sound({.key = '5', .tone_ms = tone_ms, .low_dbm0 = -15, .high_dbm0 = -15}, 8000);
    test::Signal signal = test::white_noise(key.size() + 12'000, -12.0 - softer_db, seed);
    test::mix_into(signal, key, 4000);
    KeySpans keys(SampleRate::narrowband());
    keys.hear(test::to_pcm16(signal));
    keys.finish();
    if (keys.spans().empty()) {
        return {0.0, 0.0, false};
    }
    const KeySpan span = keys.spans()[0];
    const auto end = static_cast<double>(4000 + key.size());
    return {(static_cast<double>(span.begin) - 4000.0) / 8.0, (end - static_cast<double>(span.end)) / 8.0,
            span.end > span.begin};
}

// What is no key stays as it is: the louder other sound is, the further inside the key its span lies.
TEST(KeySpans, LiesFurtherInsideAmongNoise) {
    EXPECT_NEAR(among_noise(100.0, 30.0).begin_ms, 0.5, 0.2);
    EXPECT_NEAR(among_noise(100.0, 30.0).end_ms, 0.6, 0.2);
    EXPECT_NEAR(among_noise(100.0, 3.0).begin_ms, 2.4, 0.7);
    EXPECT_NEAR(among_noise(100.0, 3.0).end_ms, 2.4, 0.7);
    EXPECT_LE(among_noise(100.0, -2.0).begin_ms, 9.0) << "and no further";
    EXPECT_NEAR(among_noise(100.0, -2.0).end_ms, 5.25, 0.5);
}

// Loud speech sometimes is a key for a moment.
TEST(KeySpans, AShortKeyAmongLoudSoundIsNone) {
    EXPECT_TRUE(among_noise(34.0, 6.0).silences) << "softer sound";
    EXPECT_FALSE(among_noise(34.0, 3.0).silences);
    EXPECT_TRUE(among_noise(42.0, 3.0).silences) << "a longer key";
}

TEST(KeySpans, AmongLoudSoundASpanKeepsAwayFromTheKeysBegin) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        EXPECT_GE(among_noise(100.0, -2.0, seed).begin_ms, 3.0) << seed;
        EXPECT_GE(among_noise(100.0, -1.0, seed).begin_ms, 3.0) << seed;
    }
}

/// The span of a key of 120 ms, within it in milliseconds, where sound as loud as that is over a part of it.
Inside hidden(double from_ms, double length_ms, double dbm0, double tone_ms = 120.0, std::uint64_t seed = 3) {
    test::Signal signal = pressed({.key = '5', .tone_ms = tone_ms, .low_dbm0 = -12, .high_dbm0 = -12}, 4000);
    const std::size_t from = test::sample_count(from_ms, 8000);
    test::mix_into(signal, test::white_noise(test::sample_count(length_ms, 8000), dbm0, seed), 800 + from);
    KeySpans keys(SampleRate::narrowband());
    keys.hear(test::to_pcm16(signal));
    keys.finish();
    EXPECT_EQ(keys.spans().size(), 1U);
    const KeySpan span = keys.spans()[0];
    return {static_cast<double>(span.begin - 800) / 8.0, static_cast<double>(span.end - 800) / 8.0, true};
}

TEST(KeySpans, FindsAHiddenBegin) {
    EXPECT_LE(hidden(0.0, 30.0, -3.0).begin_ms, 8.0);
    EXPECT_LE(hidden(0.0, 60.0, -3.0).begin_ms, 15.0);
}

TEST(KeySpans, FindsAHiddenEndOnceMoreIsHeard) {
    EXPECT_GE(hidden(30.0, 50.0, 0.0, 90.0, 2).end_ms, 80.0);
    EXPECT_GE(hidden(30.0, 50.0, 0.0, 90.0, 3).end_ms, 80.0);
}

// A codec may bend a key's first part: then its frequencies are measured wrong, but its end has its own.
TEST(KeySpans, FindsTheEndByTheKeysOwnFrequenciesToo) {
    struct Bent {
        double off_percent;
        double tone_ms;
    };
    for (const Bent first : {Bent{-2.0, 40.0}, Bent{2.0, 80.0}}) {
        test::KeyPress five{.key = '5', .tone_ms = first.tone_ms};
        five.low_offset_percent = first.off_percent;
        five.high_offset_percent = first.off_percent;
        test::Signal signal(800);
        test::append(signal, test::sound(five, 8000));
        test::append(signal, test::sound({.key = '5', .tone_ms = 40}, 8000));
        const auto end = static_cast<SampleIndex>(signal.size());
        test::append_silence(signal, 2000);
        KeySpans keys(SampleRate::narrowband());
        keys.hear(test::to_pcm16(signal));
        keys.finish();
        ASSERT_EQ(keys.spans().size(), 1U) << first.off_percent;
        EXPECT_GE(keys.spans()[0].end, end - 12) << first.off_percent;
        EXPECT_LE(keys.spans()[0].end, end) << first.off_percent;
    }
}

TEST(KeySpans, FadesForAQuarterOfAMillisecond) {
    KeySpans keys(*SampleRate::from_hz(48'000));
    keys.suppress(100, 900);
    Samples samples(1000, 10'000);
    keys.silence(0, samples);
    const auto partly =
        std::ranges::count_if(samples, [](std::int16_t sample) { return sample > 0 && sample < 10'000; });
    EXPECT_EQ(partly, 2 * 12);
}

TEST(KeySpans, MakesRoomForTheNewest) {
    KeySpans keys(SampleRate::narrowband());
    for (SampleIndex i = 0; i < 100; ++i) {
        keys.suppress(1000 * i, 1000 * i + 500);
    }
    ASSERT_EQ(keys.spans().size(), KeySpans::capacity);
    EXPECT_EQ(keys.spans().back().begin, 99'000);
}

} // namespace
} // namespace keytone
