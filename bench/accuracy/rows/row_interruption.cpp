// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <string>

namespace keytone::accuracy {

namespace {

/// What one profile must do with gaps of certain lengths.
struct Case {
    std::string profile;
    bool bridges; ///< Otherwise it splits.
    std::vector<double> gaps_ms;
    std::string what;
};

// Each part by itself would be a key.
constexpr double least_part_ms = 40.0;
constexpr double most_part_ms = 60.0;

/// Keys with one gap each. If it is bridged, both parts are one key; if it splits, each part is a key.
Sound keys_with_gaps(const Case& asked, double gap_ms, int digits, int rate_hz, Random& random) {
    KeyLine line({.pause_ms = 100.0}, rate_hz, random);
    for (int i = 0; i < digits; ++i) {
        const double before_ms = random.uniform(least_part_ms, most_part_ms);
        const double after_ms = random.uniform(least_part_ms, most_part_ms);
        line.press_interrupted(before_ms, gap_ms, after_ms, !asked.bridges);
    }
    return std::move(line).finish();
}

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"q24", true, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "interruptions of 1 to 10 ms bridged"},
        {"q24", true, {10}, "interruptions of 10 ms bridged"},
        {"q24", false, {40}, "pauses of 40 ms split"},
        {"q24", false, {40, 50, 60, 80}, "pauses of 40 to 80 ms split"},
        {"etsi", true, {20}, "20 ms bridged, profile etsi"},
        {"danish", true, {20}, "20 ms bridged, profile danish"},
        {"etsi", false, {40}, "40 ms split, profile etsi"},
        {"danish", false, {40}, "40 ms split, profile danish"},
        {"ntt", false, {30}, "30 ms split, profile ntt"},
        {"brazilian", false, {30}, "30 ms split, profile brazilian"},
    };
    return all;
}

} // namespace

Outcome measure_interruption(const Setting& setting) {
    const auto results =
        measure<Comparison>(setting, cases().size(), [&](std::size_t point, int digits, Random& random) {
            const Case& asked = cases()[point];
            Comparison comparison;
            const int each = std::max(1, digits / static_cast<int>(asked.gaps_ms.size()));
            for (const double gap_ms : asked.gaps_ms) {
                comparison += compare(setting, keys_with_gaps(asked, gap_ms, each, setting.rate_hz, random),
                                      *dtmf_profile(asked.profile));
            }
            return comparison;
        });
    Outcome outcome;
    for (std::size_t i = 0; i < results.size(); ++i) {
        outcome.lines.push_back(all_heard(setting, cases()[i].what, results[i]));
    }
    return outcome;
}

} // namespace keytone::accuracy
