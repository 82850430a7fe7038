// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_redactor.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

std::vector<KeySpan> spans_of(const Samples& in, std::size_t block) {
    KeyRedactor redactor(SampleRate::narrowband());
    std::vector<KeySpan> spans;
    const auto take = [&](const KeySpan& span) { spans.push_back(span); };
    for (std::size_t at = 0; at < in.size(); at += block) {
        redactor.hear(std::span(in).subspan(at, std::min(block, in.size() - at)));
        redactor.forget_before(redactor.settled(), take);
    }
    redactor.finish();
    EXPECT_EQ(redactor.settled(), std::ssize(in));
    redactor.forget_before(KeySpan::open, take);
    std::ranges::sort(spans, {}, &KeySpan::begin);
    return spans;
}

Samples line() {
    test::Signal signal = test::white_noise(60'000, -50.0, 2);
    for (std::size_t i = 0; i < 16; ++i) {
        test::mix_into(signal, test::sound({.key = test::all_keys[i], .tone_ms = 45.0}, 8000),
                       3000 * i + 401);
    }
    return test::to_pcm16(signal);
}

TEST(KeyRedactor, FindsEachKeyOnce) {
    const auto spans = spans_of(line(), 4096);
    ASSERT_EQ(spans.size(), 16U);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        EXPECT_EQ(spans[i].key.character(), test::all_keys[i]);
        EXPECT_GE(spans[i].begin, static_cast<SampleIndex>(3000 * i + 401));
        EXPECT_LE(spans[i].end, static_cast<SampleIndex>(3000 * i + 401 + 360));
    }
}

