// SPDX-License-Identifier: MIT
//
// keytone_accuracy: what keytone hears and what it misses, compared with SpanDSP on the same samples.
#include "bench/accuracy/curve_picture.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/table.hpp"
#include "dsp/sample_rate.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/option_checks.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace keytone::accuracy;
using keytone::tools::Console;
using keytone::tools::ExitCode;

constexpr int full_digits = 5000;
constexpr int quick_digits = 500;
constexpr double full_speech_hours = 16.0;
constexpr double quick_speech_hours = 0.25;
/// The work at another rate, as a share of that at 8 kHz: more samples, but fewer points and no SpanDSP.
constexpr double other_rate_weight = 0.5;

struct Options {
    std::vector<std::string> rows;
    std::vector<int> rates{8000, 16000, 48000};
    std::string picture;
    std::string cache = KEYTONE_ACCURACY_CACHE;
    std::string speech;
    std::string false_keys;
    int digits = 0;
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
    program.add_flag("--quick", options.quick, "Fewer digits, points and voices, 8 kHz only: about a minute");
    program.add_flag("--json", options.json, "Print one JSON object, with the curves");
    program.add_option("--rows", options.rows, "Only these rows: " + keytone::tools::enumerate(row_names()))
        ->type_name("NAME[,NAME]")
        ->delimiter(',')
        ->check(keytone::tools::one_of(row_names()));
    program.add_option("--rates", options.rates, "Sampling rates in Hz; SpanDSP hears 8000 only")
        ->type_name("HZ[,HZ]")
        ->delimiter(',')
        ->check(CLI::IsMember(
            std::set<int>(keytone::SampleRate::offered_hz.begin(), keytone::SampleRate::offered_hz.end())));
    program.add_option("--picture", options.picture, "Draw the curves into this folder, as SVG and PNG")
        ->type_name("FOLDER");
    program.add_option("--digits", options.digits, "Digits a point [5000; 500 with --quick]")
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
    program
        .add_option("--false-keys", options.false_keys,
                    "Write each false key into this file, as a line of JSON")
        ->type_name("FILE");
    program.add_option("--cache", options.cache, "Keep what was decoded or read aloud in this folder")
        ->type_name("FOLDER");
    program.add_option("--jobs", options.jobs, "Threads [one per core]")
        ->type_name("N")
        ->check(whole_number(1, 256));
}

/// Measures the requested rows at each rate, and prints each as soon as it is known.
class Run {
  public:
    Run(const Options& options, Console& console)
        : options_(options),
          console_(console),
          work_(options.jobs > 0 ? static_cast<std::size_t>(options.jobs)
                                 : std::max(1U, std::thread::hardware_concurrency()),
                console) {
        for (const Row& row : rows()) {
            if (options.rows.empty() || std::ranges::count(options.rows, row.name) > 0) {
                chosen_.push_back(row);
            }
        }
        if (!options.false_keys.empty()) {
            false_key_file_.open(options.false_keys);
        }
        for (const int rate : options.rates) {
            for (const Row& row : chosen_) {
                all_weight_ += weight(row, rate);
            }
        }
    }

    ExitCode measure() {
        for (const int rate : options_.rates) {
            print("\nkeytone (profile q24)" + std::string(rate == 8000 ? " and SpanDSP (defaults)" : "") +
                  " at " + std::to_string(rate) + " Hz, " + std::to_string(digits()) + " digits a point\n\n" +
                  table_head());
            for (const Row& row : chosen_) {
                if (!measure_row(row, rate)) {
                    return ExitCode::failed;
                }
            }
        }
        console_.end_progress();
        if (options_.json) {
            console_.print(nlohmann::ordered_json{{"profile", "q24"},
                                                  {"digits", digits()},
                                                  {"quick", options_.quick},
                                                  {"lines", lines_},
                                                  {"curves", curves_},
                                                  {"false_keys", false_keys_}}
                               .dump(2) +
                           "\n");
        } else {
            print("\n" + std::to_string(met_) + " met, " + std::to_string(asked_ - met_) + " not met\n");
        }
        return ExitCode::done;
    }

  private:
    static double weight(const Row& row, int rate) {
        return rate == 8000 ? row.weight : row.weight * rate / 8000.0 * other_rate_weight;
    }
    [[nodiscard]] int digits() const {
        return options_.digits > 0 ? options_.digits : options_.quick ? quick_digits : full_digits;
    }
    void print(const std::string& text) {
        if (!options_.json) {
            console_.print(text);
        }
    }

    bool measure_row(const Row& row, int rate) {
        const double hours = options_.quick ? quick_speech_hours : full_speech_hours;
        const Setting setting{.rate_hz = rate,
                              .quick = options_.quick,
                              .digits = digits(),
                              .speech_hours = options_.speech_hours > 0.0 ? options_.speech_hours : hours,
                              .cache = options_.cache,
                              .work = work_,
                              .speech = options_.speech};
        work_.enter(done_weight_ / all_weight_, (done_weight_ + weight(row, rate)) / all_weight_);
        const Outcome outcome = row.measure(setting);
        done_weight_ += weight(row, rate);
        print(table_lines(row.name, outcome));
        const auto lines = json_lines(row.name, rate, outcome);
        lines_.insert(lines_.end(), lines.begin(), lines.end());
        const auto curves = json_curves(rate, outcome);
        curves_.insert(curves_.end(), curves.begin(), curves.end());
        const auto false_keys = json_false_keys(row.name, rate, outcome);
        false_keys_.insert(false_keys_.end(), false_keys.begin(), false_keys.end());
        for (const auto& key : false_keys) {
            false_key_file_ << key.dump() << '\n' << std::flush;
        }
        if (!options_.false_keys.empty() && !false_key_file_) {
            console_.error(options_.false_keys + ": cannot be written");
            return false;
        }
        for (const Line& line : outcome.lines) {
            asked_ += line.met.has_value() ? 1 : 0;
            met_ += line.met.value_or(false) ? 1 : 0;
        }
        // Two curves to compare exist at 8 kHz only.
        if (!options_.picture.empty() && setting.compares()) {
            for (const Curve& curve : outcome.curves) {
                if (const auto error = draw_curve(curve, options_.picture)) {
                    console_.error(error->message);
                    return false;
                }
            }
        }
        return true;
    }

    const Options& options_;
    Console& console_;
    Work work_;
    std::vector<Row> chosen_;
    double all_weight_ = 0.0;
    double done_weight_ = 0.0;
    nlohmann::ordered_json lines_ = nlohmann::ordered_json::array();
    nlohmann::ordered_json curves_ = nlohmann::ordered_json::array();
    nlohmann::ordered_json false_keys_ = nlohmann::ordered_json::array();
    std::ofstream false_key_file_;
    int asked_ = 0;
    int met_ = 0;
};

ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("Measures what keytone hears and what it does not, beside SpanDSP.", "keytone_accuracy");
    Options options;
    add_options(program, options);
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.print(program.help());
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        console.error(std::string(error.what()) + ": see keytone_accuracy --help");
        return ExitCode::usage;
    }
    if (options.quick && program.count("--rates") == 0) {
        options.rates = {8000};
    }
    if (!options.picture.empty()) {
        std::filesystem::create_directories(options.picture);
    }
    prepare_receivers();
    return Run(options, console).measure();
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
