// SPDX-License-Identifier: MIT
//
// What an agent says is played without a sample lost, marks come back at the sample where they stand, and the
// media thread neither allocates, locks nor calls the system.
#include "server/agent/agent_sound.hpp"
#include "tests/support/realtime_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace keytone::server {
namespace {

using Block = std::array<std::int16_t, 160>;

std::vector<std::int16_t> counting(std::size_t count, int from = 1) {
    std::vector<std::int16_t> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples[i] = static_cast<std::int16_t>((static_cast<std::size_t>(from) + i) % 30'000 + 1);
    }
    return samples;
}

/// The next `ticks` of 20 ms.
std::vector<std::int16_t> played(AgentSound& sound, int ticks) {
    std::vector<std::int16_t> samples;
    for (int i = 0; i < ticks; ++i) {
        Block block{};
        sound.speak(Leg::a, block);
        samples.insert(samples.end(), block.begin(), block.end());
        sound.pump();
    }
    return samples;
}

std::vector<std::int16_t> without_silence(std::vector<std::int16_t> samples) {
    std::erase(samples, std::int16_t{0});
    return samples;
}

TEST(AgentSound, PlaysAllThatIsPutInOrder) {
    for (const std::size_t piece : {1U, 7U, 160U, 163U, 8000U}) {
        AgentSound sound;
        const auto samples = counting(24'000);
        for (std::size_t at = 0; at < samples.size(); at += piece) {
            sound.put(std::span(samples).subspan(at, std::min(piece, samples.size() - at)));
        }
        EXPECT_EQ(sound.buffered(), 24'000);
        EXPECT_EQ(without_silence(played(sound, 200)), samples) << piece;
        EXPECT_EQ(sound.buffered(), 0);
    }
}

TEST(AgentSound, LosesNothingThatNobodyIsToHear) {
    AgentSound sound;
    const Block block{};
    sound.hear(Leg::a, block);
    sound.stop_hearing();
    for (int i = 0; i < 1000; ++i) {
        sound.hear(Leg::a, block);
    }
    EXPECT_TRUE(sound.next_heard());
    EXPECT_FALSE(sound.next_heard());
    EXPECT_EQ(sound.heard_lost(), 0U);
}

TEST(AgentSound, IsOfLegAAlone) {
    AgentSound sound;
    sound.put(counting(1600));
    Block block{};
    sound.speak(Leg::b, block);
    EXPECT_EQ(block, Block{});
    sound.hear(Leg::b, block);
    EXPECT_FALSE(sound.next_heard());
}

// 20 ms each 20 ms, some 10 ms late: a gap only at the beginning.
TEST(AgentSound, SpeechThatComesJustInTimeHasNoGaps) {
    AgentSound sound;
    const auto samples = counting(8000);
    std::vector<std::int16_t> heard;
    for (std::size_t i = 0; i < 50; ++i) {
        const bool is_late = i % 3 == 1;
        const auto piece = std::span(samples).subspan(160 * i, 160);
        if (!is_late) {
            sound.put(piece);
        }
        const auto tick = played(sound, 1);
        heard.insert(heard.end(), tick.begin(), tick.end());
        if (is_late) {
            sound.put(piece);
        }
    }
    const auto rest = played(sound, 2);
    heard.insert(heard.end(), rest.begin(), rest.end());
    const auto begin = std::ranges::find(heard, samples[0]);
    ASSERT_LE(begin - heard.begin(), 160);
    EXPECT_TRUE(std::equal(samples.begin(), samples.end(), begin));
}

TEST(AgentSound, AMarkComesBackWithTheSampleWhereItStands) {
    AgentSound sound;
    EXPECT_TRUE(sound.mark("first"));
    EXPECT_FALSE(sound.next_mark()); // not before the media thread has come to it
    played(sound, 1);
    auto mark = sound.next_mark();
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->name, "first");
    EXPECT_EQ(mark->sample, 0);
    sound.put(counting(1000));
    EXPECT_TRUE(sound.mark("second"));
    sound.put(counting(600));
    EXPECT_TRUE(sound.mark("third"));
    const auto heard = played(sound, 6);
    EXPECT_FALSE(sound.next_mark());
    EXPECT_EQ(without_silence(heard).size(), 960U);
    played(sound, 10);
    mark = sound.next_mark();
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->name, "second");
    EXPECT_EQ(mark->sample, 160 + 1000);
    EXPECT_FALSE(mark->cleared);
    mark = sound.next_mark();
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->name, "third");
    EXPECT_EQ(mark->sample, 160 + 1600);
}

