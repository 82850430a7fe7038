// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/rows.hpp"

namespace keytone::accuracy {

namespace {

constexpr double loudest_asked_dbm0 = 0.0;
constexpr double softest_asked_dbm0 = -40.0;
constexpr double softest_dbm0 = -56.0;
constexpr double loudest_dbm0 = 3.0;
constexpr double usual_dbm0 = -13.0;

struct Range {
    double softest;
    double loudest;
};

/// The range of levels, around the usual one, at which every key is heard, and nothing else.
Range perfect_range(const std::vector<double>& levels, const std::vector<Comparison>& points,
                    Score Comparison::*receiver) {
    Range range{usual_dbm0, usual_dbm0};
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if ((points[i].*receiver).perfect()) {
            continue;
        }
        if (levels[i] < usual_dbm0) {
            range.softest = levels[i] + 1.0;
        } else if (levels[i] > usual_dbm0) {
            range.loudest = levels[i] - 1.0;
            return range;
        }
    }
    range.loudest = levels.back();
    return range;
}

Figure figure_of(const Range& range) {
    return {range.softest, number_text(range.loudest, 0) + " to " + number_text(range.softest, 0) + " dBm0"};
}

} // namespace

Outcome measure_level(const Setting& setting) {
    const auto levels = steps(softest_dbm0, loudest_dbm0, 1.0);
    const auto points =
        compare_points(setting, levels.size(), [&](std::size_t point, int digits, Random& random) {
            const KeyShape shape{.low_dbm0 = levels[point], .high_dbm0 = levels[point]};
            return key_stream(shape, digits, setting.rate_hz, random);
        });
    Curve curve{"level",
                "Level of each tone, clean line",
                "level of each tone, dBm0",
                "keys heard, %",
                {},
                {{softest_asked_dbm0, loudest_asked_dbm0, 100.0}},
                setting.compares()};
    for (std::size_t i = 0; i < points.size(); ++i) {
        curve.points.push_back({levels[i], points[i].keytone.hit_percent(), points[i].spandsp.hit_percent()});
    }
    const Range keytone = perfect_range(levels, points, &Comparison::keytone);
    Line line{"levels at which 100 % are heard, nothing else",
              "0 to \xE2\x88\x92"
              "40 dBm0",
              figure_of(keytone),
              {},
              keytone.loudest >= loudest_asked_dbm0 && keytone.softest <= softest_asked_dbm0};
    if (setting.compares()) {
        line.spandsp = figure_of(perfect_range(levels, points, &Comparison::spandsp));
    }
    return {{line}, {curve}};
}

} // namespace keytone::accuracy
