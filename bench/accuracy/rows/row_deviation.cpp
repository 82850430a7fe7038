// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <array>

namespace keytone::accuracy {

namespace {

// What must be accepted, by Q.24 and ETSI: 1.5 % and 2 Hz more.
constexpr double accepted_percent = 1.5;
constexpr double accepted_hz = 2.0;
constexpr double rejected_percent = 3.0;
constexpr double widest_percent = 5.0;

struct Signs {
    double low;
    double high;
    const char* name;
};
constexpr std::array pairs{Signs{-1, -1, "both lower"}, Signs{-1, 1, "low lower, high higher"},
                           Signs{1, -1, "low higher, high lower"}, Signs{1, 1, "both higher"}};

Curve sweep(const Setting& setting) {
    const auto deviations = steps(-widest_percent, widest_percent, setting.quick ? 0.5 : 0.25);
    const auto points =
        compare_points(setting, deviations.size(), [&](std::size_t point, int digits, Random& random) {
            KeyShape shape;
            shape.low.percent = deviations[point];
            shape.high.percent = deviations[point];
            return key_stream(shape, digits, setting.rate_hz, random);
        });
    Curve curve{"deviation",
                "Both tones off their frequency the same way",
                "deviation, %",
                "keys heard, %",
                {},
                {{-widest_percent, -rejected_percent, 0.0},
                 {-accepted_percent, accepted_percent, 100.0},
                 {rejected_percent, widest_percent, 0.0}},
                setting.compares()};
    for (std::size_t i = 0; i < points.size(); ++i) {
        curve.points.push_back(
            {deviations[i], points[i].keytone.accepted_percent(), points[i].spandsp.accepted_percent()});
    }
    return curve;
}

} // namespace

Outcome measure_deviation(const Setting& setting) {
    const auto points =
        compare_points(setting, pairs.size(), [&](std::size_t point, int digits, Random& random) {
            const Signs& signs = pairs.at(point);
            KeyShape shape;
            shape.low = {signs.low * accepted_percent, signs.low * accepted_hz};
            shape.high = {signs.high * accepted_percent, signs.high * accepted_hz};
            return key_stream(shape, digits, setting.rate_hz, random);
        });
    Outcome outcome;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        outcome.lines.push_back(
            all_heard(setting, std::string("off by 1.5 % + 2 Hz, ") + pairs.at(i).name, points[i]));
    }
    outcome.curves.push_back(sweep(setting));
    return outcome;
}

} // namespace keytone::accuracy
