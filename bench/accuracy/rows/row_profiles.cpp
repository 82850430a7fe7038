// SPDX-License-Identifier: MIT
//
// Every profile against its own column of ITU-T Q.24 Table A-1: what it must accept with all limits at their
// edges at once, and each limit beyond which it must reject.
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/columns.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <array>
#include <cmath>
#include <string>

namespace keytone::accuracy {

namespace {

constexpr double accepted_ms = 40.0;
// Both tones at 0 dBm0 would clip: then the softer one is lowered further.
constexpr double loudest_sum_peak = 1.0;

/// One of the sixteen corners: both signs of both frequency deviations, both level differences, the softest
/// and the loudest level.
KeyShape corner(const Column& column, unsigned number) {
    const auto deviation = [&](bool is_up) {
        const double sign = is_up ? 1.0 : -1.0;
        return Deviation{sign * column.accepted.percent, sign * column.accepted.hz};
    };
    KeyShape shape{.tone_ms = accepted_ms, .pause_ms = column.pause_ms};
    shape.low = deviation((number & 1U) != 0);
    shape.high = deviation((number & 2U) != 0);
    const bool is_high_louder = (number & 4U) != 0;
    const double difference = is_high_louder ? column.high_over_low_db : column.low_over_high_db;
    double softer = column.softest_dbm0;
    if ((number & 8U) != 0) {
        softer = column.loudest_dbm0 - difference;
        while (sine_peak(softer) + sine_peak(softer + difference) > loudest_sum_peak) {
            softer -= 0.5;
        }
    }
    shape.low_dbm0 = is_high_louder ? softer : softer + difference;
    shape.high_dbm0 = is_high_louder ? softer + difference : softer;
    return shape;
}
constexpr unsigned corners = 16;

Sound interrupted_keys(const KeyShape& shape, double gap_ms, int digits, int rate_hz, Random& random) {
    KeyLine line(shape, rate_hz, random);
    for (int i = 0; i < digits; ++i) {
        line.press_interrupted(accepted_ms, gap_ms, accepted_ms, false);
    }
    return std::move(line).finish();
}

/// Calls `make(corner, digits, random)` for all corners of a column.
template <class Make>
Comparison at_corners(const Setting& setting, const Column& column, int digits, Random& random,
                      const Make& make) {
    Comparison sum;
    const int each = std::max(1, digits / static_cast<int>(corners));
    for (unsigned number = 0; number < corners; ++number) {
        sum += compare(setting, make(corner(column, number), each, random), *dtmf_profile(column.profile));
    }
    return sum;
}

Comparison frequencies_to_reject(const Setting& setting, const Column& column, int digits, Random& random) {
    Comparison sum;
    const int each = std::max(1, digits / 4);
    for (const bool is_low : {true, false}) {
        for (const double sign : {-1.0, 1.0}) {
            KeyShape shape;
            (is_low ? shape.low : shape.high).percent = sign * *column.rejected_percent;
            sum += compare(setting, key_stream(shape, each, setting.rate_hz, random),
                           *dtmf_profile(column.profile));
        }
    }
    return sum;
}

/// The lines of a column, in order.
enum class Clause : std::uint8_t { edges, interruptions, frequency, level, duration };
constexpr std::array clauses{Clause::edges, Clause::interruptions, Clause::frequency, Clause::level,
                             Clause::duration};

Comparison measure_clause(const Setting& setting, const Column& column, Clause clause, int digits,
                          Random& random) {
    const DtmfLimits limits = *dtmf_profile(column.profile);
    switch (clause) {
    case Clause::edges:
        return at_corners(setting, column, digits, random, [&](const KeyShape& shape, int n, Random& r) {
            return key_stream(shape, n, setting.rate_hz, r);
        });
    case Clause::interruptions:
        return at_corners(setting, column, digits, random, [&](const KeyShape& shape, int n, Random& r) {
            KeyShape parted = shape;
            parted.pause_ms = std::max(shape.pause_ms, 2.0 * column.interruption_ms);
            return interrupted_keys(parted, column.interruption_ms, n, setting.rate_hz, r);
        });
    case Clause::frequency:
        return column.rejected_percent ? frequencies_to_reject(setting, column, digits, random)
                                       : Comparison{};
    case Clause::level: {
        const KeyShape shape{.low_dbm0 = column.not_operated_dbm0, .high_dbm0 = column.not_operated_dbm0};
        return compare(setting, key_stream(shape, digits, setting.rate_hz, random), limits);
    }
    case Clause::duration: {
        const KeyShape shape{.tone_ms = column.rejected_ms, .pause_ms = 100.0};
        return compare(setting, key_stream(shape, digits, setting.rate_hz, random), limits);
    }
    }
    return {};
}

} // namespace

Outcome measure_profiles(const Setting& setting) {
    const auto results = measure<Comparison>(
        setting, columns().size() * clauses.size(), [&](std::size_t point, int digits, Random& random) {
            return measure_clause(setting, columns().at(point / clauses.size()),
                                  clauses.at(point % clauses.size()), digits, random);
        });
    Outcome outcome;
    for (std::size_t i = 0; i < columns().size(); ++i) {
        const Column& column = columns().at(i);
        const auto result = [&](Clause clause) -> const Comparison& {
            return results[i * clauses.size() + static_cast<std::size_t>(clause)];
        };
        const auto add = [&](Line line) { outcome.lines.push_back(std::move(line)); };
        const std::string name = column.profile + ": ";
        add(all_heard(setting, name + "all limits at their edge at once", result(Clause::edges)));
        add(all_heard(setting,
                      name + "there, interrupted for " + number_text(column.interruption_ms, 0) + " ms",
                      result(Clause::interruptions)));
        if (column.rejected_percent) {
            add(none_accepted(
                setting, name + "a tone off by " + number_text(*column.rejected_percent, 1) + " %, accepted",
                result(Clause::frequency)));
        }
        add(none_accepted(setting,
                          name + "both at " + number_text(column.not_operated_dbm0, 0) + " dBm0, accepted",
                          result(Clause::level)));
        add(none_accepted(setting, name + "bursts of " + number_text(column.rejected_ms, 0) + " ms, accepted",
                          result(Clause::duration)));
    }
    return outcome;
}

} // namespace keytone::accuracy
