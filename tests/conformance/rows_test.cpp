// SPDX-License-Identifier: MIT
//
// Each row of the accuracy table, with fewer keys, under the clause that asks for it. What a row requires is
// defined once, with the row: bench/accuracy/rows/.
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::accuracy {
namespace {

struct Clause {
    std::string_view row;
    std::string_view source;
};

constexpr std::string_view own = "keytone's own";
constexpr std::string_view receivers = "ITU-T Q.24, Table A-1";
constexpr std::string_view hardware = "data sheet of the MT8870D, beyond its limits";

const std::vector<Clause> clauses{
    {"noise", hardware},
    {"prompts", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"warped", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"real_speech", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"packages", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"synthetic", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"music", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"talk_off_codecs", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"talk_off_loss", "ITU-T Q.24, 2.6 and Table A-1: digit simulation"},
    {"sensitivity", own},
    {"deviation", receivers},
    {"rejection", receivers},
    {"level_difference", receivers},
    {"duration", receivers},
    {"interruption", receivers},
    {"level", receivers},
    {"dial_tone", hardware},
    {"dial_cadence", "ITU-T E.180, Supplement 2: dial tones and special dial tones"},
    {"single_tone", "ITU-T Q.24: a signal has a frequency of each group"},
    {"third_tone", hardware},
    {"speech", own},
    {"key_after_key", own},
    {"level_change", receivers},
    {"echo", receivers},
    {"packet_loss", own},
    {"codecs", own},
    {"latency", own},
    {"times", own},
    {"profiles", "ITU-T Q.24, Table A-1; ETSI ES 201 235-3"},
    {"microphone", own},
    {"procedure", "Mitel CM7291"},
};

/// A row at one rate.
struct Case {
    Row row;
    int rate_hz;
};

// The rows that depend on the rate, by its filter, its clock or its noise; each at some of the rates.
const std::vector<std::pair<int, std::set<std::string_view>>> at_other_rates{
    {11025, {"noise", "deviation", "latency", "interruption"}},
    {12000, {"times", "level"}},
    {22050, {"noise", "times", "rejection"}},
    {24000, {"duration", "latency"}},
    {32000, {"deviation", "times"}},
    {44100, {"latency", "interruption", "times"}},
    {88200, {"deviation", "latency", "times"}},
    {96000, {"times", "latency"}},
    {192000, {"times", "latency", "microphone"}},
};

/// Rows that take minutes: warped prompts and music, and at other rates, with their larger number of samples,
/// many others.
bool takes_long(const Case& asked) {
    const std::set<std::string_view> long_ones{"prompts", "warped",          "packages",      "synthetic",
                                               "music",   "talk_off_codecs", "talk_off_loss", "sensitivity",
                                               "speech",  "procedure"};
    return asked.row.name == "warped" || asked.row.name == "music" ||
           (asked.rate_hz != 8000 && long_ones.contains(asked.row.name));
}

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const int rate_hz : {8000, 16000, 48000}) {
        for (const Row& row : rows()) {
            all.push_back({row, rate_hz});
        }
    }
    std::erase_if(all, takes_long);
    for (const auto& [rate_hz, names] : at_other_rates) {
        for (const Row& row : rows()) {
            if (names.contains(row.name)) {
                all.push_back({row, rate_hz});
            }
        }
    }
    return all;
}

Outcome measured(const Case& asked) {
    prepare_receivers();
    const test::TemporaryFolder folder;
    tools::Console console;
    Work work(2, console);
    return asked.row.measure(Setting{.rate_hz = asked.rate_hz,
                                     .quick = true,
                                     .digits = asked.rate_hz == 8000 ? 400 : 100,
                                     .speech_hours = 0.5,
                                     .cache = folder.path(),
                                     .work = work});
}

class Rows : public testing::TestWithParam<Case> {};

std::string_view source_of(std::string_view row) {
    const auto found = std::ranges::find(clauses, row, &Clause::row);
    return found == clauses.end() ? std::string_view{} : found->source;
}

TEST_P(Rows, AreMet) {
    const Outcome outcome = measured(GetParam());
    for (const Line& line : outcome.lines) {
        EXPECT_TRUE(line.met.value_or(true))
            << line.what << ": asked " << line.asked << ", heard " << (line.keytone ? line.keytone->text : "")
            << " (" << source_of(GetParam().row.name) << ')';
    }
    EXPECT_FALSE(outcome.lines.empty());
}

INSTANTIATE_TEST_SUITE_P(Conformance, Rows, testing::ValuesIn(cases()), [](const auto& asked) {
    return std::string(asked.param.row.name) + "_" + std::to_string(asked.param.rate_hz);
});

TEST(Conformance, EveryRowNamesItsSource) {
    std::set<std::string_view> named;
    for (const Clause& clause : clauses) {
        named.insert(clause.row);
    }
    for (const Row& row : rows()) {
        EXPECT_EQ(named.erase(row.name), 1U) << row.name;
    }
    EXPECT_TRUE(named.empty());
}

} // namespace
} // namespace keytone::accuracy
