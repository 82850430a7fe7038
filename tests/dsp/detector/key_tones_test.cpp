// SPDX-License-Identifier: MIT
#include "dsp/detector/key_tones.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace keytone {
namespace {

using test::Signal;

constexpr int rate_hz = 8000;
constexpr double dbm0 = -13.0;
/// The mean square of each tone at -13 dBm0, full scale being 32768.
const double tone_power = 0.5 * 32768.0 * 32768.0 * std::pow(10.0, (dbm0 - 3.14) / 10.0);

/// A line whose samples are all kept, pushed sub-block by sub-block.
class Line {
  public:
    explicit Line(const Signal& signal) : samples_(test::to_pcm16(signal)) {}

    bool push() {
        const auto at = static_cast<std::size_t>(tracker_.count()) * sub_block_size;
        if (at + sub_block_size > samples_.size()) {
            return false;
        }
        tracker_.push(SubBlock(samples_.data() + at, sub_block_size), false, true);
        return true;
    }
    [[nodiscard]] const ToneTracker& tracker() const { return tracker_; }
    /// For key 5.
    [[nodiscard]] HeardTones last() const { return tracker_.last_tones(1, 1); }
    [[nodiscard]] KeyTones::Shares shares_of(const KeyTones& tones) const {
        const HeardTones heard = tracker_.last_tones(tones.pair().row, tones.pair().column);
        return tones.shares(tracker_, tracker_.count() - 1, heard);
    }

  private:
    std::vector<std::int16_t> samples_;
    ToneTracker tracker_;
};

Signal key_of(double ms, double level_dbm0 = dbm0) {
    return test::sound({.key = '5', .tone_ms = ms, .low_dbm0 = level_dbm0, .high_dbm0 = level_dbm0}, rate_hz);
}

KeyTones five(double least_power = 0.0) {
    KeyTones tones(static_cast<float>(least_power));
    tones.begin({1, 1, low_group[1], high_group[1]}, {tone_power, tone_power}, 0.0F);
    return tones;
}

TEST(KeyTones, ASubBlockThatTheyFillHoldsAllOfThem) {
    Line line(key_of(40.0));
    const KeyTones tones = five();
    for (int i = 0; i < 4 && line.push(); ++i) {
        const auto shares = line.shares_of(tones);
        EXPECT_NEAR(shares.all[0], 1.0, 0.25) << i;
        EXPECT_NEAR(shares.all[1], 1.0, 0.25) << i;
        EXPECT_TRUE(tones.are_in(line.last())) << i;
    }
}

TEST(KeyTones, SilenceHoldsNone) {
    Line line(Signal(400, 0.0));
    const KeyTones tones = five(0.1 * tone_power);
    ASSERT_TRUE(line.push());
    EXPECT_EQ(line.shares_of(tones).all, (KeyTones::Both{0.0F, 0.0F}));
    EXPECT_FALSE(tones.are_in(line.last()));
}

TEST(KeyTones, ATooWeakToneIsNotAudible) {
    Line line(key_of(40.0, dbm0 - 20.0));
    const KeyTones tones = five(0.1 * tone_power);
    ASSERT_TRUE(line.push());
    const auto shares = line.shares_of(tones);
    EXPECT_GT(shares.all[0], 0.005F);
    EXPECT_EQ(shares.audible, (KeyTones::Both{0.0F, 0.0F}));
}

// A key at the least level, each tone off by 1.8 %: one sub-block of 5 ms holds less of a tone, and the next
// one more.
TEST(KeyTones, AToneIsAsAudibleAsTwoSubBlocksSay) {
    constexpr double off = 0.982;
    Signal signal(800);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        const double t = 2.0 * std::numbers::pi * static_cast<double>(n) / rate_hz;
        signal[n] = 0.03 * std::sin(off * 941.0 * t) + 0.053 * std::sin(off * 1209.0 * t);
    }
    Line line(signal);
    const double power = 0.5 * 0.03 * 0.03 * 32768.0 * 32768.0;
    KeyTones tones(static_cast<float>(0.5 * power));
    tones.begin({3, 0, off * low_group[3], off * high_group[0]}, {power, 3.1 * power}, 0.0F);
    float least = 1.0F;
    while (line.push()) {
        const auto shares = line.shares_of(tones);
        EXPECT_GT(shares.audible[0], 0.0F) << line.tracker().count();
        least = std::min(least, shares.all[0]);
    }
    EXPECT_LT(least, 0.48F); // otherwise this test shows nothing
}

TEST(KeyTones, NothingIsStrangeOfAKeyThatGoesOn) {
    Line line(key_of(60.0));
    KeyTones tones = five();
    while (line.push()) {
        EXPECT_FALSE(tones.is_strange(line.last())) << line.tracker().count();
    }
}

TEST(KeyTones, AnotherKeyIsStrange) {
    Signal signal = key_of(20.0);
    test::append(signal,
                 test::sound({.key = '9', .tone_ms = 40.0, .low_dbm0 = dbm0, .high_dbm0 = dbm0}, rate_hz));
    Line line(signal);
    KeyTones tones = five();
    int strange = 0;
    while (line.push()) {
        strange += tones.is_strange(line.last()) ? 1 : 0;
    }
    EXPECT_GE(strange, 6);
}

} // namespace
} // namespace keytone
