// SPDX-License-Identifier: MIT
//
// keytone_listening: what the listeners of a line hear and what they miss, compared with SpanDSP on the same
// samples.
#include "bench/accuracy/table.hpp"
#include "bench/accuracy/table_program.hpp"
#include "bench/listening/rows/rows.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/option_checks.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace {

using namespace keytone::listening;
using keytone::accuracy::Work;
using keytone::tools::Console;
using keytone::tools::ExitCode;

// SpanDSP hears at this rate only.
constexpr int rate_hz = 8000;
const keytone::accuracy::Stimuli pieces{"--pieces", "Pieces of sound a line", 1000, 50};

struct Options : keytone::accuracy::TableOptions {
    std::string set = "judge";
};

void add_options(CLI::App& program, Options& options) {
    add_options(program, options, keytone::accuracy::names(rows()), pieces,
                "Fewer pieces of sound and less speech");
    program
        .add_option("--set", options.set,
                    "Tones, beeps, menus, voices: tuned, those that limits were found with, or judge, others "
                    "[judge]")
        ->type_name("SET")
        ->check(keytone::tools::one_of({"tuned", "judge"}));
}

/// Measures the requested rows, and prints each as soon as it is known.
void measure(const Options& options, Console& console) {
    Work work(options.threads(), console);
    const int count = options.count(pieces);
    const Setting setting{{.rate_hz = rate_hz,
                           .quick = options.quick,
                           .digits = count,
                           .speech_hours = options.hours(),
                           .cache = options.cache,
                           .work = work,
                           .speech = options.speech},
                          options.set == "tuned" ? Set::tuned : Set::judge};
    const std::vector<Row> chosen = keytone::accuracy::chosen(rows(), options);
    double all_weight = 0.0;
    for (const Row& row : chosen) {
        all_weight += row.weight;
    }
    if (!options.json) {
        console.print("\nkeytone and SpanDSP (defaults) at " + std::to_string(rate_hz) + " Hz, " +
                      std::to_string(count) + " pieces of sound a line, set " + options.set + "\n\n" +
                      keytone::accuracy::table_head());
    }
    auto lines = nlohmann::ordered_json::array();
    double done_weight = 0.0;
    keytone::accuracy::Tally tally;
    for (const Row& row : chosen) {
        work.enter(done_weight / all_weight, (done_weight + row.weight) / all_weight);
        done_weight += row.weight;
        const Outcome outcome = row.measure(setting);
        for (auto& line : keytone::accuracy::json_lines(row.name, rate_hz, outcome)) {
            lines.push_back(std::move(line));
        }
        tally.add(outcome);
        if (!options.json) {
            console.print(keytone::accuracy::table_lines(row.name, outcome));
        }
    }
    console.end_progress();
    if (options.json) {
        console.print(nlohmann::ordered_json{
                          {"pieces", count}, {"set", options.set}, {"quick", options.quick}, {"lines", lines}}
                          .dump(2) +
                      "\n");
    } else {
        console.print("\n" + tally.text());
    }
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    options.cache = KEYTONE_LISTENING_CACHE;
    const auto measure_all = [&options](const CLI::App& /*program*/, Console& console) {
        measure(options, console);
        return ExitCode::done;
    };
    return keytone::accuracy::run_table_program(
        {"keytone_listening",
         "Measures what the listeners of a line hear and what they do not, beside SpanDSP.",
         [&](CLI::App& program) { add_options(program, options); }, measure_all},
        argc, argv);
}
