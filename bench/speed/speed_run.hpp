// SPDX-License-Identifier: MIT
//
// What keytone_bench measured in one run, with one instruction set.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::bench {

struct SpeedRun {
    std::string instruction_set;
    /// Channels that a core can serve, or what else a benchmark counts, by its name.
    std::map<std::string, double, std::less<>> figures;

    [[nodiscard]] std::optional<double> figure(std::string_view name) const;
    /// keytone's figure over SpanDSP's, both from this run.
    [[nodiscard]] std::optional<double> ratio(std::string_view keytone, std::string_view spandsp) const;
};

/// The numbers of calls under load, smallest first, and what was measured with one of them: `us_per_call`,
/// for each tick of 20 ms, and `tick_ms_median`, `tick_ms_p999` and `tick_ms_worst`.
inline constexpr std::int64_t load_counts[]{1, 10, 100, 1'000, 10'000};
std::optional<double> load_figure(const SpeedRun& run, std::int64_t calls, std::string_view what);

/// The number of channels that the machine's memory bandwidth, or its multiply-adds, would allow; nothing
/// where that was not measured.
std::optional<double> channels_by_memory(const SpeedRun& run);
std::optional<double> channels_by_multiply_add(const SpeedRun& run);

/// Parses Google Benchmark's JSON, one text for each pass. Of repeated measurements the median is used.
/// Throws a line that says what is wrong.
SpeedRun read_speed_run(const std::vector<std::string>& passes, std::string instruction_set);

/// A part of the work for a call under load, and its instructions a tick.
struct Stage {
    std::string name;
    double instructions;
};
/// Parses what `bench/instructions/stages --json` prints. Throws a line that says what is wrong.
std::vector<Stage> read_stages(const std::string& text);

/// The numbers of lines that are measured, smallest first.
inline constexpr std::int64_t line_counts[]{1, 16, 100, 1'000, 10'000, 100'000};
/// The numbers of legs that are listened to, smallest first.
inline constexpr std::int64_t leg_counts[]{100, 1'000, 10'000};

/// "1 234 000": three significant digits.
std::string rounded(double number);
/// Ratios and channels of all runs, as Markdown.
std::string speed_tables(const std::vector<SpeedRun>& runs);

} // namespace keytone::bench
