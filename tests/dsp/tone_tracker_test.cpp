// SPDX-License-Identifier: MIT
#include "dsp/tone_tracker.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytone {
namespace {

using test::KeyPress;
using test::sound;
using test::to_pcm16;

std::vector<std::int16_t> key_samples(const KeyPress& press) {
    return to_pcm16(sound(press, 8000));
}

SubBlock sub_block(const std::vector<std::int16_t>& samples, std::size_t index) {
    return SubBlock(samples.data() + index * sub_block_size, sub_block_size);
}

// One character a sub-block in, `P` the tones of a key, `.` silence, `x` lost; one out, `y` where a key may
// sound.
std::string may_sound(std::string_view sub_blocks) {
    const auto key = key_samples({.key = '5', .tone_ms = 5.0 * static_cast<double>(sub_blocks.size())});
    const std::vector<std::int16_t> silence(sub_block_size);
    ToneTracker tracker;
    std::string out;
    for (std::size_t i = 0; i < sub_blocks.size(); ++i) {
        tracker.push(sub_blocks[i] == 'P' ? sub_block(key, i) : sub_block(silence, 0), sub_blocks[i] == 'x');
        out += tracker.key_may_sound() ? 'y' : '.';
    }
    return out;
}

TEST(ToneTracker, WantsFourOfTheLastFive) {
    EXPECT_EQ(may_sound(".PPPPPP..."), "....yyyy..");
    EXPECT_EQ(may_sound(".PPP.PPP.."), ".....yyy..");
    EXPECT_EQ(may_sound(".PPP..PPP."), "..........");
    EXPECT_EQ(may_sound(".........."), "..........");
}

TEST(ToneTracker, CountsOnlyWhatArrived) {
    EXPECT_EQ(may_sound("PPPxxxxPP"), ".......yy");
    EXPECT_EQ(may_sound("PPPPPxPxx"), "...yy.y..");
}

TEST(ToneTracker, MeasuresFrequenciesOfEveryKey) {
    for (const char key : test::all_keys) {
        for (const double offset : {-1.8, 0.0, 1.8}) {
            const auto samples = key_samples({.key = key,
                                              .tone_ms = 25.0,
                                              .low_offset_percent = offset,
                                              .high_offset_percent = -offset,
                                              .low_phase = 1.0});
            ToneTracker tracker;
            for (std::size_t i = 0; i < 5; ++i) {
                tracker.push(sub_block(samples, i), false);
            }
            const auto pair = tracker.strongest_pair();
            ASSERT_TRUE(pair) << key << offset;
            const Key heard = Key::at(pair->row, pair->column);
            EXPECT_EQ(heard.character(), key);
            EXPECT_NEAR(pair->low.value, heard.low().value * (1.0 + offset / 100.0), 6.0) << key << offset;
            EXPECT_NEAR(pair->high.value, heard.high().value * (1.0 - offset / 100.0), 6.0) << key << offset;
            EXPECT_GT(pair->share, 0.8);
        }
    }
}

// Its own filters hold the tone that is off; what is left to a key's frequency is the other one, half of the
// energy.
TEST(ToneTracker, TakesNoToneFarFromAnyKey) {
    const auto samples = key_samples(
        {.key = 'D', .tone_ms = 25.0, .low_dbm0 = -10, .high_dbm0 = -10, .high_offset_percent = 6.0});
    ToneTracker tracker;
    for (std::size_t i = 0; i < 5; ++i) {
        tracker.push(sub_block(samples, i), false);
    }
    const auto pair = tracker.strongest_pair();
    EXPECT_TRUE(!pair || pair->share < 0.6);
}

// -8 dB and both 1.5 % low: the filters at 1209 and 1633 Hz hold more of the low tone than of the high one.
TEST(ToneTracker, FindsAWeakHighToneBesideAStrongLowOne) {
    const auto samples = key_samples({.key = '0',
                                      .tone_ms = 25.0,
                                      .low_dbm0 = -12,
                                      .high_dbm0 = -20,
                                      .low_offset_percent = -1.5,
                                      .high_offset_percent = -1.5});
    ToneTracker tracker;
    for (std::size_t i = 0; i < 5; ++i) {
        tracker.push(sub_block(samples, i), false);
    }
    const auto pair = tracker.strongest_pair();
    ASSERT_TRUE(pair);
    EXPECT_EQ(Key::at(pair->row, pair->column).character(), '0');
}

TEST(ToneTracker, KeepsSamplesAndLossesOfItsHistory) {
    ToneTracker tracker;
    std::vector<std::int16_t> samples(sub_block_size);
    for (std::int64_t b = 0; b < 40; ++b) {
        samples.assign(sub_block_size, static_cast<std::int16_t>(b));
        tracker.push(sub_block(samples, 0), b % 3 == 0);
    }
    EXPECT_EQ(tracker.oldest(), 40 - ToneTracker::history);
    for (std::int64_t b = tracker.oldest(); b < 40; ++b) {
        EXPECT_EQ(tracker.samples(b)[7], b);
        EXPECT_EQ(tracker.lost(b), b % 3 == 0);
    }
    tracker.reset();
    EXPECT_EQ(tracker.count(), 0);
    EXPECT_FALSE(tracker.key_may_sound());
}

} // namespace
} // namespace keytone