TEST(KeyRedactor, DoesNotDependOnTheBlocks) {
    const auto expected = spans_of(line(), 4096);
    for (const std::size_t block : {1U, 100U, 1000U, 50'000U}) {
        EXPECT_EQ(spans_of(line(), block), expected) << block;
    }
}

// A key that sounds when the recording ends.
TEST(KeyRedactor, FindsAKeyAtTheVeryEnd) {
    test::Signal signal(8000);
    test::append(signal, test::sound({.key = '5', .tone_ms = 50.0}, 8000));
    const auto spans = spans_of(test::to_pcm16(signal), 4096);
    ASSERT_EQ(spans.size(), 1U);
    EXPECT_GE(spans[0].end, 8000 + 400 - 12);
}

// A second key that only the last hearing takes: it counts where another one is beside it.
struct Neighbour {
    double apart_ms = 500.0; ///< From the end of the one that is sure to the begin of the other.
    double high_louder_db = 0.0;
    bool comes_first = true;
};

/// Both at -15 dBm0 a tone, but for what makes one louder; `over` is added to the one that is not sure.
Samples beside_a_key(const test::KeyPress& unsure, const test::Signal& over, const Neighbour& sure) {
    test::Signal signal(40'000);
    const std::size_t at = 20'000;
    const std::size_t apart = test::sample_count(sure.apart_ms, 8000);
    const test::KeyPress nine{
        .key = '9', .tone_ms = 100.0, .low_dbm0 = -15.0, .high_dbm0 = -15.0 + sure.high_louder_db};
    const test::Signal other = test::sound(nine, 8000);
    test::mix_into(signal, other, sure.comes_first ? at - apart - other.size() : at + apart);
    test::mix_into(signal, test::sound(unsure, 8000), at);
    test::mix_into(signal, over, at - 1600);
    return test::to_pcm16(signal);
}

bool is_found(const Samples& in) {
    const auto spans = spans_of(in, 4096);
    return std::ranges::any_of(spans, [](const KeySpan& span) { return span.key.character() == '5'; });
}

// Loud noise hides all but a moment of it.
Samples short_beside(const Neighbour& sure) {
    return beside_a_key({.key = '5', .tone_ms = 34.0, .low_dbm0 = -15.0, .high_dbm0 = -15.0},
                        test::white_noise(3600, -15.0, 1), sure);
}

TEST(KeyRedactor, AShortKeyAmongSpeechCountsBesideAnother) {
    EXPECT_TRUE(is_found(short_beside({}))) << "behind it";
    EXPECT_TRUE(is_found(short_beside({.comes_first = false}))) << "before it";
    EXPECT_TRUE(is_found(short_beside({.apart_ms = 780.0})));
    EXPECT_TRUE(is_found(short_beside({.apart_ms = 780.0, .comes_first = false})));
    EXPECT_FALSE(is_found(short_beside({.apart_ms = 850.0})));
    EXPECT_FALSE(is_found(short_beside({.apart_ms = 850.0, .comes_first = false})));
}

TEST(KeyRedactor, OnlyAKeyAsLoudIsBesideAnother) {
    EXPECT_TRUE(is_found(short_beside({.high_louder_db = 2.0})));
    EXPECT_TRUE(is_found(short_beside({.high_louder_db = -2.0})));
    EXPECT_FALSE(is_found(short_beside({.high_louder_db = 7.0})));
    EXPECT_FALSE(is_found(short_beside({.high_louder_db = -7.0})));
}

/// A voice: the harmonics of 250 Hz, falling off by the octave.
test::Signal voice(std::size_t count, double dbm0) {
    test::Signal sum(count);
    for (int harmonic = 1; harmonic < 25; ++harmonic) {
        for (std::size_t i = 0; i < count; ++i) {
            const double phase = 2.0 * std::numbers::pi * 250.0 * harmonic * static_cast<double>(i) / 8000.0;
            sum[i] += std::sin(phase + harmonic * harmonic) / harmonic;
        }
    }
    return test::at_level(sum, dbm0);
}

TEST(KeyRedactor, AKeyUnderAVoiceAsLoudCountsBesideAnother) {
    const test::KeyPress five{.key = '5', .tone_ms = 60.0, .low_dbm0 = -15.0, .high_dbm0 = -15.0};
    const test::Signal over = voice(3600, -10.0);
    EXPECT_TRUE(is_found(beside_a_key(five, over, {})));
    EXPECT_FALSE(is_found(beside_a_key(five, over, {.apart_ms = 850.0}))) << "a voice alone";
}

// Too short for the detector: only a receiver that guesses tells it.
Samples guess_beside(const Neighbour& sure) {
    const test::KeyPress five{.key = '5', .tone_ms = 18.0, .low_dbm0 = -15.0, .high_dbm0 = -15.0};
    return beside_a_key(five, test::Signal(1), sure);
}

TEST(KeyRedactor, AGuessCountsBesideAKey) {
    EXPECT_TRUE(is_found(guess_beside({}))) << "behind it";
    EXPECT_TRUE(is_found(guess_beside({.comes_first = false}))) << "before it";
    EXPECT_TRUE(is_found(guess_beside({.apart_ms = 890.0})));
    EXPECT_TRUE(is_found(guess_beside({.apart_ms = 870.0, .comes_first = false})));
    EXPECT_FALSE(is_found(guess_beside({.apart_ms = 950.0})));
    EXPECT_FALSE(is_found(guess_beside({.apart_ms = 950.0, .comes_first = false})));
}

TEST(KeyRedactor, AGuessIsAsLoudAsTheKeyBesideIt) {
    EXPECT_TRUE(is_found(guess_beside({.high_louder_db = 3.5})));
    EXPECT_TRUE(is_found(guess_beside({.high_louder_db = -3.5})));
    EXPECT_FALSE(is_found(guess_beside({.high_louder_db = 6.0})));
    EXPECT_FALSE(is_found(guess_beside({.high_louder_db = -6.0})));
}

TEST(KeyRedactor, DoesNotDependOnTheBlocksBesideAKey) {
    const auto expect_same = [](const Samples& in, double apart_ms) {
        const auto expected = spans_of(in, 4096);
        for (const std::size_t block : {1U, 77U, 50'000U}) {
            EXPECT_EQ(spans_of(in, block), expected) << apart_ms << ' ' << block;
        }
    };
    for (const bool comes_first : {false, true}) {
        for (const double apart_ms : {100.0, 790.0, 795.0, 800.0, 805.0}) {
            expect_same(short_beside({.apart_ms = apart_ms, .comes_first = comes_first}), apart_ms);
        }
        for (const double apart_ms : {100.0, 880.0, 895.0, 900.0, 905.0}) {
            expect_same(guess_beside({.apart_ms = apart_ms, .comes_first = comes_first}), apart_ms);
        }
    }
}

TEST(KeyRedactor, KnowsWhatIsSettledAFixedTimeLater) {
    KeyRedactor redactor(SampleRate::narrowband());
    redactor.hear(Samples(40'000));
    EXPECT_EQ(redactor.settled(), 40'000 - 3 * 4000);
}

} // namespace
} // namespace keytone
