// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_source.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

using Verdict = RtpSource::Verdict;

/// A sender of 20 ms packets, each of which comes at once.
struct Sender {
    std::uint32_t ssrc = 1;
    RtpSequence sequence = 65'530;
    RtpTimestamp timestamp = 0xFFFF'FF00;
    SampleIndex arrival = 1000;

    RtpPacket next() {
        RtpPacket packet;
        packet.ssrc = ssrc;
        packet.sequence = sequence++;
        packet.timestamp = timestamp;
        timestamp += 160;
        arrival += 160;
        return packet;
    }
};

struct Stream {
    RtpSource source{SampleRate::narrowband()};
    Sender sender{};

    Verdict take() {
        const RtpPacket packet = sender.next();
        return source.take(packet, sender.arrival, true).verdict;
    }
    void run(int packets) {
        for (int i = 0; i < packets; ++i) {
            take();
        }
    }
};

TEST(RtpSource, CountsAcrossTheWrapsOfNumberAndTimestamp) {
    Stream stream;
    EXPECT_EQ(stream.take(), Verdict::begun);
    for (int i = 1; i < 70'000; ++i) {
        ASSERT_EQ(stream.take(), Verdict::heard);
    }
    const RtpSourceFigures figures = stream.source.figures();
    EXPECT_EQ(figures.expected, 70'000);
    EXPECT_EQ(figures.received, 70'000);
    EXPECT_EQ(figures.extended_highest_sequence, 65'530U + 69'999U);
    EXPECT_EQ(figures.jitter, 0U);
}

TEST(RtpSource, KeepsOrderAcrossAWrap) {
    Stream stream;
    stream.run(6); // up to 65 535
    RtpPacket late = stream.sender.next();
    const RtpPacket next = stream.sender.next();
    const auto found = stream.source.take(next, stream.sender.arrival, true);
    EXPECT_EQ(found.verdict, Verdict::heard);
    EXPECT_EQ(stream.source.take(late, stream.sender.arrival, true).sequence, found.sequence - 1);
    EXPECT_EQ(stream.source.figures().expected, 8);
}

TEST(RtpSource, AnotherSourceIsForeignUntilItIsAlone) {
    Stream stream;
    stream.run(10);
    Sender other{2, 100, 5000, stream.sender.arrival};
    // Turn by turn with the stream it never becomes one.
    for (int i = 0; i < 50; ++i) {
        ASSERT_EQ(stream.source.take(other.next(), other.arrival, true).verdict, Verdict::foreign);
        ASSERT_EQ(stream.take(), Verdict::heard);
    }
    EXPECT_EQ(stream.source.take(other.next(), other.arrival, true).verdict, Verdict::foreign);
    EXPECT_EQ(stream.source.take(other.next(), other.arrival, true).verdict, Verdict::foreign);
    EXPECT_EQ(stream.source.take(other.next(), other.arrival, true).verdict, Verdict::begun);
    EXPECT_EQ(stream.source.figures().ssrc, 2U);
    EXPECT_EQ(stream.source.figures().expected, 1);
}

TEST(RtpSource, ANumberThatJumpsBeginsAnewWithTheNext) {
    Stream stream;
    stream.run(10);
    stream.sender.sequence = 40'000;
    EXPECT_EQ(stream.take(), Verdict::unheard);
    EXPECT_EQ(stream.take(), Verdict::begun);
    EXPECT_EQ(stream.take(), Verdict::heard);
}

TEST(RtpSource, ATimestampThatJumpsBeginsAnewAtOnceWhereTheNumberGoesOn) {
    Stream stream;
    stream.run(10);
    stream.sender.timestamp += 0x4000'0000;
    EXPECT_EQ(stream.take(), Verdict::begun);
    EXPECT_EQ(stream.take(), Verdict::heard);
}

TEST(RtpSource, APauseIsNoJump) {
    Stream stream;
    stream.run(10);
    stream.sender.timestamp += 80'000;
    stream.sender.arrival += 80'000;
    EXPECT_EQ(stream.take(), Verdict::heard);
}

TEST(RtpSource, AnEventsTimestampIsNoJump) {
    Stream stream;
    stream.run(10);
    for (int i = 0; i < 500; ++i) { // a key of ten seconds
        RtpPacket packet = stream.sender.next();
        packet.timestamp = 1234;
        ASSERT_EQ(stream.source.take(packet, stream.sender.arrival, false).verdict, Verdict::heard);
    }
    EXPECT_EQ(stream.source.figures().jitter, 0U);
}

// RFC 3550, A.8: J += (|D| - J) / 16.
TEST(RtpSource, JitterGoesToTheMeanOfTheDifferences) {
    Stream stream;
    for (int i = 0; i < 400; ++i) {
        const RtpPacket packet = stream.sender.next();
        stream.source.take(packet, stream.sender.arrival + (i % 2) * 80, true);
    }
    EXPECT_NEAR(stream.source.figures().jitter, 80.0, 1.0);
}

TEST(RtpSource, LossesAreWhatWasExpectedAndNotReceived) {
    Stream stream;
    for (int i = 0; i < 100; ++i) {
        const RtpPacket packet = stream.sender.next();
        if (i % 10 != 5) {
            stream.source.take(packet, stream.sender.arrival, true);
        }
    }
    EXPECT_EQ(stream.source.figures().expected, 100);
    EXPECT_EQ(stream.source.figures().received, 90);
}

} // namespace
} // namespace keytone
