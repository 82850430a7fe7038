// SPDX-License-Identifier: MIT
#include "engine/io/device/stream_health.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace keytone::io {
namespace {

using namespace std::chrono_literals;
using Clock = StreamHealth::Clock;

const SampleRate narrowband = SampleRate::narrowband();

/// A stream of blocks of 10 ms at 8 kHz, whose device's buffers bridge 30 ms.
class Stream {
  public:
    /// A block that begins at `at` and takes a millisecond.
    void block(std::chrono::milliseconds at, std::chrono::microseconds takes = 1ms,
               const BlockFlags& flags = {}) {
        health_.begin(Clock::time_point(1h) + at, 80, flags);
        health_.end(Clock::time_point(1h) + at + takes);
    }
    [[nodiscard]] StreamCounts counts() const { return health_.counts(); }

  private:
    StreamHealth health_{narrowband, 0.03};
};

TEST(StreamHealth, IsSoundAtTheDevicesPace) {
    Stream stream;
    for (int i = 0; i < 1000; ++i) {
        stream.block(i * 10ms);
    }
    EXPECT_TRUE(stream.counts().sound());
    EXPECT_EQ(stream.counts().blocks, 1000U);
    EXPECT_NEAR(stream.counts().busiest, 0.1, 1e-9);
}

TEST(StreamHealth, ABlockIsLateBeyondWhatTheDeviceBridges) {
    Stream stream;
    stream.block(0ms);
    stream.block(10ms + 49ms); // 30 ms and two blocks
    EXPECT_EQ(stream.counts().late, 0U);
    stream.block(20ms + 51ms);
    EXPECT_EQ(stream.counts().late, 1U);
    // What was lost is lost: the following blocks are in time.
    stream.block(30ms + 51ms);
    stream.block(40ms + 51ms);
    EXPECT_EQ(stream.counts().late, 1U);
}

TEST(StreamHealth, ManyBlocksALittleLateAddUp) {
    Stream stream;
    for (int i = 0; i < 150; ++i) { // late at the 51st and the 102nd
        stream.block(i * 11ms);
    }
    EXPECT_EQ(stream.counts().late, 2U);
}

TEST(StreamHealth, BlocksMayComeInBursts) {
    Stream stream;
    for (int burst = 0; burst < 100; ++burst) {
        for (int i = 0; i < 4; ++i) {
            stream.block(burst * 40ms + i * 1ms);
        }
    }
    EXPECT_TRUE(stream.counts().sound());
}

TEST(StreamHealth, TheDevicesClockMayBeAnother) {
    Stream slow;
    Stream fast;
    for (int i = 0; i < 100'000; ++i) {
        slow.block(std::chrono::milliseconds(i * 10 + i / 200)); // by 500 ppm
        fast.block(std::chrono::milliseconds(i * 10 - i / 200));
    }
    EXPECT_TRUE(slow.counts().sound());
    EXPECT_TRUE(fast.counts().sound());
}

TEST(StreamHealth, CountsBlocksThatTakeTooLong) {
    Stream stream;
    stream.block(0ms, 9999us);
    EXPECT_EQ(stream.counts().over_time, 0U);
    stream.block(10ms, 10001us);
    EXPECT_EQ(stream.counts().over_time, 1U);
    stream.block(20ms, 1ms);
    EXPECT_NEAR(stream.counts().busiest, 1.0001, 1e-9);
    EXPECT_FALSE(stream.counts().sound());
}

TEST(StreamHealth, CountsWhatTheAudioSystemSays) {
    Stream stream;
    stream.block(0ms, 1ms, {.input_underflow = true, .output_overflow = true});
    stream.block(10ms, 1ms, {.input_overflow = true, .output_overflow = true});
    stream.block(20ms, 1ms, {.output_underflow = true, .output_overflow = true});
    EXPECT_EQ(stream.counts().input_underflows, 1U);
    EXPECT_EQ(stream.counts().input_overflows, 1U);
    EXPECT_EQ(stream.counts().output_underflows, 1U);
    EXPECT_EQ(stream.counts().output_overflows, 3U);
}

TEST(StreamHealth, ABlockOfNothingTakesNoPart) {
    StreamHealth health(narrowband, 0.0);
    health.begin(Clock::time_point(1s), 0, {});
    health.end(Clock::time_point(2s));
    EXPECT_EQ(health.counts().blocks, 1U);
    EXPECT_TRUE(health.counts().sound());
}

} // namespace
} // namespace keytone::io
