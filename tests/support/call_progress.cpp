// SPDX-License-Identifier: MIT
#include "tests/support/call_progress.hpp"

#include <cmath>
#include <numbers>

namespace keytone::test {

const std::vector<CallProgress>& call_progress_plans() {
    static const std::vector<CallProgress> plans{
        {"US ringing", {440, 480}, 0, {2000, 4000}},
        {"US busy", {480, 620}, 0, {500, 500}},
        {"US reorder", {480, 620}, 0, {250, 250}},
        {"UK ringing", {400, 450}, 0, {400, 200, 400, 2000}},
        {"UK busy", {400}, 0, {375, 375}},
        {"UK congestion", {400}, 0, {400, 350, 225, 525}},
        {"DE ringing", {425}, 0, {1000, 4000}},
        {"DE busy", {425}, 0, {480, 480}},
        {"DE congestion", {425}, 0, {240, 240}},
        {"FR ringing", {440}, 0, {1500, 3500}},
        {"FR busy", {440}, 0, {500, 500}},
        {"FR congestion", {440}, 0, {250, 250}},
        {"ES ringing", {425}, 0, {1500, 3000}},
        {"ES busy", {425}, 0, {200, 200}},
        {"ES congestion", {425}, 0, {200, 200, 200, 200, 200, 600}},
        {"HU ringing", {425}, 0, {1250, 3750}},
        {"HU busy", {425}, 0, {300, 300}},
        {"IT ringing", {425}, 0, {1000, 4000}},
        {"IT busy", {425}, 0, {500, 500}},
        {"IT congestion", {425}, 0, {200, 200}},
        {"JP ringing", {400}, 16, {1000, 2000}},
        {"JP busy", {400}, 0, {500, 500}},
        {"AT ringing", {420}, 0, {1000, 5000}},
        {"AT busy", {420}, 0, {400, 400}},
        {"CN ringing", {450}, 0, {1000, 4000}},
        {"CN busy", {450}, 0, {350, 350}},
        {"CN congestion", {450}, 0, {700, 700}},
        {"RU ringing", {425}, 0, {800, 3200}},
        {"RU busy", {425}, 0, {400, 400}},
        {"BE ringing", {425}, 0, {1000, 3000}},
        {"BE congestion", {425}, 0, {167, 167}},
        {"SE ringing", {425}, 0, {1000, 5000}},
        {"SE busy", {425}, 0, {250, 250}},
        {"TR ringing", {450}, 0, {2000, 4000}},
        {"AU ringing", {400, 425, 450}, 0, {400, 200, 400, 2000}},
        {"AU busy", {425}, 0, {375, 375}},
        {"IN ringing", {400}, 25, {400, 200, 400, 2000}},
        {"IN busy", {400}, 0, {750, 750}},
        {"ZA ringing", {400}, 33, {400, 200, 400, 2000}},
        {"KR ringing", {440, 480}, 0, {1000, 2000}},
        {"IL ringing", {400}, 0, {1000, 3000}},
        {"special information", {950, 1400, 1777}, 0, {}},
        {"US dial tone", {350, 440}, 0, {5000}},
        {"DE dial tone", {425}, 0, {5000}},
    };
    return plans;
}

namespace {

/// Appends tones to the line.
void add_tones(Signal& line, double length_ms, const std::vector<double>& hz, double modulation_hz,
               int rate_hz, const CallProgressForm& form) {
    const std::size_t count = sample_count(length_ms, rate_hz);
    for (std::size_t n = 0; n < count; ++n) {
        const double turn = 2.0 * std::numbers::pi * static_cast<double>(n) / rate_hz;
        double sum = 0.0;
        double dbm0 = form.dbm0;
        for (const double frequency : hz) {
            const double peak = std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 20.0);
            sum += peak * std::sin(turn * frequency * form.frequency_factor);
            dbm0 -= form.level_step_db;
        }
        line.push_back(modulation_hz > 0.0 ? sum * 0.5 * (1.0 + std::sin(turn * modulation_hz)) : sum);
    }
}

} // namespace

Signal call_progress(const CallProgress& plan, double length_ms, int rate_hz, const CallProgressForm& form) {
    const std::size_t length = sample_count(length_ms, rate_hz);
    Signal line;
    if (plan.cadence_ms.empty()) { // The tones one after the other, once.
        for (const double hz : plan.hz) {
            add_tones(line, 330.0 * form.time_factor, {hz}, 0.0, rate_hz, form);
        }
    } else {
        for (std::size_t i = 0; line.size() < length; i = (i + 1) % plan.cadence_ms.size()) {
            const double part_ms = plan.cadence_ms[i] * form.time_factor;
            if (i % 2 == 0) {
                add_tones(line, part_ms, plan.hz, plan.modulation_hz, rate_hz, form);
            } else {
                append_silence(line, sample_count(part_ms, rate_hz));
            }
        }
    }
    line.resize(length);
    return line;
}

} // namespace keytone::test
