// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

namespace keytone::accuracy {

Outcome measure_rejection(const Setting& setting) {
    struct Case {
        bool is_low;
        double percent;
    };
    std::vector<Case> cases;
    for (const bool is_low : {true, false}) {
        // Beyond 4.5 %, the next nominal frequency is near.
        for (const double percent : {3.0, 3.25, 3.5, 4.0, 4.5}) {
            cases.push_back({is_low, -percent});
            cases.push_back({is_low, percent});
        }
    }
    const auto points =
        compare_points(setting, cases.size(), [&](std::size_t point, int digits, Random& random) {
            KeyShape shape;
            (cases[point].is_low ? shape.low : shape.high).percent = cases[point].percent;
            return key_stream(shape, digits, setting.rate_hz, random);
        });

    Outcome outcome;
    for (const bool is_low : {true, false}) {
        for (const bool is_edge : {true, false}) {
            Comparison together;
            for (std::size_t i = 0; i < cases.size(); ++i) {
                if (cases[i].is_low == is_low && (cases[i].percent * cases[i].percent < 9.1) == is_edge) {
                    together += points[i];
                }
            }
            outcome.lines.push_back(none_accepted(setting,
                                                  std::string(is_low ? "low" : "high") + " tone off by " +
                                                      (is_edge ? "3.0 %" : "3.25 to 4.5 %") + ", accepted",
                                                  together));
        }
    }
    return outcome;
}

} // namespace keytone::accuracy
