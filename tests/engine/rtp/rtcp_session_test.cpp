// SPDX-License-Identifier: MIT
#include "engine/rtp/rtcp_session.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone {
namespace {

NtpTime seconds(double s) {
    return static_cast<NtpTime>(s * 4294967296.0);
}

// RFC 3550, figure 2: LSR b705:2000 (46 853.125 s), DLSR 5.250 s, received at b710:8000 (46 864.500 s): a
// round trip of 6.125 s.
TEST(RtcpSession, TheRoundTripOfTheRfcsExample) {
    RtcpSession session(1);
    EXPECT_FALSE(session.round_trip());
    RtcpCompound compound;
    compound.ssrc = 2;
    compound.blocks[0] = {1, 0, 0, 0, 0, 0xB705'2000, 0x0005'4000};
    compound.block_count = 1;
    session.take(compound, 0xB44D'B710'8000'0000U);
    ASSERT_TRUE(session.round_trip());
    EXPECT_DOUBLE_EQ(session.round_trip()->value, 6125.0);
}

TEST(RtcpSession, AnswersASenderReport) {
    RtcpSession session(1);
    RtcpCompound compound;
    compound.ssrc = 2;
    compound.sender = RtcpSenderInfo{0xB44D'B705'2000'0000U, 0, 0, 0};
    session.take(compound, seconds(1000.0));
    const RtcpReportBlock block = session.report({2, 100, 10, 10, 3}, seconds(1005.25));
    EXPECT_EQ(block.last_sr, 0xB705'2000U);
    EXPECT_EQ(block.delay_since_last_sr, 0x0005'4000U);
    EXPECT_EQ(block.jitter, 3U);
    EXPECT_EQ(session.report({3, 100, 10, 10, 3}, seconds(1005.25)).last_sr, 0U)
        << "of another source there was none";
}

// RFC 3550, A.3.
TEST(RtcpSession, TheFractionCountsFromTheReportBefore) {
    RtcpSession session(1);
    EXPECT_EQ(session.report({2, 100, 100, 75, 0}, 0).fraction_lost, 64);
    EXPECT_EQ(session.report({2, 200, 200, 175, 0}, 0).fraction_lost, 0);
    const RtcpReportBlock block = session.report({2, 300, 300, 225, 0}, 0);
    EXPECT_EQ(block.fraction_lost, 128);
    EXPECT_EQ(block.cumulative_lost, 75);
    EXPECT_EQ(session.report({2, 400, 400, 225, 0}, 0).fraction_lost, 255) << "all lost";
    const RtcpReportBlock doubled = session.report({2, 500, 500, 525, 0}, 0);
    EXPECT_EQ(doubled.fraction_lost, 0) << "duplicates";
    EXPECT_EQ(doubled.cumulative_lost, -25);
    EXPECT_EQ(session.report({2, 500, 500, 525, 0}, 0).fraction_lost, 0) << "nothing was expected";
    EXPECT_EQ(session.report({9, 10, 10, 5, 0}, 0).fraction_lost, 128) << "another source counts anew";
}

TEST(RtcpSession, KnowsWhatTheFarEndReceived) {
    RtcpSession session(1);
    EXPECT_FALSE(session.far_reception());
    RtcpCompound compound;
    compound.ssrc = 2;
    compound.blocks[0] = {7, 1, 1, 1, 1, 1, 1};
    compound.blocks[1] = {1, 128, -5, 0x10005, 40, 0, 0};
    compound.block_count = 2;
    session.take(compound, seconds(10.0));
    ASSERT_TRUE(session.far_reception());
    EXPECT_DOUBLE_EQ(session.far_reception()->fraction_lost, 0.5);
    EXPECT_EQ(session.far_reception()->cumulative_lost, -5);
    EXPECT_EQ(session.far_reception()->highest_sequence, 0x10005U);
    EXPECT_FALSE(session.round_trip()) << "it had no report to answer";
    EXPECT_FALSE(session.far_left());
    compound.bye = true;
    session.take(compound, seconds(11.0));
    EXPECT_TRUE(session.far_left());
}

TEST(RtcpSession, ARoundTripThatCannotBeIsNone) {
    RtcpSession session(1);
    RtcpCompound compound;
    compound.blocks[0] = {1, 0, 0, 0, 0, 100, 100};
    compound.block_count = 1;
    session.take(compound, seconds(0.0)); // answered before it was asked
    EXPECT_FALSE(session.round_trip());
}

// RFC 3550, 6.3.1: 5 s, between half of it and half as much again, divided by e - 3/2.
TEST(RtcpInterval, IsFiveSecondsForACall) {
    EXPECT_NEAR(rtcp_interval({}, 0.0).value, 2500.0 / 1.21828, 0.1);
    EXPECT_NEAR(rtcp_interval({}, 1.0).value, 7500.0 / 1.21828, 0.1);
    EXPECT_NEAR(rtcp_interval({.is_first = true}, 0.5).value, 2500.0 / 1.21828, 0.1);
    EXPECT_EQ(rtcp_interval({}, 7.0), rtcp_interval({}, 1.0));
}

// 6.2: a quarter of the octets are the senders', where they are at most a quarter of the members.
TEST(RtcpInterval, GrowsWithTheMembers) {
    const RtcpTiming sender{
        .members = 100, .senders = 4, .sends = true, .octets_per_second = 40, .mean_size = 100};
    EXPECT_NEAR(rtcp_interval(sender, 0.5).value * 1.21828, 1000.0 * 100 * 4 / 10, 1.0);
    RtcpTiming listener = sender;
    listener.sends = false;
    EXPECT_NEAR(rtcp_interval(listener, 0.5).value * 1.21828, 1000.0 * 100 * 96 / 30, 1.0);
}

} // namespace
} // namespace keytone