TEST(AgentSound, ClearEmptiesAllAndReturnsEachMark) {
    AgentSound sound;
    sound.put(counting(40'000)); // more than the ring holds
    EXPECT_TRUE(sound.mark("in the backlog"));
    played(sound, 10);
    sound.clear();
    EXPECT_TRUE(sound.mark("behind"));
    sound.put(counting(160, 500));
    const auto heard = without_silence(played(sound, 4));
    EXPECT_EQ(heard, counting(160, 500));
    auto mark = sound.next_mark();
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->name, "in the backlog");
    EXPECT_TRUE(mark->cleared);
    EXPECT_GE(mark->sample, 1600);
    EXPECT_LE(mark->sample, 1760); // the ring was full: a tick later
    mark = sound.next_mark();
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->name, "behind");
    EXPECT_FALSE(mark->cleared);
    EXPECT_EQ(sound.buffered(), 0);
}

TEST(AgentSound, HasABoundOfMarksAndSaysWhenItIsFull) {
    AgentSound sound;
    for (std::size_t i = 0; i < AgentSound::most_marks; ++i) {
        ASSERT_TRUE(sound.mark(std::to_string(i)));
    }
    EXPECT_FALSE(sound.mark("one more"));
    std::size_t back = 0;
    for (int i = 0; i < 10; ++i) {
        played(sound, 1);
        while (const auto mark = sound.next_mark()) {
            EXPECT_EQ(mark->name, std::to_string(back++));
        }
    }
    EXPECT_EQ(back, AgentSound::most_marks);
    EXPECT_TRUE(sound.may_put());
    const auto second = counting(8000);
    for (int i = 0; i < 30; ++i) {
        EXPECT_TRUE(sound.may_put());
        sound.put(second);
    }
    EXPECT_FALSE(sound.may_put());
    played(sound, 2);
    EXPECT_TRUE(sound.may_put());
}

TEST(AgentSound, WhatNobodyTakesIsCounted) {
    AgentSound sound;
    for (std::int16_t i = 0; i < 100; ++i) {
        Block block{};
        block.fill(i);
        sound.hear(Leg::a, block);
    }
    SampleIndex next = 0;
    std::uint64_t taken = 0;
    while (const auto block = sound.next_heard()) {
        EXPECT_EQ(block->begin, next);
        EXPECT_EQ(block->samples[0], next / 160);
        next += 160;
        ++taken;
    }
    EXPECT_EQ(taken + sound.heard_lost(), 100U);
    EXPECT_GT(taken, 20U);
}

TEST(AgentSound, IsRealTimeOnTheMediaThread) {
    AgentSound sound;
    test::RealTimeWatch watch;
    Block heard{};
    for (int i = 0; i < 400; ++i) {
        if (i % 20 == 0) {
            sound.put(counting(3000));
            sound.mark("m");
        }
        if (i % 90 == 0) {
            sound.clear();
        }
        sound.pump();
        Block block{};
        watch.run([&] {
            sound.speak(Leg::a, block);
            sound.speak(Leg::b, block);
            sound.hear(Leg::a, heard);
        });
        sound.next_mark();
        if (i % 50 != 0) { // The ring of what was heard is full now and then.
            while (sound.next_heard()) {
            }
        }
    }
    EXPECT_EQ(watch.violations(), test::Violations{});
}

TEST(AgentSound, TwoThreadsLoseNothing) {
    AgentSound sound;
    constexpr std::size_t total = 160'000;
    std::vector<std::int16_t> heard;
    std::thread media([&] {
        while (heard.size() < total) {
            Block block{};
            sound.speak(Leg::a, block);
            for (const std::int16_t sample : block) {
                if (sample != 0) {
                    heard.push_back(sample);
                }
            }
            std::this_thread::yield();
        }
    });
    const auto samples = counting(total);
    for (std::size_t at = 0; at < total; at += 500) {
        sound.put(std::span(samples).subspan(at, 500));
    }
    while (sound.buffered() > 0) {
        sound.pump();
        std::this_thread::yield();
    }
    media.join();
    EXPECT_EQ(heard, samples);
}

} // namespace
} // namespace keytone::server
