// SPDX-License-Identifier: MIT
#include "bench/accuracy/table_program.hpp"

#include "tools/console/program_run.hpp"
#include "tools/option_checks.hpp"

#include <exception>
#include <thread>

namespace keytone::accuracy {

namespace {

constexpr double full_speech_hours = 16.0;
constexpr double quick_speech_hours = 0.25;

} // namespace

double TableOptions::hours() const {
    return speech_hours > 0.0 ? speech_hours : quick ? quick_speech_hours : full_speech_hours;
}

std::size_t TableOptions::threads() const {
    return jobs > 0 ? static_cast<std::size_t>(jobs) : std::max(1U, std::thread::hardware_concurrency());
}

void add_options(CLI::App& program, TableOptions& options, const std::vector<std::string>& row_names,
                 const Stimuli& stimuli, const std::string& quick) {
    program.add_flag("--quick", options.quick, quick);
    program.add_flag("--json", options.json, "Print one JSON object, with all figures");
    program.add_option("--rows", options.rows, "Only these rows: " + tools::enumerate(row_names))
        ->type_name("NAME[,NAME]")
        ->delimiter(',')
        ->check(tools::one_of(row_names));
    program
        .add_option(stimuli.option, options.stimuli,
                    stimuli.what + " [" + std::to_string(stimuli.full) + "; " +
                        std::to_string(stimuli.quick) + " with --quick]")
        ->type_name("N")
        ->check(tools::whole_number(1, 1000000));
    program
        .add_option("--speech-hours", options.speech_hours,
                    "Speech of espeak-ng; a quarter of it of flite [16; 0.25 with --quick]")
        ->type_name("HOURS")
        ->check(tools::decimal_number(0.01, 1000, " hours"));
    program
        .add_option("--speech", options.speech,
                    "Hear recorded speech, too: the files that FOLDER/index.tsv lists")
        ->type_name("FOLDER")
        ->check(CLI::ExistingDirectory);
    program.add_option("--cache", options.cache, "Keep what was decoded or read aloud in this folder")
        ->type_name("FOLDER");
    program.add_option("--jobs", options.jobs, "Threads [one per core]")
        ->type_name("N")
        ->check(tools::whole_number(1, 256));
}

void Tally::add(const Outcome& outcome) {
    for (const Line& line : outcome.lines) {
        asked_ += line.met.has_value() ? 1 : 0;
        met_ += line.met.value_or(false) ? 1 : 0;
    }
}

std::string Tally::text() const {
    return std::to_string(met_) + " met, " + std::to_string(asked_ - met_) + " not met\n";
}

int run_table_program(const TableProgram& table, int argc, char** argv) {
    tools::Console console(table.name);
    return tools::run_program(console, [&] {
        CLI::App program(table.what, table.name);
        table.add_options(program);
        const auto misused = [&table](const CLI::ParseError& error) {
            return tools::misused(std::string(error.what()) + ": see " + table.name + " --help");
        };
        const auto ended = tools::read_arguments(program, argc, argv, console, misused);
        try {
            return ended ? *ended : table.measure(program, console);
        } catch (const std::exception& missing) { // such as a synthesizer that is not installed
            console.error(missing.what());
            return tools::ExitCode::failed;
        }
    });
}

} // namespace keytone::accuracy
