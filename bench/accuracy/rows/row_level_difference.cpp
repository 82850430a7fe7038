// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>
#include <cmath>

namespace keytone::accuracy {

namespace {

constexpr double max_low_over_high_db = 8.0;
constexpr double max_high_over_low_db = 4.0;
constexpr double louder_dbm0 = -13.0;

/// Positive where the high tone is louder.
KeyShape shape_of(double high_over_low_db) {
    KeyShape shape;
    shape.high_dbm0 = louder_dbm0 - std::max(0.0, -high_over_low_db);
    shape.low_dbm0 = louder_dbm0 - std::max(0.0, high_over_low_db);
    return shape;
}

} // namespace

Outcome measure_level_difference(const Setting& setting) {
    const auto differences = steps(-14.0, 10.0, setting.quick ? 1.0 : 0.5);
    const auto points =
        compare_points(setting, differences.size(), [&](std::size_t point, int digits, Random& random) {
            return key_stream(shape_of(differences[point]), digits, setting.rate_hz, random);
        });

    Comparison low_over_high;
    Comparison high_over_low;
    Curve curve{"level_difference",
                "One tone louder than the other",
                "high over low, dB",
                "keys heard, %",
                {},
                {{-max_low_over_high_db, max_high_over_low_db, 100.0}},
                setting.compares()};
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double difference = differences[i];
        if (difference <= 0.0 && difference >= -max_low_over_high_db) {
            low_over_high += points[i];
        }
        if (difference >= 0.0 && difference <= max_high_over_low_db) {
            high_over_low += points[i];
        }
        curve.points.push_back(
            {difference, points[i].keytone.hit_percent(), points[i].spandsp.hit_percent()});
    }

    const auto at = [&](double difference) -> const Comparison& {
        const auto found = std::ranges::find_if(
            differences, [&](double candidate) { return std::abs(candidate - difference) < 1e-6; });
        return points[static_cast<std::size_t>(found - differences.begin())];
    };
    Outcome outcome;
    outcome.lines = {all_heard(setting, "low over high by 8 dB", at(-max_low_over_high_db)),
                     all_heard(setting, "low over high by 0 to 8 dB", low_over_high),
                     all_heard(setting, "high over low by 4 dB", at(max_high_over_low_db)),
                     all_heard(setting, "high over low by 0 to 4 dB", high_over_low)};
    outcome.curves.push_back(curve);
    return outcome;
}

} // namespace keytone::accuracy
