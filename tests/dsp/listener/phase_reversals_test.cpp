// SPDX-License-Identifier: MIT
//
// Each limit of a reversed tone from both sides.
#include "dsp/listener/phase_reversals.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;
constexpr double looked_for_hz = 2100.0;
constexpr std::size_t frame = 80;
constexpr double turn = 2.0 * std::numbers::pi;

struct Form {
    double every_ms = 450.0;
    int steps = 1000;       ///< So many at most.
    double second_ms = 0.0; ///< If not 0, the second comes so soon behind the first, and all others later.
    double step_degrees = 180.0;
    double hz = 2100.0;
    double frame_degrees = 0.0; ///< The phase of each 5 ms wavers by up to this.
    double noise_dbm0 = -60.0;
};

Signal stepped(double ms, const Form& form) {
    Signal signal(sample_count(ms, rate_hz));
    std::mt19937 random(11);
    double waver = 0.0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double at_ms = 1000.0 * static_cast<double>(n) / rate_hz;
        if (n % 40 == 0) {
            waver = form.frame_degrees * (static_cast<double>(random() % 201) - 100.0) / 100.0;
        }
        const bool is_again = form.second_ms > 0.0 && at_ms >= form.every_ms + form.second_ms;
        const double regular_ms = is_again ? at_ms - form.second_ms + form.every_ms : at_ms;
        const int steps = std::min(static_cast<int>(regular_ms / form.every_ms), form.steps);
        const double degrees = form.step_degrees * (steps % 2) + waver;
        signal[n] = 0.1 * std::sin(turn * (form.hz * at_ms / 1000.0 + degrees / 360.0));
    }
    mix_into(signal, white_noise(signal.size(), form.noise_dbm0, 5), 0);
    return signal;
}

PhaseReversals heard(double ms, const Form& form) {
    const auto samples = [](double in_ms) { return static_cast<SampleCount>(sample_count(in_ms, rate_hz)); };
    PhaseReversals reversals(looked_for_hz / rate_hz, frame, samples(380.0), samples(520.0));
    const auto pcm = to_pcm16(stepped(ms, form));
    for (std::size_t at = 0; at + frame <= pcm.size(); at += frame) {
        reversals.hear(std::span(pcm).subspan(at, frame), static_cast<SampleIndex>(at + frame));
    }
    return reversals;
}

bool repeats(double ms, const Form& form) {
    return heard(ms, form).repeats();
}

TEST(PhaseReversals, AreSoFarApart) {
    EXPECT_FALSE(repeats(2000.0, {.every_ms = 360.0}));
    EXPECT_TRUE(repeats(2000.0, {.every_ms = 400.0}));
    EXPECT_TRUE(repeats(2000.0, {.every_ms = 450.0}));
    EXPECT_TRUE(repeats(2000.0, {.every_ms = 500.0}));
    EXPECT_FALSE(repeats(2000.0, {.every_ms = 540.0}));
}

TEST(PhaseReversals, AreTwo) {
    EXPECT_FALSE(repeats(3000.0, {.steps = 0}));
    EXPECT_FALSE(repeats(3000.0, {.steps = 1}));
    EXPECT_TRUE(repeats(3000.0, {.steps = 2}));
}

TEST(PhaseReversals, TwoInATenthOfASecondAreOne) {
    EXPECT_FALSE(repeats(1400.0, {.second_ms = 102.5})) << "the third is too late behind the first";
    EXPECT_TRUE(repeats(1400.0, {.second_ms = 107.0})) << "but not behind the second";
}

TEST(PhaseReversals, TheSecondIsKnownInATenthOfASecond) {
    EXPECT_FALSE(repeats(970.0, {}));
    EXPECT_TRUE(repeats(990.0, {}));
}

TEST(PhaseReversals, AnotherMayFollowForHalfASecond) {
    EXPECT_FALSE(heard(440.0, {}).may_repeat(3520));
    const PhaseReversals reversals = heard(800.0, {.steps = 1});
    const auto at = [](double ms) { return static_cast<SampleIndex>(8.0 * ms); };
    EXPECT_TRUE(reversals.may_repeat(at(1030.0)));
    EXPECT_FALSE(reversals.may_repeat(at(1070.0)));
}

TEST(PhaseReversals, AreHalfATurn) {
    EXPECT_FALSE(repeats(2000.0, {.step_degrees = 106.5}));
    EXPECT_TRUE(repeats(2000.0, {.step_degrees = 111.0}));
    EXPECT_TRUE(repeats(2000.0, {.step_degrees = -111.0}));
}

TEST(PhaseReversals, LearnTheFrequency) {
    for (const double hz : {2060.0, 2079.0, 2121.0, 2140.0}) {
        EXPECT_TRUE(repeats(2000.0, {.hz = hz})) << hz;
        EXPECT_FALSE(repeats(3000.0, {.steps = 1, .hz = hz})) << hz;
    }
}

TEST(PhaseReversals, AreHeardWhereThePhaseWavers) {
    EXPECT_TRUE(repeats(2000.0, {.frame_degrees = 80.0}));
    EXPECT_FALSE(repeats(3000.0, {.steps = 0, .frame_degrees = 80.0}));
    EXPECT_TRUE(repeats(2000.0, {.noise_dbm0 = -18.0}));
    EXPECT_FALSE(repeats(3000.0, {.steps = 0, .noise_dbm0 = -18.0}));
}

TEST(PhaseReversals, SilenceHasNone) {
    PhaseReversals reversals(looked_for_hz / rate_hz, frame, 3040, 4160);
    const std::vector<std::int16_t> silent(frame);
    for (int i = 1; i <= 300; ++i) {
        reversals.hear(silent, SampleIndex{i} * static_cast<SampleIndex>(frame));
    }
    EXPECT_FALSE(reversals.repeats());
    EXPECT_FALSE(reversals.may_repeat(24000));
}

} // namespace
} // namespace keytone::test
