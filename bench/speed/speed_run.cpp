// SPDX-License-Identifier: MIT
#include "bench/speed/speed_run.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>
#include <stdexcept>

namespace keytone::bench {

namespace {

using nlohmann::json;

// For a line that is neither quiet nor a key: every second sub-block of 5 ms is multiplied by 16 tables (a
// cosine and a sine for each filter), 160 samples are read, and 128 bytes of state are read and written.
constexpr double frames_a_second = 50.0;
constexpr double products_a_frame = 2.0 * 40.0 * 16.0;
constexpr double bytes_a_frame = 320.0 + 2.0 * 128.0;

/// The least multiple of SpanDSP's figure that is asked for, or the least figure; 0 for none.
struct Asked {
    double avx512;
    double avx2;
    double baseline;

    [[nodiscard]] double of(std::string_view set) const {
        return set == "avx512" ? avx512 : set == "avx2" ? avx2 : baseline;
    }
};

std::string ratio_text(std::optional<double> ratio) {
    if (!ratio) {
        return "";
    }
    std::array<char, 32> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), *ratio < 10.0 ? "%.1f" : "%.0f", *ratio));
    return text.data();
}

std::string channels_text(std::optional<double> channels) {
    return channels ? rounded(*channels) : "";
}

std::string time_text(std::optional<double> time) {
    if (!time) {
        return "";
    }
    std::array<char, 32> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), *time < 10.0 ? "%.2f" : "%.1f", *time));
    return text.data();
}

std::string asked_text(double asked) {
    return asked > 0.0 ? "≥ " + ratio_text(asked) : "";
}

