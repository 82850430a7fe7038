// SPDX-License-Identifier: MIT
//
// keytone_listening: what the listeners of a line hear and what they miss, compared with SpanDSP on the same
// samples.
#include "bench/accuracy/table.hpp"
#include "bench/listening/rows/rows.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/option_checks.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace keytone::listening;
using keytone::accuracy::Line;
using keytone::accuracy::Work;
using keytone::tools::Console;
using keytone::tools::ExitCode;

// SpanDSP hears at this rate only.
constexpr int rate_hz = 8000;
constexpr int full_pieces = 1000;
constexpr int quick_pieces = 50;
constexpr double full_speech_hours = 16.0;
constexpr double quick_speech_hours = 0.25;

struct Options {
    std::vector<std::string> rows;
    std::string cache = KEYTONE_LISTENING_CACHE;
    std::string speech;
    std::string set = "judge";
    int pieces = 0;
    int jobs = 0;
    double speech_hours = 0.0;
    bool quick = false;
    bool json = false;
};

std::vector<std::string> row_names() {
    std::vector<std::string> names;
    for (const Row& row : rows()) {
        names.emplace_back(row.name);
    }
    return names;
}

void add_options(CLI::App& program, Options& options) {
    using keytone::tools::whole_number;
    program.add_flag("--quick", options.quick, "Fewer pieces of sound and less speech");
    program.add_flag("--json", options.json, "Print one JSON object");
    program.add_option("--rows", options.rows, "Only these rows: " + keytone::tools::enumerate(row_names()))
        ->type_name("NAME[,NAME]")
        ->delimiter(',')
        ->check(keytone::tools::one_of(row_names()));
    program
        .add_option("--set", options.set,
                    "Tones, beeps, menus: tuned, those that limits were found with, or judge, others [judge]")
        ->type_name("SET")
        ->check(keytone::tools::one_of({"tuned", "judge"}));
    program.add_option("--pieces", options.pieces, "Pieces of sound a line [1000; 50 with --quick]")
        ->type_name("N")
        ->check(whole_number(1, 1000000));
    program
        .add_option("--speech-hours", options.speech_hours,
                    "Speech of espeak-ng; a quarter of it of flite [16; 0.25 with --quick]")
        ->type_name("HOURS")
        ->check(keytone::tools::decimal_number(0.01, 1000, "hours"));
    program
        .add_option("--speech", options.speech,
                    "Hear recorded speech, too: the files that FOLDER/index.tsv lists")
        ->type_name("FOLDER")
        ->check(CLI::ExistingDirectory);
    program.add_option("--cache", options.cache, "Keep what was decoded or read aloud in this folder")
        ->type_name("FOLDER");
    program.add_option("--jobs", options.jobs, "Threads [one per core]")
        ->type_name("N")
        ->check(whole_number(1, 256));
}

std::vector<Row> chosen_rows(const Options& options) {
    std::vector<Row> chosen;
    for (const Row& row : rows()) {
        if (options.rows.empty() || std::ranges::count(options.rows, row.name) > 0) {
            chosen.push_back(row);
        }
    }
    return chosen;
}

/// Measures the requested rows, and prints each as soon as it is known.
void measure(const Options& options, Console& console) {
    Work work(options.jobs > 0 ? static_cast<std::size_t>(options.jobs)
                               : std::max(1U, std::thread::hardware_concurrency()),
              console);
    const int pieces = options.pieces > 0 ? options.pieces : options.quick ? quick_pieces : full_pieces;
    const double hours = options.quick ? quick_speech_hours : full_speech_hours;
    const Setting setting{{.rate_hz = rate_hz,
                           .quick = options.quick,
                           .digits = pieces,
                           .speech_hours = options.speech_hours > 0.0 ? options.speech_hours : hours,
                           .cache = options.cache,
                           .work = work,
                           .speech = options.speech},
                          options.set == "tuned" ? Set::tuned : Set::judge};
    const std::vector<Row> chosen = chosen_rows(options);
    double all_weight = 0.0;
    for (const Row& row : chosen) {
        all_weight += row.weight;
    }
    if (!options.json) {
        console.print("\nkeytone and SpanDSP (defaults) at " + std::to_string(rate_hz) + " Hz, " +
                      std::to_string(pieces) + " pieces of sound a line, set " + options.set + "\n\n" +
                      keytone::accuracy::table_head());
    }
    auto lines = nlohmann::ordered_json::array();
    double done_weight = 0.0;
    int asked = 0;
    int met = 0;
    for (const Row& row : chosen) {
        work.enter(done_weight / all_weight, (done_weight + row.weight) / all_weight);
        done_weight += row.weight;
        const Outcome outcome = row.measure(setting);
        for (auto& line : keytone::accuracy::json_lines(row.name, rate_hz, outcome)) {
            lines.push_back(std::move(line));
        }
        for (const Line& line : outcome.lines) {
            asked += line.met.has_value() ? 1 : 0;
            met += line.met.value_or(false) ? 1 : 0;
        }
        if (!options.json) {
            console.print(keytone::accuracy::table_lines(row.name, outcome));
        }
    }
    console.end_progress();
    if (options.json) {
        console.print(
            nlohmann::ordered_json{
                {"pieces", pieces}, {"set", options.set}, {"quick", options.quick}, {"lines", lines}}
                .dump(2) +
            "\n");
    } else {
        console.print("\n" + std::to_string(met) + " met, " + std::to_string(asked - met) + " not met\n");
    }
}

ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("Measures what the listeners of a line hear and what they do not, beside SpanDSP.",
                     "keytone_listening");
    Options options;
    add_options(program, options);
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.print(program.help());
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        console.error(std::string(error.what()) + ": see keytone_listening --help");
        return ExitCode::usage;
    }
    measure(options, console);
    return ExitCode::done;
}

} // namespace

int main(int argc, char** argv) {
    Console console;
    try {
        const ExitCode code = run(argc, argv, console);
        if (const auto failure = console.output_failure()) {
            console.error(failure->message);
            return static_cast<int>(failure->code);
        }
        return static_cast<int>(code);
    } catch (const std::exception& error) {
        console.error(error.what());
    }
    return static_cast<int>(ExitCode::failed);
}
