// SPDX-License-Identifier: MIT
#pragma once

#include "tools/failure.hpp"
#include "tools/progress_bar.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>

namespace keytone::tools {

/// The program's standard output and standard error. A progress bar never stands among the lines: it is wiped
/// off before anything is written. Any thread may call any method.
class Console {
  public:
    Console();
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    /// Writes `text` to standard output, at once. False when that failed, now or ever before.
    bool print(std::string_view text);
    /// Writes the one line `keytone: message` to standard error.
    void error(std::string_view message);

    /// Whether anyone can see a progress bar.
    [[nodiscard]] bool shows_progress() const { return shows_progress_; }
    /// Draws how much of the work is done (0 to 1), when it is time to.
    void progress(double fraction);
    /// Wipes the bar off.
    void end_progress();

    /// Why standard output could not be written, once print() has failed.
    [[nodiscard]] std::optional<Failure> output_failure() const;

  private:
    void wipe_progress();

    const bool shows_progress_;
    mutable std::mutex mutex_;
    ProgressBar bar_;
    int output_errno_ = 0;
};

/// Columns of the terminal on standard error, 80 when it does not say.
int terminal_width();

} // namespace keytone::tools
