// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

namespace keytone::accuracy {

namespace {

constexpr double max_rejected_ms = 23.0;
constexpr double min_accepted_ms = 40.0;

} // namespace

Outcome measure_duration(const Setting& setting) {
    const auto durations = steps(10.0, 50.0, 1.0);
    const auto points =
        compare_points(setting, durations.size(), [&](std::size_t point, int digits, Random& random) {
            const KeyShape shape{.tone_ms = durations[point], .pause_ms = 60.0};
            return key_stream(shape, digits, setting.rate_hz, random);
        });

    Comparison rejected;
    Comparison accepted;
    Curve curve{"duration",
                "Bursts by their length",
                "duration, ms",
                "accepted, %",
                {},
                {{durations.front(), max_rejected_ms, 0.0}, {min_accepted_ms, durations.back(), 100.0}},
                setting.compares()};
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (durations[i] <= max_rejected_ms) {
            rejected += points[i];
        }
        if (durations[i] >= min_accepted_ms) {
            accepted += points[i];
        }
        curve.points.push_back(
            {durations[i], points[i].keytone.accepted_percent(), points[i].spandsp.accepted_percent()});
    }

    const auto at = [&](double ms) { return points[static_cast<std::size_t>(ms - durations.front())]; };
    Outcome outcome;
    outcome.lines = {none_accepted(setting, "bursts of 23 ms, accepted", at(max_rejected_ms)),
                     none_accepted(setting, "bursts of 10 to 23 ms, accepted", rejected),
                     all_heard(setting, "bursts of 40 ms, accepted", at(min_accepted_ms)),
                     all_heard(setting, "bursts of 40 to 50 ms, accepted", accepted)};
    outcome.curves.push_back(curve);
    return outcome;
}

} // namespace keytone::accuracy
