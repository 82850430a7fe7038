// SPDX-License-Identifier: MIT
#include "engine/rtp/playout_ring.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace keytone {
namespace {

using State = PlayoutRing::State;

std::vector<std::uint8_t> codes(std::size_t count, std::uint8_t code) {
    return std::vector<std::uint8_t>(count, code);
}

TEST(PlayoutRing, TellsWhatCameFromWhatDidNot) {
    PlayoutRing ring;
    ring.reset(1000);
    ring.write(1160, G711Law::ulaw, codes(160, 0x80));
    ring.silence(1100, 1200);
    EXPECT_EQ(ring.end(), 1320);
    EXPECT_EQ(ring.run(0, 500).state, State::unknown);
    EXPECT_EQ(ring.run(0, 500).count, 100);
    EXPECT_EQ(ring.run(100, 500).state, State::silent);
    EXPECT_EQ(ring.run(100, 500).count, 60);
    EXPECT_EQ(ring.run(160, 500).state, State::audio);
    EXPECT_EQ(ring.run(160, 500).count, 160);
    EXPECT_EQ(ring.run(320, 500).state, State::unknown);
    EXPECT_EQ(ring.run(320, 500).count, 500);
}

TEST(PlayoutRing, FirstComeIsKeptAndSilenceGivesWay) {
    PlayoutRing ring;
    ring.reset(0);
    ring.silence(0, 160);
    ring.write(0, G711Law::ulaw, codes(80, 0x80));
    ring.write(40, G711Law::ulaw, codes(80, 0x00));
    std::array<std::int16_t, 160> samples{};
    ring.read(samples);
    EXPECT_EQ(samples[79], ulaw_decode(0x80));
    EXPECT_EQ(samples[80], ulaw_decode(0x00));
    EXPECT_EQ(samples[120], 0);
    EXPECT_EQ(ring.run(120, 100).state, State::silent);
}

TEST(PlayoutRing, ForgetsWhatWasPlayedForeverAround) {
    PlayoutRing ring;
    ring.reset(0);
    for (int round = 0; round < 200; ++round) {
        const SampleIndex at = ring.begin();
        ring.write(at + 160, G711Law::alaw, codes(160, 0x2A));
        ASSERT_EQ(ring.run(0, 160).state, State::unknown);
        ASSERT_EQ(ring.run(160, 160).state, State::audio);
        ring.move_on(320);
    }
}

TEST(PlayoutRing, WritesNeitherBehindNorBeyond) {
    PlayoutRing ring;
    ring.reset(5000);
    ring.write(4900, G711Law::ulaw, codes(160, 0x80));
    EXPECT_EQ(ring.run(0, 100).count, 60);
    ring.write(ring.limit() - 10, G711Law::ulaw, codes(160, 0x80));
    EXPECT_EQ(ring.end(), ring.limit());
    ring.silence(0, 1'000'000'000);
    EXPECT_EQ(ring.end(), ring.limit());
    ring.silence(ring.limit() + 5, ring.limit() + 10);
    EXPECT_EQ(ring.end(), ring.limit());
}

TEST(PlayoutRing, MovesBackNoFurtherThanItsReserve) {
    PlayoutRing ring;
    ring.reset(100'000);
    ring.move_on(500);
    ring.move_back(300);
    EXPECT_EQ(ring.begin(), 100'200);
    EXPECT_EQ(ring.end(), 100'200);
    ring.move_back(1'000'000);
    EXPECT_EQ(ring.begin(), 100'500 - PlayoutRing::reserve);
    EXPECT_EQ(ring.run(0, 100).state, State::unknown);
}

} // namespace
} // namespace keytone
