// SPDX-License-Identifier: MIT
//
// Tested through the detector, which follows a key from its evidence on.
#include "dsp/detector/key_follower.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone {
namespace {

using test::Signal;

constexpr int rate_hz = 8000;

void press(Signal& signal, char key, double ms, double dbm0 = -13.0, double phase = 0.0) {
    test::append(signal, test::sound({.key = key,
                                      .tone_ms = ms,
                                      .low_dbm0 = dbm0,
                                      .high_dbm0 = dbm0,
                                      .low_phase = phase,
                                      .high_phase = 2.0 * phase},
                                     rate_hz));
}

void silence(Signal& signal, double ms) {
    test::append_silence(signal, test::sample_count(ms, rate_hz));
}

Signal line() {
    Signal signal;
    silence(signal, 53.0);
    return signal;
}

std::vector<test::HeardKey> heard(Signal signal) {
    silence(signal, 300.0);
    return test::hear(test::to_pcm16(signal), rate_hz);
}

TEST(KeyFollower, AnotherKeyEndsAKey) {
    for (const std::string keys : {"12", "14", "19", "7A", "D#"}) {
        Signal signal = line();
        press(signal, keys[0], 90.0);
        press(signal, keys[1], 70.0, -13.0, 0.7);
        const auto found = heard(signal);
        ASSERT_EQ(test::digits(found), keys);
        EXPECT_NEAR(found[0].duration_s, 0.090, 0.005) << keys;
        EXPECT_NEAR(found[1].start_s, 0.143, 0.005) << keys;
        EXPECT_NEAR(found[1].duration_s, 0.070, 0.005) << keys;
    }
}

TEST(KeyFollower, ABriefPausePartsDifferentKeys) {
    const std::string keys = "0123456789";
    for (const double pause_ms : {4.0, 12.0, 21.0}) {
        Signal signal = line();
        for (const char key : keys) {
            press(signal, key, 48.0, -13.0, 0.3 * key);
            silence(signal, pause_ms);
        }
        const auto found = heard(signal);
        ASSERT_EQ(test::digits(found), keys) << pause_ms;
        for (const test::HeardKey& key : found) {
            EXPECT_NEAR(key.duration_s, 0.048, 0.005) << key.key << pause_ms;
        }
    }
}

TEST(KeyFollower, AnotherToneEndsAKey) {
    Signal signal = line();
    press(signal, '*', 100.0);
    for (std::size_t n = 0; n < 4000; ++n) {
        signal.push_back(0.2 * std::sin(2.0 * 3.14159265358979 * 1100.0 / rate_hz * static_cast<double>(n)));
    }
    const auto found = heard(signal);
    ASSERT_EQ(test::digits(found), "*");
    EXPECT_NEAR(found[0].duration_s, 0.100, 0.010);
}

TEST(KeyFollower, AWeakerLevelDoesNotEndAKey) {
    for (const double weaker_db : {3.0, 7.0, 14.0, 25.0}) {
        Signal signal = line();
        press(signal, '5', 100.0, -8.0);
        press(signal, '5', 110.0, -8.0 - weaker_db, 0.4);
        const auto found = heard(signal);
        ASSERT_EQ(test::digits(found), "5") << weaker_db;
        EXPECT_NEAR(found[0].duration_s, 0.210, 0.005) << weaker_db;
    }
}

// The tones continue in phase, and their level changes at once or gradually.
TEST(KeyFollower, ALevelThatSettlesIsOneKey) {
    for (const char key : test::all_keys) {
        for (const double by_db : {-25.0, -10.0, -7.0, 9.0}) {
            for (const double within_ms : {0.0, 33.0, 80.0}) {
                Signal tones;
                press(tones, key, 260.0, -14.0);
                for (std::size_t n = 0; n < tones.size(); ++n) {
                    const double at_ms = 1000.0 * static_cast<double>(n) / rate_hz - 100.0;
                    const double done = at_ms <= 0.0 ? 0.0 : at_ms < within_ms ? at_ms / within_ms : 1.0;
                    tones[n] *= std::pow(10.0, by_db * done / 20.0);
                }
                Signal signal = line();
                test::append(signal, tones);
                const auto found = heard(signal);
                ASSERT_EQ(test::digits(found), std::string(1, key))
                    << by_db << " dB in " << within_ms << " ms";
                EXPECT_NEAR(found[0].duration_s, 0.260, 0.005) << by_db << " dB in " << within_ms << " ms";
            }
        }
    }
}

TEST(KeyFollower, AFadingLineHoldsOneKey) {
    for (const double by_db : {8.0, 15.0, 30.0}) {
        Signal tones;
        press(tones, '6', 1200.0, -8.0);
        for (std::size_t n = 0; n < tones.size(); ++n) {
            tones[n] *=
                std::pow(10.0, -by_db / 20.0 * static_cast<double>(n) / static_cast<double>(tones.size()));
        }
        Signal signal = line();
        test::append(signal, tones);
        const auto found = heard(signal);
        ASSERT_EQ(test::digits(found), "6") << by_db;
        EXPECT_NEAR(found[0].duration_s, 1.2, 0.01) << by_db;
    }
}

// What continues after an interruption may be weaker.
TEST(KeyFollower, ADipIsNoPause) {
    for (const double weaker_db : {0.0, 6.0, 12.0}) {
        Signal signal = line();
        press(signal, '9', 80.0, -10.0);
        silence(signal, 5.0);
        press(signal, '9', 70.0, -10.0 - weaker_db, 1.7);
        EXPECT_EQ(test::digits(heard(signal)), "9") << weaker_db;
    }
}

// Where little pause is asked between keys, its level is measured soon behind the gap: not where the gap
// itself takes it down.
TEST(KeyFollower, AGapDoesNotMakeWhatIsBehindItWeaker) {
    for (const char* const profile : {"q24", "ntt", "brazilian"}) {
        for (const char key : std::string("07B*")) {
            for (int step = 0; step < 80; ++step) {
                const double before_ms = 80.0 + 0.5 * (step % 10); // a sub-block has 5 ms
                const double gap_ms = 5.0 + 0.3 * (step / 10);     // up to 7.1
                Signal signal = line();
                press(signal, key, before_ms, -6.0);
                silence(signal, gap_ms);
                press(signal, key, 90.0, -6.0 - 11.8, 1.7);
                silence(signal, 300.0);
                const auto found = test::hear(test::to_pcm16(signal), rate_hz, *dtmf_profile(profile));
                ASSERT_EQ(test::digits(found), std::string(1, key)) << profile << ", step " << step;
                EXPECT_NEAR(found[0].duration_s, (before_ms + gap_ms + 90.0) / 1000.0, 0.005)
                    << profile << ", key " << key << ", step " << step;
            }
        }
    }
}

TEST(KeyFollower, AnEchoIsNoKeyAndASecondPressIs) {
    const auto twice = [](double gap_ms, double weaker_db) {
        Signal signal = line();
        press(signal, '8', 90.0, -10.0);
        silence(signal, gap_ms);
        press(signal, '8', 60.0, -10.0 - weaker_db, 1.1);
        return test::digits(heard(signal));
    };
    for (const double gap_ms : {13.0, 45.0, 115.0}) {
        EXPECT_EQ(twice(gap_ms, 11.0), "8") << gap_ms;
        EXPECT_EQ(twice(gap_ms, 24.0), "8") << gap_ms;
    }
    EXPECT_EQ(twice(40.0, 3.0), "88");
    EXPECT_EQ(twice(40.0, -3.0), "88");
    EXPECT_EQ(twice(400.0, 20.0), "88");
}

TEST(KeyFollower, AnEchoUpToTheNextPressPartsTwoKeys) {
    Signal signal = line();
    press(signal, '2', 90.0);
    press(signal, '2', 60.0, -27.0, 0.9);
    press(signal, '2', 80.0, -13.0, 2.0);
    const auto found = heard(signal);
    ASSERT_EQ(test::digits(found), "22");
    EXPECT_NEAR(found[0].duration_s, 0.090, 0.005);
}

/// Beside one that follows a key sub-block by sub-block, one that has it followed steadily where that goes,
/// in frames of `frame` sub-blocks.
void expect_the_same_of_both(const std::vector<std::int16_t>& samples, std::size_t frame, int least_steady) {
    const auto sub_block = [&](std::size_t index) {
        return SubBlock(samples.data() + index * sub_block_size, sub_block_size);
    };
    ToneTracker tracker;
    std::size_t at = 0;
    ToneEvidence evidence;
    bool is_measured = false;
    for (; !is_measured && at < 10; ++at) {
        tracker.push(sub_block(at), false);
        is_measured = ToneVerifier().measure(tracker, 0, evidence);
    }
    ASSERT_TRUE(is_measured);
    KeyFollower follower;
    follower.begin(evidence, evidence.onset);
    ToneTracker other_tracker = tracker;
    KeyFollower other = follower;
    const auto push = [&](std::size_t index) {
        tracker.push(sub_block(index), false, true);
        return follower.follow(tracker);
    };
    int steady = 0;
    for (bool goes_on = true; goes_on;) {
        ASSERT_LT((at + frame) * sub_block_size, samples.size());
        const std::size_t left = frame - at % frame;
        const std::size_t taken = other.follow_steadily(
            other_tracker, std::span(samples).subspan(at * sub_block_size, left * sub_block_size));
        steady += static_cast<int>(taken);
        for (std::size_t i = 0; i < taken; ++i) {
            ASSERT_TRUE(push(at++));
        }
        if (taken == 0) {
            other_tracker.push(sub_block(at), false, true);
            goes_on = push(at);
            ASSERT_EQ(other.follow(other_tracker), goes_on) << at;
            ++at;
        }
    }
    EXPECT_GT(steady, least_steady);
    const FollowedKey key = follower.end(tracker);
    const FollowedKey same = other.end(other_tracker);
    EXPECT_EQ(same.over, key.over);
    EXPECT_EQ(same.next, key.next);
    EXPECT_EQ(same.power, key.power);
    EXPECT_EQ(same.noise, key.noise);
    EXPECT_EQ(same.pair.low.value, key.pair.low.value);
    EXPECT_EQ(same.pair.high.value, key.pair.high.value);
}

TEST(KeyFollower, FollowsSteadilyAsItFollows) {
    Signal signal;
    press(signal, '5', 400.0);
    silence(signal, 100.0);
    const auto clean = test::to_pcm16(signal);
    const Signal noise = test::white_noise(signal.size(), -33.0, 5);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] += noise[n];
    }
    for (const std::size_t frame : {1U, 4U, 10U}) {
        expect_the_same_of_both(test::to_pcm16(signal), frame, 60);
        expect_the_same_of_both(clean, frame, 74); // with the silence up to the last sub-block but one
    }
}

} // namespace
} // namespace keytone
