// SPDX-License-Identifier: MIT
//
// Heard through the detector, as a key is followed from its evidence on.
#include "dsp/key_follower.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

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

} // namespace
} // namespace keytone
