// SPDX-License-Identifier: MIT
#include "dsp/generator/envelope.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace keytone {
namespace {

TEST(Envelope, EdgesAreRaisedCosines) {
    for (const SampleCount edge : {1, 2, 3, 16, 88, 400}) {
        const Envelope envelope(800, edge);
        for (SampleIndex i = 0; i < edge; ++i) {
            const double middle = (static_cast<double>(i) + 0.5) / static_cast<double>(edge);
            const double expected = 0.5 * (1.0 - std::cos(std::numbers::pi * middle));
            EXPECT_NEAR(static_cast<double>(envelope.gain(i)), expected, 6e-7) << edge << ' ' << i;
            EXPECT_EQ(envelope.gain(799 - i), envelope.gain(i));
        }
        for (SampleIndex i = edge; i < 800 - edge; ++i) {
            EXPECT_EQ(envelope.gain(i), 1.0F);
        }
    }
}

TEST(Envelope, RisesAllTheWay) {
    const Envelope envelope(48000, 1000);
    for (SampleIndex i = 1; i < 1000; ++i) {
        ASSERT_GE(envelope.gain(i), envelope.gain(i - 1)) << i;
    }
    EXPECT_GT(envelope.gain(0), 0.0F);
    EXPECT_LT(envelope.gain(0), 1e-6F);
    EXPECT_LE(envelope.gain(999), 1.0F);
}

TEST(Envelope, IsSilentOutsideTheTone) {
    const Envelope envelope(100, 10);
    EXPECT_EQ(envelope.gain(-1), 0.0F);
    EXPECT_EQ(envelope.gain(100), 0.0F);
    EXPECT_EQ(Envelope(0, 0).gain(0), 0.0F);
}

TEST(Envelope, WithoutEdgesIsOne) {
    const Envelope envelope(50, 0);
    for (SampleIndex i = 0; i < 50; ++i) {
        EXPECT_EQ(envelope.gain(i), 1.0F);
    }
}

TEST(Envelope, EdgesNeverOverlap) {
    EXPECT_EQ(Envelope(41, 21).edge(), 20);
    EXPECT_EQ(Envelope(40, 20).edge(), 20);
    EXPECT_EQ(Envelope(1, 5).edge(), 0);
    EXPECT_EQ(Envelope(10, -3).edge(), 0);
    EXPECT_EQ(Envelope(-10, 3).length(), 0);
}

TEST(Envelope, AppliesTheSameGainsToAnyPart) {
    for (const SampleCount edge : {0, 1, 7, 30}) {
        const Envelope envelope(60, edge);
        for (SampleIndex begin = 0; begin < 60; ++begin) {
            for (SampleIndex end = begin; end <= 60; ++end) {
                std::vector<float> samples(static_cast<std::size_t>(end - begin), 1.0F);
                envelope.apply(samples, begin);
                for (SampleIndex i = begin; i < end; ++i) {
                    ASSERT_EQ(samples[static_cast<std::size_t>(i - begin)], envelope.gain(i))
                        << begin << ' ' << i;
                }
            }
        }
    }
}

TEST(Envelope, StretchesAreOfOneKind) {
    const Envelope envelope(60, 10);
    for (SampleIndex first = 0; first < 60; ++first) {
        for (SampleCount count = 1; first + count <= 60; ++count) {
            const Envelope::Stretch stretch = envelope.stretch(first, count);
            ASSERT_GT(stretch.length, 0);
            ASSERT_LE(stretch.length, count);
            bool all = true;
            for (SampleIndex i = first; i < first + count; ++i) {
                const bool is_between = i >= 10 && i < 50;
                all = all && is_between;
                if (i < first + stretch.length) {
                    ASSERT_EQ(stretch.edge.step == 0, is_between) << first << ' ' << count;
                }
            }
            ASSERT_EQ(envelope.is_between_edges(first, count), all) << first << ' ' << count;
        }
    }
}

} // namespace
} // namespace keytone