/// What is asked of a signal, by the number of lines: the figure holds from `lines` on.
struct AskedFrom {
    std::string_view signal;
    std::int64_t lines;
    Asked asked;
};
constexpr std::array asked_of_signals{
    AskedFrom{"speech", 1, {0.0, 0.0, 5.0}},         AskedFrom{"speech", 100, {14.4, 12.0, 5.0}},
    AskedFrom{"speech", 10'000, {12.0, 10.0, 5.0}},  AskedFrom{"speech", 100'000, {9.6, 8.0, 5.0}},
    AskedFrom{"silence", 10'000, {25.0, 25.0, 0.0}}, AskedFrom{"dtmf", 1, {3.0, 3.0, 0.0}},
};

double asked_of(std::string_view signal, std::int64_t lines, std::string_view set) {
    double asked = 0.0;
    for (const AskedFrom& from : asked_of_signals) {
        asked = from.signal == signal && from.lines <= lines ? from.asked.of(set) : asked;
    }
    return asked;
}

/// Of all listeners but the detector, in legs.
constexpr Asked asked_of_listeners{100'000.0, 100'000.0, 0.0};

std::string verdict(std::optional<double> ratio, double asked) {
    return !ratio || asked <= 0.0 ? "" : *ratio >= asked ? "yes" : "**no**";
}

/// A row of a table with a column for each of the numbers; `cell` tells what stands in it.
template <class Cell>
void add_row(std::string& out, const std::string& title, std::span<const std::int64_t> counts,
             const Cell& cell) {
    out += "| " + title + " |";
    for (const std::int64_t count : counts) {
        out += ' ' + cell(count) + " |";
    }
    out += '\n';
}

/// Begins such a table.
void add_head(std::string& out, const std::string& title, std::span<const std::int64_t> counts) {
    out += '\n';
    add_row(out, title + ", N =", counts,
            [](std::int64_t count) { return rounded(static_cast<double>(count)); });
    out += "|---|";
    for (std::size_t column = 0; column < counts.size(); ++column) {
        out += "---|";
    }
    out += '\n';
}

void add_signal(std::string& out, const SpeedRun& run, const std::string& signal) {
    add_head(out, signal, line_counts);
    const auto row = [&](const char* title, auto&& cell) {
        add_row(out, title, line_counts,
                [&](std::int64_t count) { return cell(signal + '/' + std::to_string(count)); });
    };
    row("keytone",
        [&](const std::string& name) { return channels_text(run.figure("detect/keytone/" + name)); });
    row("SpanDSP",
        [&](const std::string& name) { return channels_text(run.figure("detect/spandsp/" + name)); });
    row("ratio", [&](const std::string& name) {
        return ratio_text(run.ratio("detect/keytone/" + name, "detect/spandsp/" + name));
    });
    row("keytone, batch call",
        [&](const std::string& name) { return channels_text(run.figure("batch/keytone/" + name)); });
    row("ratio, batch call", [&](const std::string& name) {
        return ratio_text(run.ratio("batch/keytone/" + name, "detect/spandsp/" + name));
    });
    out += "| asked |";
    for (const std::int64_t count : line_counts) {
        out += ' ' + asked_text(asked_of(signal, count, run.instruction_set)) + " |";
    }
    out += '\n';
}

void add_comparisons(std::string& out, const SpeedRun& run) {
    struct Comparison {
        const char* what;
        const char* keytone;
        const char* spandsp;
        Asked asked;
    };
    static constexpr std::array comparisons{
        Comparison{"speech, scattered in memory, batch call, N = 100 000",
                   "scattered/keytone/100000",
                   "scattered/spandsp/100000",
                   {7.0, 7.0, 0.0}},
        Comparison{"keys generated", "generate/keytone", "generate/spandsp", {20.0, 20.0, 0.0}},
        Comparison{"a full leg: G.711 in, detect, generate, G.711 out",
                   "leg/keytone",
                   "leg/spandsp",
                   {12.0, 12.0, 0.0}},
    };
    out += "\n| | keytone | SpanDSP | ratio | asked | met |\n|---|---|---|---|---|---|\n";
    for (const Comparison& row : comparisons) {
        const auto ratio = run.ratio(row.keytone, row.spandsp);
        const double asked = row.asked.of(run.instruction_set);
        out += "| " + std::string(row.what) + " | " + channels_text(run.figure(row.keytone)) + " | " +
               channels_text(run.figure(row.spandsp)) + " | " + ratio_text(ratio) + " | " +
               asked_text(asked) + " | " + verdict(ratio, asked) + " |\n";
    }
    const auto one = run.figure("cores/keytone/real_time/threads:1");
    const auto two = run.figure("cores/keytone/real_time/threads:2");
    if (one && two) {
        out += "| speech on two cores, over one | " + channels_text(two) + " | | " + ratio_text(*two / *one) +
               " | ≥ 1.8 | " + verdict(*two / *one, 1.8) + " |\n";
    }
}

void add_growth(std::string& out, const SpeedRun& run) {
    const auto spread = [&](const std::string& signal) -> std::optional<double> {
        double least = 0.0;
        double most = 0.0;
        for (const std::int64_t count : line_counts) {
            const auto channels = run.figure("detect/keytone/" + signal + '/' + std::to_string(count));
            if (count >= 16 && channels) {
                least = least > 0.0 ? std::min(least, *channels) : *channels;
                most = std::max(most, *channels);
            }
        }
        return least > 0.0 ? std::optional(most / least) : std::nullopt;
    };
    out += "\n| cost a sample, dearest over cheapest | | asked |\n|---|---|---|\n";
    for (const char* const signal : {"speech", "dtmf", "silence"}) {
        out += "| " + std::string(signal) + ", N from 16 to 100 000 | " + ratio_text(spread(signal)) +
               " | ≤ 2.0 |\n";
    }
    const auto fresh = run.figure("detect/keytone/silence/1000");
    const auto after = run.figure("after_keys/keytone/1000");
    if (fresh && after) {
        out += "| silence after keys over silence, N = 1 000 | " + ratio_text(*fresh / *after) + " | 1.0 |\n";
    }
    const auto shorter = run.figure("length/keytone/60");
    const auto longer = run.figure("length/keytone/600");
    if (shorter && longer) {
        out += "| one line in one call, 600 s over 60 s | " + ratio_text(*shorter / *longer) + " | flat |\n";
    }
}

void add_limits(std::string& out, const SpeedRun& run) {
    out += "\n| limit | measured | channels that it would allow |\n|---|---|---|\n";
    if (const auto bytes = run.figure("limits/memory")) {
        out += "| memory read, GB/s | " + ratio_text(*bytes / 1e9) + " | " +
               channels_text(channels_by_memory(run)) + " |\n";
    }
    if (const auto products = run.figure("limits/multiply_add")) {
        out += "| products of 16 bits, 10⁹/s | " + ratio_text(*products / 1e9) + " | " +
               channels_text(channels_by_multiply_add(run)) + " |\n";
    }
}

void add_load(std::string& out, const SpeedRun& run) {
    constexpr std::int64_t most = load_counts[std::size(load_counts) - 1];
    if (!load_figure(run, most, "us_per_call")) {
        return;
    }
    out += "\n| calls of two legs | µs a call and tick | tick, median, ms | 99.9 % | worst "
           "|\n|---|---|---|---|---|\n";
    for (const std::int64_t count : load_counts) {
        out += "| " + rounded(static_cast<double>(count));
        for (const char* const what : {"us_per_call", "tick_ms_median", "tick_ms_p999", "tick_ms_worst"}) {
            out += " | " + time_text(load_figure(run, count, what));
        }
        out += " |\n";
    }
    const auto met = [&](const char* what, double asked) {
        const auto figure = load_figure(run, most, what);
        return !figure ? "" : *figure <= asked ? "yes" : "**no**";
    };
    out += "| asked at 10 000 | | ≤ 10 | ≤ 15 | ≤ 20 |\n| met | | " +
           std::string(met("tick_ms_median", 10.0)) + " | " + met("tick_ms_p999", 15.0) + " | " +
           met("tick_ms_worst", 20.0) + " |\n";
}

void add_listeners(std::string& out, const SpeedRun& run) {
    const auto legs = [&](const char* who, std::int64_t count) {
        return run.figure("listen/" + std::string(who) + '/' + std::to_string(count));
    };
    if (!legs("others", leg_counts[0])) {
        return;
    }
    add_head(out, "listeners on speech", leg_counts);
    const auto row = [&](const char* title, auto&& cell) { add_row(out, title, leg_counts, cell); };
    const auto channels = [&](const char* who) {
        return [&, who](std::int64_t count) { return channels_text(legs(who, count)); };
    };
    const double asked = asked_of_listeners.of(run.instruction_set);
    row("all but the detector", channels("others"));
    row("asked", [&](std::int64_t) { return asked > 0.0 ? "≥ " + rounded(asked) : ""; });
    row("met", [&](std::int64_t count) { return verdict(legs("others", count), asked); });
    row("all, with the detector", channels("keytone"));
    row("the line listener alone", channels("line"));
}

// Adds the figures that `benchmark` measured, by name.
void add_measured(const json& benchmark, std::map<std::string, std::vector<double>>& measured) {
    if (!benchmark.is_object() || benchmark.value("run_type", "iteration") != "iteration") {
        return;
    }
    const std::string name = benchmark.value("run_name", benchmark.value("name", ""));
    if (benchmark.value("error_occurred", false)) {
        throw std::runtime_error(name + ": " + benchmark.value("error_message", "failed"));
    }
    for (const char* const counter : {"channels", "bytes", "products"}) {
        if (benchmark.contains(counter) && benchmark[counter].is_number()) {
            measured[name].push_back(benchmark[counter].get<double>());
        }
    }
    // A load has several figures.
    for (const char* const counter : {"us_per_call", "tick_ms_median", "tick_ms_p999", "tick_ms_worst"}) {
        if (benchmark.contains(counter) && benchmark[counter].is_number()) {
            measured[name + ' ' + counter].push_back(benchmark[counter].get<double>());
        }
    }
}

} // namespace

