// SPDX-License-Identifier: MIT
//
// The codec against the Recommendation's tables, which are written out here as decision and reconstruction
// values rather than as bits, and against two other implementations.
#include "dsp/g711.hpp"

#include <gtest/gtest.h>
#include <spandsp.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace keytone {
namespace {

// The 128 intervals of one polarity from zero up, on the Recommendation's own scale: x_n and x_{n+1} bound
// interval n, which is decoded as y_n.
struct Interval {
    int lower;
    int upper;
    double value;
};

// Table 2: a first interval of width 1, then segments of 16 whose width doubles, up to 8159; the first
// interval's value is 0.
// value is 0.
std::vector<Interval> ulaw_intervals() {
    std::vector<Interval> intervals{{0, 1, 0.0}};
    int lower = 1;
    for (int segment = 0; segment < 8; ++segment) {
        const int width = 2 << segment;
        for (int i = segment == 0 ? 1 : 0; i < 16; ++i) {
            intervals.push_back({lower, lower + width, lower + width / 2.0});
            lower += width;
        }
    }
    return intervals;
}

// Table 1: segments of 16 (the first of 32) whose width doubles, up to 4096.
std::vector<Interval> alaw_intervals() {
    std::vector<Interval> intervals;
    int lower = 0;
    for (int segment = 0; segment < 8; ++segment) {
        const int width = segment < 2 ? 2 : 2 << (segment - 1);
        for (int i = 0; i < 16; ++i) {
            intervals.push_back({lower, lower + width, lower + width / 2.0});
            lower += width;
        }
    }
    return intervals;
}

// Characters as sent: µ-law sends interval n of a positive value as 0xff - n, of a negative one as 0x7f - n;
// A-law sends 0x80 + n and n, with the even bits inverted.
std::uint8_t ulaw_character(std::size_t interval, bool negative) {
    return static_cast<std::uint8_t>((negative ? 0x7f : 0xff) - static_cast<int>(interval));
}
std::uint8_t alaw_character(std::size_t interval, bool negative) {
    return static_cast<std::uint8_t>(((negative ? 0x00 : 0x80) + static_cast<int>(interval)) ^ 0x55);
}

TEST(G711, TablesReachTheVirtualDecisionValues) {
    ASSERT_EQ(ulaw_intervals().size(), 128U);
    EXPECT_EQ(ulaw_intervals().back().upper, 8159);
    ASSERT_EQ(alaw_intervals().size(), 128U);
    EXPECT_EQ(alaw_intervals().back().upper, 4096);
}

TEST(G711, DecodesEveryUlawCharacter) {
    const auto intervals = ulaw_intervals();
    for (std::size_t n = 0; n < 128; ++n) {
        const int expected = static_cast<int>(4.0 * intervals[n].value); // 14 bits in the upper ones of 16
        EXPECT_EQ(ulaw_decode(ulaw_character(n, false)), expected) << n;
        EXPECT_EQ(ulaw_decode(ulaw_character(n, true)), -expected) << n;
    }
}

TEST(G711, DecodesEveryAlawCharacter) {
    const auto intervals = alaw_intervals();
    for (std::size_t n = 0; n < 128; ++n) {
        const int expected = static_cast<int>(8.0 * intervals[n].value); // 13 bits in the upper ones of 16
        EXPECT_EQ(alaw_decode(alaw_character(n, false)), expected) << n;
        EXPECT_EQ(alaw_decode(alaw_character(n, true)), -expected) << n;
    }
}

TEST(G711, EncodesEveryLinearValueAsUlaw) {
    const auto intervals = ulaw_intervals();
    for (int linear = -32768; linear <= 32767; ++linear) {
        const double magnitude = std::abs(linear) / 4.0;
        std::size_t n = 0;
        while (n < 127 && magnitude >= intervals[n].upper) {
            ++n;
        }
        ASSERT_EQ(ulaw_encode(static_cast<std::int16_t>(linear)), ulaw_character(n, linear < 0)) << linear;
    }
}

// A positive value equal to a decision value belongs to the interval above it; a negative one belongs to the
// interval nearer to zero, as the intervals are half open in one direction along the whole scale.
TEST(G711, EncodesEveryLinearValueAsAlaw) {
    const auto intervals = alaw_intervals();
    for (int linear = -32768; linear <= 32767; ++linear) {
        const double magnitude = std::abs(linear) / 8.0;
        std::size_t n = 0;
        while (n < 127 && (linear < 0 ? magnitude > intervals[n].upper : magnitude >= intervals[n].upper)) {
            ++n;
        }
        ASSERT_EQ(alaw_encode(static_cast<std::int16_t>(linear)), alaw_character(n, linear < 0)) << linear;
    }
}

TEST(G711, EveryCharacterSurvivesARoundTrip) {
    for (int code = 0; code < 256; ++code) {
        const auto character = static_cast<std::uint8_t>(code);
        EXPECT_EQ(alaw_encode(alaw_decode(character)), character);
        // The two zeros of µ-law are the same linear sample.
        EXPECT_EQ(ulaw_encode(ulaw_decode(character)), character == 0x7f ? 0xff : character);
    }
}

TEST(G711, AgreesWithSpandspOnEveryCharacter) {
    for (int code = 0; code < 256; ++code) {
        const auto character = static_cast<std::uint8_t>(code);
        EXPECT_EQ(alaw_decode(character), alaw_to_linear(character));
        EXPECT_EQ(ulaw_decode(character), ulaw_to_linear(character));
    }
}

TEST(G711, SpansAgreeWithSingleSamples) {
    std::array<std::uint8_t, 256> codes{};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = static_cast<std::uint8_t>(i);
    }
    for (const G711Law law : {G711Law::ulaw, G711Law::alaw}) {
        std::array<std::int16_t, 256> linear{};
        std::array<std::uint8_t, 256> again{};
        g711_decode(law, codes, linear);
        g711_encode(law, linear, again);
        for (std::size_t i = 0; i < codes.size(); ++i) {
            EXPECT_EQ(linear[i], law == G711Law::ulaw ? ulaw_decode(codes[i]) : alaw_decode(codes[i]));
            EXPECT_EQ(again[i], law == G711Law::ulaw ? ulaw_encode(linear[i]) : alaw_encode(linear[i]));
        }
    }
}

} // namespace
} // namespace keytone
