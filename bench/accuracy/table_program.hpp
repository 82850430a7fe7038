// SPDX-License-Identifier: MIT
//
// What the programs that measure rows of a table have in common: options, the choice of rows, the count of
// what was met, and how a run ends.
#pragma once

#include "bench/accuracy/outcome.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// What each line is measured with: as the option is called, and how many there are.
struct Stimuli {
    std::string option; ///< "--digits"
    std::string what;   ///< "Digits a point"
    int full;
    int quick;
};

struct TableOptions {
    std::vector<std::string> rows; ///< None: all.
    std::string cache;
    std::string speech;
    int stimuli = 0;           ///< 0: as many as the program says.
    int jobs = 0;              ///< 0: one per core.
    double speech_hours = 0.0; ///< 0: hours().
    bool quick = false;
    bool json = false;

    [[nodiscard]] int count(const Stimuli& of) const {
        return stimuli > 0 ? stimuli : quick ? of.quick : of.full;
    }
    /// Of espeak-ng's speech.
    [[nodiscard]] double hours() const;
    [[nodiscard]] std::size_t threads() const;
};

/// `options` must outlive the parsing. `quick` says what --quick does.
void add_options(CLI::App& program, TableOptions& options, const std::vector<std::string>& row_names,
                 const Stimuli& stimuli, const std::string& quick);

template <class Row>
std::vector<std::string> names(std::span<const Row> rows) {
    std::vector<std::string> names;
    std::ranges::transform(rows, std::back_inserter(names),
                           [](const Row& row) { return std::string(row.name); });
    return names;
}

/// Those that were asked for, in the order of the table.
template <class Row>
std::vector<Row> chosen(std::span<const Row> rows, const TableOptions& options) {
    std::vector<Row> chosen;
    std::ranges::copy_if(rows, std::back_inserter(chosen), [&](const Row& row) {
        return options.rows.empty() || std::ranges::count(options.rows, row.name) > 0;
    });
    return chosen;
}

/// How many lines met what is asked of them.
class Tally {
  public:
    void add(const Outcome& outcome);
    /// The table's last line.
    [[nodiscard]] std::string text() const;

  private:
    int asked_ = 0;
    int met_ = 0;
};

struct TableProgram {
    const char* name;
    const char* what;
    std::function<void(CLI::App&)> add_options;
    std::function<tools::ExitCode(const CLI::App&, tools::Console&)> measure;
};

/// Parses the arguments and measures; whatever goes wrong is one line on standard error. The result is the
/// exit code.
int run_table_program(const TableProgram& table, int argc, char** argv);

} // namespace keytone::accuracy
