// SPDX-License-Identifier: MIT
#pragma once

#include "tools/console/failure.hpp"
#include "tools/console/live_line.hpp"
#include "tools/console/progress_bar.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::tools {

/// Columns of the terminal behind this descriptor, 80 when it does not say.
int terminal_width(int descriptor);

/// The program's standard output and standard error. A progress bar or a live line never stands among the
/// lines: it is wiped off before anything is written. Any thread may call any method.
class Console {
  public:
    /// Errors begin with the name of `program`.
    explicit Console(std::string program = "keytone");
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// Writes `text` to standard output, at once. False when that failed, now or ever before.
    bool print(std::string_view text);
    /// Writes the one line `program: message` to standard error.
    void error(std::string_view message);

    /// Writes `lines` to standard error as they are. That it fails can be told to nobody.
    void log(std::string_view lines);

    /// Whether anyone can see a progress bar.
    [[nodiscard]] bool shows_progress() const { return shows_progress_; }
    /// Draws how much of the work is done (0 to 1), when it is time to.
    void progress(double fraction);
    /// Wipes the bar off, and the live line.
    void end_progress();

    /// Whether a live line would be seen, where the lines go too.
    [[nodiscard]] bool shows_live_line() const;
    /// Shows `line` below what was printed, in the place of the last one; print() and error() wipe it off.
    void show(std::string_view line);
    /// Columns that a live line may have.
    [[nodiscard]] int live_line_width() const { return terminal_width(error_); }

    /// From here on only this console's own words reach standard output and standard error: what libraries
    /// write there goes nowhere. Before any other thread runs.
    void keep_streams_to_itself();

    /// Why standard output could not be written, once print() has failed.
    [[nodiscard]] std::optional<Failure> output_failure() const;

  private:
    void wipe_progress();

    const std::string program_;
    const bool shows_progress_;
    int output_; ///< Descriptors; the console's own once it keeps the streams to itself.
    int error_;
    mutable std::mutex mutex_;
    ProgressBar bar_;
    LiveLine live_line_;
    int output_errno_ = 0;
};

} // namespace keytone::tools
