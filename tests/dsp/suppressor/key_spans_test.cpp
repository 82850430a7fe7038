// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_spans.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <array>
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
