// SPDX-License-Identifier: MIT
//
// What is played is written as letters, one for 5 ms: a digit for samples that came (that of their packet), a
// dot for silence, an x for a loss.
#include "engine/rtp/jitter_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace keytone {
namespace {

constexpr RtpTimestamp first_timestamp = 0xFFFF'FE00; // it wraps in the fourth packet
constexpr SampleCount ms = 8;

/// A buffer, and packets of 20 ms whose number is their sound.
struct Buffer {
    JitterBuffer buffer{};
    SampleIndex now = 0;
    std::string samples{}; // a letter each

    void audio(std::int64_t number, SampleIndex arrival, RtpTimestamp timestamp, std::size_t size = 160) {
        const std::vector<std::uint8_t> codes(size, static_cast<std::uint8_t>(0x80 + number % 10));
        buffer.take_audio({0x10000 + number, timestamp, arrival}, G711Law::ulaw, codes);
    }
    /// Packet `number`, which is sent 20 ms behind the one before.
    void audio(std::int64_t number, SampleCount delay = 0) {
        audio(number, (number + 1) * 160 + delay, first_timestamp + static_cast<RtpTimestamp>(number * 160));
    }
    void play(int blocks = 1) {
        for (int i = 0; i < blocks; ++i) {
            std::vector<std::int16_t> out(160);
            std::size_t at = 0;
            buffer.play(now, out, [&](const PlayedStretch& stretch) {
                EXPECT_EQ(stretch.begin, std::ssize(samples));
                for (SampleCount left = stretch.count; left > 0; --left) {
                    samples += letter(stretch.kind, out[at++]);
                }
            });
            EXPECT_EQ(at, out.size());
            now += 160;
        }
    }
    /// A letter for each 5 ms, to the nearest, of one and the same.
    [[nodiscard]] std::string played() const {
        std::string letters;
        for (std::size_t begin = 0; begin < samples.size();) {
            const std::size_t end =
                std::min(samples.find_first_not_of(samples[begin], begin), samples.size());
            letters += std::string((end - begin + 20) / 40, samples[begin]);
            begin = end;
        }
        return letters;
    }
    static char letter(PlayedStretch::Kind kind, std::int16_t sample) {
        if (kind != PlayedStretch::Kind::heard) {
            return kind == PlayedStretch::Kind::lost ? 'x' : '.';
        }
        for (int number = 0; number < 10; ++number) {
            if (sample == ulaw_decode(static_cast<std::uint8_t>(0x80 + number))) {
                return static_cast<char>('0' + number);
            }
        }
        return '?';
    }
    /// Without the silence before and behind.
    [[nodiscard]] std::string heard() const {
        const std::string all = played();
        const auto begin = all.find_first_not_of('.');
        const auto end = all.find_last_not_of(".x");
        return begin == std::string::npos ? "" : all.substr(begin, end - begin + 1);
    }
};

/// Packets in turn, each with a block played when it came.
std::string through(const std::vector<int>& order) {
    Buffer buffer;
    SampleIndex arrival = 160;
    for (const int number : order) {
        if (number >= 0) {
            buffer.audio(number, arrival, first_timestamp + static_cast<RtpTimestamp>(number * 160));
        }
        arrival += 160;
        buffer.now = arrival;
        buffer.play();
    }
    buffer.play(12);
    return buffer.heard();
}

TEST(JitterBuffer, PlaysSilenceBeforeAnythingCame) {
    Buffer buffer;
    buffer.play(3);
    EXPECT_EQ(buffer.played(), "............");
    EXPECT_FALSE(buffer.buffer.has_begun());
}

TEST(JitterBuffer, PlaysInOrderWhateverTheOrder) {
    const std::string whole = "00001111222233334444";
    EXPECT_EQ(through({0, 1, 2, 3, 4}), whole);
    EXPECT_EQ(through({0, 2, 1, 4, 3}), whole);
    EXPECT_EQ(through({1, 0, 2, 3, 4}), whole) << "what comes behind the first and was sent before";
    EXPECT_EQ(through({0, 1, 1, 2, 2, 3, 4}), whole);
}

TEST(JitterBuffer, AMissingNumberIsALoss) {
    EXPECT_EQ(through({0, 1, -1, 3, 4}), "00001111xxxx33334444");
    EXPECT_EQ(through({0, 1, -1, -1, -1, 5, 6}), "00001111xxxxxxxxxxxx55556666");
}

// While nothing newer has come, a packet may only be late: its time is waited for. If it then turns out to be
// lost, that takes no further time.
TEST(JitterBuffer, ALossTakesItsOwnTimeThoughItIsWaitedFor) {
    Buffer buffer;
    for (int i = 0; i < 40; ++i) {
        buffer.now = (i + 1) * 160 + 1;
        if (i < 30 || i >= 34) {
            buffer.audio(i);
        }
        buffer.play();
    }
    buffer.play(3);
    EXPECT_NE(buffer.played().find("9999xxxxxxxxxxxxxxxx4444"), std::string::npos) << buffer.played();
    EXPECT_EQ(std::ranges::count(buffer.heard(), 'x'), 16);
}

TEST(JitterBuffer, WhatIsLateIsPlayedStill) {
    Buffer buffer;
    for (int i = 0; i < 60; ++i) {
        buffer.now = (i + 1) * 160 + 1;
        if (i < 30) {
            buffer.audio(i);
        } else if (i >= 35) {
            buffer.audio(i - 5, 5 * 160); // 100 ms later from here on
        }
        buffer.play();
    }
    buffer.play(10);
    std::string heard = buffer.heard();
    std::erase(heard, 'x');
    std::string sent;
    for (int i = 0; i < 55; ++i) {
        sent += std::string(4, static_cast<char>('0' + i % 10));
    }
    EXPECT_EQ(heard, sent) << "all of it, once";
    EXPECT_EQ(buffer.buffer.figures().late, 0U);
}

TEST(JitterBuffer, APauseBetweenConsecutiveNumbersIsSilence) {
    Buffer buffer;
    for (int i = 0; i < 30; ++i) {
        buffer.now = (i + 1) * 160 + 1;
        buffer.audio(i);
        buffer.play();
    }
    buffer.play(100); // two seconds without a packet
    const SampleIndex resumed = buffer.now + 160;
    buffer.now = resumed;
    for (int i = 30; i < 40; ++i) {
        buffer.audio(i, buffer.now, first_timestamp + static_cast<RtpTimestamp>(buffer.now - 160));
        buffer.play();
        EXPECT_GE(buffer.buffer.position(), RtpTimestamp{0});
    }
    buffer.play(3);
    const std::string heard = buffer.heard();
    EXPECT_EQ(std::ranges::count(heard, 'x'), 52) << "250 ms, to whole blocks: it might have been a loss";
    EXPECT_NE(heard.find(".0000111122223333"), std::string::npos) << heard;
}

TEST(JitterBuffer, AShortPauseThatIsKnownInTimeIsNoLoss) {
    Buffer buffer;
    buffer.audio(0);
    buffer.audio(1, 2 * 160, first_timestamp + 480); // 40 ms of silence between
    buffer.now = 320;
    buffer.play(12);
    EXPECT_EQ(buffer.heard(), "0000........1111");
}

TEST(JitterBuffer, ComfortNoiseIsSilenceAtOnce) {
    Buffer buffer;
    for (int i = 0; i < 30; ++i) {
        buffer.now = (i + 1) * 160 + 1;
        buffer.audio(i);
        buffer.play();
    }
    const std::vector<std::uint8_t> level{60};
    buffer.buffer.take_noise({0x10000 + 30, first_timestamp + 30 * 160, buffer.now}, level);
    buffer.play(50);
    EXPECT_EQ(std::ranges::count(buffer.played(), 'x'), 0);
    EXPECT_GT(buffer.buffer.figures().silent, 45U * 160U);
}

TEST(JitterBuffer, NoAudioIsMissedDuringAnEvent) {
    Buffer buffer;
    for (int i = 0; i < 60; ++i) {
        buffer.now = (i + 1) * 160 + 1;
        if (i < 30 || i >= 40) {
            buffer.audio(i);
        } else {
            const auto onset = first_timestamp + RtpTimestamp{30 * 160};
            buffer.buffer.take_event({0x10000 + i, onset, (i + 1) * 160}, (i - 29) * 160);
        }
        buffer.play();
    }
    EXPECT_EQ(std::ranges::count(buffer.played(), 'x'), 0) << buffer.played();
    buffer.play(3);
    const std::string heard = buffer.heard();
    const auto pause = std::ranges::count(heard, '.');
    EXPECT_LE(pause, 41) << heard;
    EXPECT_GE(pause, 30) << "the delay may become shorter there, by what few packets are given at first";
    EXPECT_EQ(std::ssize(heard), pause + 4 * 50);
}

TEST(JitterBuffer, PacketsOfAnyLengthFollowEachOther) {
    Buffer buffer;
    RtpTimestamp timestamp = first_timestamp;
    SampleIndex sent = 0;
    std::int64_t number = 0;
    std::string expected;
    for (const std::size_t size : {80U, 480U, 160U, 240U, 400U, 320U}) {
        sent += static_cast<SampleIndex>(size);
        buffer.audio(number, sent, timestamp, size);
        timestamp += static_cast<RtpTimestamp>(size);
        expected += std::string(size / 40, static_cast<char>('0' + number++));
        buffer.now = sent - sent % 160;
    }
    buffer.now = 480;
    buffer.play(30);
    EXPECT_EQ(buffer.heard(), expected);
}

TEST(JitterBuffer, RefusesSizesThatCannotBe) {
    Buffer buffer;
    buffer.audio(0, 160, 0, 0);
    buffer.audio(1, 160, 0, 961);
    EXPECT_EQ(buffer.buffer.figures().malformed, 2U);
    EXPECT_FALSE(buffer.buffer.has_begun());
}

TEST(JitterBuffer, WhatComesTooLateIsCounted) {
    Buffer buffer;
    for (int i = 0; i < 40; ++i) {
        buffer.now = (i + 1) * 160 + 1;
        if (i != 20) {
            buffer.audio(i);
        }
        buffer.play();
    }
    buffer.audio(20, 20 * 160);
    EXPECT_EQ(buffer.buffer.figures().late, 1U);
    buffer.audio(20, 20 * 160);
    EXPECT_EQ(buffer.buffer.figures().duplicates, 1U);
}

TEST(JitterBuffer, TheDelayIsWhatTheJitterNeeds) {
    for (const SampleCount jitter : {0, 40, 100, 400}) {
        std::mt19937_64 random(1);
        Buffer buffer;
        for (int i = 0; i < 500; ++i) {
            const SampleCount delay = std::uniform_int_distribution<SampleCount>(0, jitter * ms)(random);
            buffer.now = (i + 1) * 160 + jitter * ms + 1;
            buffer.audio(i, delay);
            buffer.play();
        }
        const auto delay_ms = static_cast<double>(buffer.buffer.target_delay()) / 8.0;
        EXPECT_NEAR(delay_ms, std::clamp(20.0 + static_cast<double>(jitter), 25.0, 200.0), 6.0) << jitter;
    }
}

// The limits hold, and what is outside of them is brought within.
TEST(JitterBuffer, HasLimits) {
    const JitterBuffer fixed(
        {.block = Milliseconds{20}, .min_delay = Milliseconds{80}, .max_delay = Milliseconds{10}});
    EXPECT_EQ(fixed.target_delay(), 80 * ms);
    const JitterBuffer wild(
        {.block = Milliseconds{1e9}, .min_delay = Milliseconds{-1}, .max_delay = Milliseconds{1e9}});
    EXPECT_EQ(wild.target_delay(), 250 * ms);
}

} // namespace
} // namespace keytone
