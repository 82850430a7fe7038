// SPDX-License-Identifier: MIT
//
// keytone_accuracy: what keytone hears and what it misses, compared with SpanDSP on the same samples.
#include "bench/accuracy/curve_picture.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/table.hpp"
#include "bench/accuracy/table_program.hpp"
#include "dsp/sample_rate.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace keytone::accuracy;
using keytone::tools::Console;
using keytone::tools::ExitCode;

const Stimuli digits{"--digits", "Digits a point", 5000, 500};
/// The work at another rate, as a share of that at 8 kHz: more samples, but fewer points and no SpanDSP.
constexpr double other_rate_weight = 0.5;

struct Options : TableOptions {
    std::vector<int> rates{8000, 16000, 48000};
    std::string picture;
    std::string false_keys;
};

void add_options(CLI::App& program, Options& options) {
    add_options(program, options, names(rows()), digits,
                "Fewer digits, points and voices, 8 kHz only: about a minute");
    program.add_option("--rates", options.rates, "Sampling rates in Hz; SpanDSP hears 8000 only")
        ->type_name("HZ[,HZ]")
        ->delimiter(',')
        ->check(CLI::IsMember(
            std::set<int>(keytone::SampleRate::offered_hz.begin(), keytone::SampleRate::offered_hz.end())));
    program.add_option("--picture", options.picture, "Draw the curves into this folder, as SVG and PNG")
        ->type_name("FOLDER");
    program
        .add_option("--false-keys", options.false_keys,
                    "Write each false key into this file, as a line of JSON")
        ->type_name("FILE");
}

/// Measures the requested rows at each rate, and prints each as soon as it is known.
class Run {
  public:
    Run(const Options& options, Console& console)
        : options_(options),
          console_(console),
          work_(options.threads(), console),
          chosen_(chosen(rows(), options)) {
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
                  " at " + std::to_string(rate) + " Hz, " + std::to_string(options_.count(digits)) +
                  " digits a point\n\n" + table_head());
            for (const Row& row : chosen_) {
                if (!measure_row(row, rate)) {
                    return ExitCode::failed;
                }
            }
        }
        console_.end_progress();
        if (options_.json) {
            console_.print(nlohmann::ordered_json{{"profile", "q24"},
                                                  {"digits", options_.count(digits)},
                                                  {"quick", options_.quick},
                                                  {"lines", lines_},
                                                  {"curves", curves_},
                                                  {"false_keys", false_keys_}}
                               .dump(2) +
                           "\n");
        } else {
            print("\n" + tally_.text());
        }
        return ExitCode::done;
    }

  private:
    static double weight(const Row& row, int rate) {
        return rate == 8000 ? row.weight : row.weight * rate / 8000.0 * other_rate_weight;
    }
    void print(const std::string& text) {
        if (!options_.json) {
            console_.print(text);
        }
    }

    bool measure_row(const Row& row, int rate) {
        const Setting setting{.rate_hz = rate,
                              .quick = options_.quick,
                              .digits = options_.count(digits),
                              .speech_hours = options_.hours(),
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
        tally_.add(outcome);
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
    Tally tally_;
};

} // namespace

int main(int argc, char** argv) {
    Options options;
    options.cache = KEYTONE_ACCURACY_CACHE;
    const auto measure = [&](const CLI::App& program, Console& console) {
        if (options.quick && program.count("--rates") == 0) {
            options.rates = {8000};
        }
        if (!options.picture.empty()) {
            std::filesystem::create_directories(options.picture);
        }
        prepare_receivers();
        return Run(options, console).measure();
    };
    return run_table_program({"keytone_accuracy",
                              "Measures what keytone hears and what it does not, beside SpanDSP.",
                              [&](CLI::App& program) { add_options(program, options); }, measure},
                             argc, argv);
}
