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

/// Columns of the terminal at this descriptor; 80 when unknown.
int terminal_width(int descriptor);

/// The program's standard output and standard error. A progress bar or a live line never mixes with other
/// output: it is erased before anything is written. Any thread may call any method.
class Console {
  public:
    /// Error messages begin with the name of `program`.
    explicit Console(std::string program = "keytone");
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// Writes `text` to standard output, at once. False when this or any earlier write failed.
    bool print(std::string_view text);
    /// Writes the one line `program: message` to standard error.
    void error(std::string_view message);

    /// Writes `lines` to standard error as they are. A failure is ignored.
    void log(std::string_view lines);

    /// Whether a progress bar would be visible.
    [[nodiscard]] bool shows_progress() const { return shows_progress_; }
    /// Draws how much of the work is done (0 to 1), if it is time to redraw.
    void progress(double fraction);
    /// Erases the bar, and the live line.
    void end_progress();

    /// Whether a live line would be visible, on the terminal that the output goes to.
    [[nodiscard]] bool shows_live_line() const;
    /// Shows `line` below what was printed, replacing the last one; print() and error() erase it.
    void show(std::string_view line);
    /// The most columns of a live line.
    [[nodiscard]] int live_line_width() const { return terminal_width(error_); }

    /// From now on only this console writes to standard output and standard error: what libraries write there
    /// is discarded. To be called before any other thread runs.
    void keep_streams_to_itself();

    /// Why standard output could not be written, if print() has failed.
    [[nodiscard]] std::optional<Failure> output_failure() const;

  private:
    void wipe_progress();

    const std::string program_;
    const bool shows_progress_;
    int output_; ///< Descriptors; duplicates after keep_streams_to_itself().
    int error_;
    mutable std::mutex mutex_;
    ProgressBar bar_;
    LiveLine live_line_;
    int output_errno_ = 0;
};

} // namespace keytone::tools