std::optional<double> SpeedRun::figure(std::string_view name) const {
    const auto found = figures.find(name);
    return found == figures.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> SpeedRun::ratio(std::string_view keytone, std::string_view spandsp) const {
    const auto ours = figure(keytone);
    const auto theirs = figure(spandsp);
    return ours && theirs && *theirs > 0.0 ? std::optional(*ours / *theirs) : std::nullopt;
}

std::optional<double> load_figure(const SpeedRun& run, std::int64_t calls, std::string_view what) {
    return run.figure("load/" + std::to_string(calls) + "/iterations:1 " + std::string(what));
}

std::optional<double> channels_by_memory(const SpeedRun& run) {
    const auto bytes = run.figure("limits/memory");
    return bytes ? std::optional(*bytes / (bytes_a_frame * frames_a_second)) : std::nullopt;
}

std::optional<double> channels_by_multiply_add(const SpeedRun& run) {
    const auto products = run.figure("limits/multiply_add");
    return products ? std::optional(*products / (products_a_frame * frames_a_second)) : std::nullopt;
}

SpeedRun read_speed_run(const std::vector<std::string>& passes, std::string instruction_set) {
    std::map<std::string, std::vector<double>> measured;
    for (const std::string& pass : passes) {
        const json document = json::parse(pass, nullptr, false);
        if (!document.is_object() || !document.contains("benchmarks") || !document["benchmarks"].is_array()) {
            throw std::runtime_error("not the JSON of keytone_bench --benchmark_out: no list of benchmarks");
        }
        for (const json& benchmark : document["benchmarks"]) {
            add_measured(benchmark, measured);
        }
    }
    SpeedRun run{std::move(instruction_set), {}};
    for (auto& [name, values] : measured) {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        run.figures[name] = *middle;
    }
    return run;
}

std::vector<Stage> read_stages(const std::string& text) {
    try {
        std::vector<Stage> stages;
        for (const json& stage : json::parse(text)) {
            stages.push_back({stage.at("stage").get<std::string>(), stage.at("instructions").get<double>()});
        }
        return stages;
    } catch (const json::exception& error) {
        throw std::runtime_error(std::string("not the stages of a call: ") + error.what());
    }
}

std::string rounded(double number) {
    if (!(number >= 1.0)) {
        return "0";
    }
    const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(number)) - 2.0));
    const std::string digits = std::to_string(std::llround(std::round(number / unit) * unit));
    std::string grouped;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) {
            grouped += ' ';
        }
        grouped += digits[i];
    }
    return grouped;
}

std::string speed_tables(const std::vector<SpeedRun>& runs) {
    std::string out;
    for (const SpeedRun& run : runs) {
        out += "\n## " + run.instruction_set + "\n\nReal-time channels of one core, 160 samples a frame.\n";
        add_signal(out, run, "speech");
        add_signal(out, run, "silence");
        add_signal(out, run, "dtmf");
        add_comparisons(out, run);
        add_growth(out, run);
        add_listeners(out, run);
        add_load(out, run);
        add_limits(out, run);
    }
    return out;
}

} // namespace keytone::bench
