// SPDX-License-Identifier: MIT
#include "bench/accuracy/timed_keys.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace keytone::accuracy {
namespace {

constexpr int rate_hz = 8000;

KeytoneReport report(DtmfReport::Kind kind, char key, double onset_s, double length_s) {
    return {.report = {.kind = kind,
                       .key = *Key::from_character(key),
                       .onset = std::llround(onset_s * rate_hz),
                       .duration = std::llround(length_s * rate_hz),
                       .low_level = {-13.0},
                       .high_level = {-13.0},
                       .low_frequency = {700.0},
                       .high_frequency = {1200.0},
                       .snr = {30.0}},
            .at_s = onset_s + length_s};
}

KeytoneReport ended(char key, double onset_s, double length_s) {
    return report(DtmfReport::Kind::end, key, onset_s, length_s);
}

// The second key's end may be reported within 20 ms.
const std::vector<TimedKey> sent{{'1', 0.200, 0.280, 0.280, 0.005}, {'2', 0.280, 0.340, 0.360, 0.005}};

TimedScore scored(const std::vector<KeytoneReport>& reports) {
    return score(sent, reports, rate_hz);
}

TEST(TimedKeys, RightIsTheKeyItsOnsetAndItsLength) {
    const TimedScore all = scored({ended('1', 0.204, 0.076), ended('2', 0.276, 0.084)});
    EXPECT_EQ(all, (TimedScore{.sent = 2, .right = 2}));
    EXPECT_TRUE(all.perfect());
    EXPECT_EQ(all.right_percent(), 100.0);
    // The earliest and the latest end are both right.
    EXPECT_TRUE(scored({ended('1', 0.2, 0.08), ended('2', 0.28, 0.06)}).perfect());
}

TEST(TimedKeys, WrongTimesAreWrong) {
    for (const KeytoneReport& second :
         {ended('2', 0.286, 0.07), ended('2', 0.274, 0.07), ended('2', 0.28, 0.054), ended('2', 0.28, 0.086),
          ended('3', 0.28, 0.07)}) {
        EXPECT_EQ(scored({ended('1', 0.2, 0.08), second}), (TimedScore{.sent = 2, .right = 1, .extra = 1}));
    }
    // The first key reported as long as both.
    EXPECT_EQ(scored({ended('1', 0.2, 0.16)}), (TimedScore{.sent = 2, .extra = 1}));
}

TEST(TimedKeys, EveryKeyOnceAndInOrder) {
    EXPECT_EQ(scored({ended('1', 0.2, 0.08), ended('1', 0.2, 0.08), ended('2', 0.28, 0.07)}),
              (TimedScore{.sent = 2, .right = 2, .extra = 1}));
    EXPECT_EQ(scored({ended('2', 0.28, 0.07)}), (TimedScore{.sent = 2, .right = 1}));
    EXPECT_EQ(scored({}), (TimedScore{.sent = 2}));
}

TEST(TimedKeys, OnlyEndsCount) {
    EXPECT_EQ(scored({report(DtmfReport::Kind::hint, '9', 0.2, 0.08),
                      report(DtmfReport::Kind::begin, '9', 0.2, 0.08), ended('1', 0.2, 0.08)}),
              (TimedScore{.sent = 2, .right = 1}));
}

TEST(TimedKeys, ScoresAddUp) {
    TimedScore sum = scored({ended('1', 0.2, 0.08)});
    sum += scored({ended('1', 0.2, 0.08), ended('2', 0.28, 0.07), ended('5', 0.5, 0.07)});
    EXPECT_EQ(sum, (TimedScore{.sent = 4, .right = 3, .extra = 1}));
    EXPECT_EQ(sum.right_percent(), 75.0);
    EXPECT_FALSE(sum.perfect());
    EXPECT_EQ(TimedScore{}.right_percent(), 0.0);
}

std::span<const float> part(const TimedSound& made, double from_ms, double to_ms) {
    const std::size_t from = sample_count(from_ms, made.sound.rate_hz);
    return std::span(made.sound.samples).subspan(from, sample_count(to_ms, made.sound.rate_hz) - from);
}

double level(const TimedSound& made, double from_ms, double to_ms) {
    return dbm0_of(mean_square(part(made, from_ms, to_ms)));
}

TEST(TimedKeys, ALineIsWhatWasAskedFor) {
    Random random(3);
    TimedLine line(rate_hz, random);
    EXPECT_EQ(line.now_ms(), 200.0);
    KeyTones tones('7', {.low_dbm0 = -13.0, .high_dbm0 = -13.0}, rate_hz, random);
    line.sound(tones, 100.0);
    line.sound(tones, 100.0, [](double ms) { return ms < 50.0 ? 0.0 : -20.0; });
    line.silence(50.0);
    line.sines(std::array{900.0, 1300.0}, -16.0, 200.0);
    line.samples(std::array{0.5F, -0.5F});
    line.expect('7', 200.0, 350.0, 400.0, 5.0);
    const TimedSound made = std::move(line).finish();

    EXPECT_EQ(made.sound.samples.size(), sample_count(1050.0, rate_hz) + 2);
    EXPECT_EQ(mean_square(part(made, 0.0, 200.0)), 0.0);
    EXPECT_NEAR(level(made, 200.0, 350.0), -10.0, 0.3);
    EXPECT_NEAR(level(made, 350.0, 400.0), -30.0, 0.5);
    EXPECT_EQ(mean_square(part(made, 400.0, 450.0)), 0.0);
    EXPECT_NEAR(level(made, 450.0, 650.0), -13.0, 0.3);
    EXPECT_EQ(made.sound.samples[sample_count(650.0, rate_hz)], 0.5F);
    EXPECT_EQ(mean_square(part(made, 651.0, 1050.0)), 0.0);

    ASSERT_EQ(made.keys.size(), 1U);
    EXPECT_EQ(made.keys[0].key, '7');
    EXPECT_NEAR(made.keys[0].onset_s, 0.200, 1e-9);
    EXPECT_NEAR(made.keys[0].least_end_s, 0.350, 1e-9);
    EXPECT_NEAR(made.keys[0].most_end_s, 0.400, 1e-9);
    ASSERT_EQ(made.sound.keys.size(), 1U);
    EXPECT_NEAR(made.sound.keys[0].end_s, 0.400, 1e-9);
}

// The tones continue in phase: a change of level is no new press.
TEST(TimedKeys, TonesGoOnInPhase) {
    const auto line_of = [](const std::vector<double>& pieces_ms) {
        Random random(11);
        TimedLine line(rate_hz, random);
        KeyTones tones('3', {}, rate_hz, random);
        for (const double ms : pieces_ms) {
            line.sound(tones, ms);
        }
        return std::move(line).finish().sound.samples;
    };
    const auto whole = line_of({100.0});
    const auto pieces = line_of({30.0, 70.0});
    ASSERT_EQ(whole.size(), pieces.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        ASSERT_NEAR(whole[i], pieces[i], 1e-6F) << i;
    }
}

} // namespace
} // namespace keytone::accuracy
