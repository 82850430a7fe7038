// SPDX-License-Identifier: MIT
//
// A key whose level changes while it sounds is one key, as long as it stays above the profile's least level.
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/rows/timed_lines.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace keytone::accuracy {

namespace {

constexpr std::string_view keypad = "123A456B789C*0#D";
constexpr double loud_dbm0 = -6.0;
constexpr KeyShape shape{.low_dbm0 = loud_dbm0, .high_dbm0 = loud_dbm0};
constexpr double between_ms = 300.0;
constexpr double tolerance_ms = 5.0;
constexpr double fade_tolerance_ms = 10.0;
constexpr double least_level_change_db = 3.0;
constexpr double most_level_change_db = 25.0;
constexpr double longest_level_change_ms = 80.0;
constexpr double least_part_ms = 60.0;
constexpr double most_part_ms = 300.0;

/// A level that changes to another one linearly in decibels.
struct Change {
    double from_db;
    double to_db;
    double at_ms;
    double for_ms;

    [[nodiscard]] double gain_db(double ms) const {
        if (ms < at_ms) {
            return from_db;
        }
        return ms >= at_ms + for_ms ? to_db : from_db + (to_db - from_db) * (ms - at_ms) / for_ms;
    }
    /// When the level falls to `db`; `end_ms` if it never does.
    [[nodiscard]] double reaches(double db, double end_ms) const {
        if (to_db >= db) {
            return end_ms;
        }
        return at_ms + for_ms * (from_db - db) / (from_db - to_db);
    }
};

void press(TimedLine& line, const Column& column, char key, const Change& change, double length_ms,
           double tolerance, Random& random) {
    line.silence(between_ms + random.uniform(0.0, 5.0));
    const double onset_ms = line.now_ms();
    KeyTones tones(key, shape, line.rate_hz(), random);
    line.sound(tones, length_ms, [&](double ms) { return change.gain_db(ms); });
    // Between the level that must be accepted and the one that must be rejected, either result is right.
    const double taken_ms = change.reaches(column.softest_dbm0 - loud_dbm0, length_ms);
    line.expect(key, onset_ms, onset_ms + taken_ms,
                onset_ms + change.reaches(column.not_operated_dbm0 - loud_dbm0, length_ms),
                taken_ms < length_ms ? fade_tolerance_ms : tolerance);
}

TimedSound falling(const Column& column, std::size_t, int rate_hz, Random& random) {
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        const double at_ms = random.uniform(least_part_ms, most_part_ms);
        const double for_ms = random.uniform() < 0.3 ? 0.0 : random.uniform(0.0, longest_level_change_ms);
        const Change change{0.0, -random.uniform(least_level_change_db, most_level_change_db), at_ms, for_ms};
        press(line, column, key, change, at_ms + for_ms + random.uniform(least_part_ms, most_part_ms),
              tolerance_ms, random);
    }
    return std::move(line).finish();
}

TimedSound fading(const Column& column, std::size_t, int rate_hz, Random& random) {
    constexpr double fade_db = -30.0;
    constexpr double shortest_fade_ms = 50.0;
    constexpr double longest_fade_ms = 900.0;
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        const double at_ms = random.uniform(least_part_ms, most_part_ms);
        const double for_ms = random.uniform(shortest_fade_ms, longest_fade_ms);
        const double behind_ms = random.uniform() < 0.5 ? 0.0 : random.uniform(0.0, most_part_ms);
        press(line, column, key, {0.0, fade_db, at_ms, for_ms}, at_ms + for_ms + behind_ms, fade_tolerance_ms,
              random);
    }
    return std::move(line).finish();
}

TimedSound rising(const Column& column, std::size_t, int rate_hz, Random& random) {
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        // It must be a key already before it rises.
        const double most_db = std::min(most_level_change_db, loud_dbm0 - column.softest_dbm0);
        const double at_ms = random.uniform(least_part_ms, most_part_ms);
        const double for_ms = random.uniform() < 0.3 ? 0.0 : random.uniform(0.0, longest_level_change_ms);
        const Change change{-random.uniform(least_level_change_db, most_db), 0.0, at_ms, for_ms};
        press(line, column, key, change, at_ms + for_ms + random.uniform(least_part_ms, most_part_ms),
              tolerance_ms, random);
    }
    return std::move(line).finish();
}

/// Interrupted, and weaker after that.
TimedSound interrupted(const Column& column, std::size_t, int rate_hz, Random& random) {
    constexpr double most_weaker_db = 12.0;
    TimedLine line(rate_hz, random);
    for (const char key : keypad) {
        line.silence(between_ms + random.uniform(0.0, 5.0));
        const double onset_ms = line.now_ms();
        KeyTones tones(key, shape, rate_hz, random);
        line.sound(tones, random.uniform(least_part_ms, most_part_ms));
        const double gap_ms = random.uniform(1.0, column.interruption_ms);
        tones.skip(sample_count(gap_ms, rate_hz));
        line.silence(gap_ms);
        const double weaker_db = random.uniform(0.0, most_weaker_db);
        line.sound(tones, random.uniform(least_part_ms, most_part_ms), [&](double) { return -weaker_db; });
        line.expect(key, onset_ms, line.now_ms(), line.now_ms(), tolerance_ms);
    }
    return std::move(line).finish();
}

} // namespace

Outcome measure_level_change(const Setting& setting) {
    const std::size_t times = setting.quick ? 6 : 40;
    return {{all_in_time(setting, "falls by 3 to 25 dB within 0 to 80 ms: one key, at its full length", times,
                         falling),
             all_in_time(setting, "fades by 30 dB in 50 to 900 ms: the same", times, fading),
             all_in_time(setting, "rises by 3 to 25 dB within 0 to 80 ms: the same", times, rising),
             all_in_time(setting, "interrupted for 1 to 10 (20) ms, 0 to 12 dB weaker behind it: the same",
                         times, interrupted)}};
}

} // namespace keytone::accuracy
