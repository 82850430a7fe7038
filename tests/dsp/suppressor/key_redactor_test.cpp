// SPDX-License-Identifier: MIT
#include "dsp/suppressor/key_redactor.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(KeyRedactor, KnowsWhatIsSettledAFixedTimeLater) {
    KeyRedactor redactor(SampleRate::narrowband());
    redactor.hear(Samples(40'000));
    EXPECT_EQ(redactor.settled(), 40'000 - 3 * 4000);
}

} // namespace
} // namespace keytone
