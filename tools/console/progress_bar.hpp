// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace keytone::tools {

/// One line `[#####.......]  42%` of at most `width` columns, without a line end; `fraction` is 0 to 1. Where
/// there is no room for the bar, only the percentage is left; where there is none for that, nothing.
std::string draw_progress(double fraction, int width);

/// Decides when a bar is drawn on a terminal and when it is erased. It reads no clock and writes nothing:
/// times are passed in, and it returns what is to be written.
class ProgressBar {
  public:
    using Clock = std::chrono::steady_clock;
    /// Work that is done by then gets no bar.
    static constexpr std::chrono::milliseconds patience{500};
    static constexpr std::chrono::milliseconds redraw_interval{100};

    explicit ProgressBar(Clock::time_point start) : last_drawn_(start + patience - redraw_interval) {}

    /// What to write now, empty when it is too early.
    std::string update(double fraction, int width, Clock::time_point now);
    /// The text that erases the bar; empty when none is shown. The next update() may draw it again.
    std::string clear();

  private:
    Clock::time_point last_drawn_;
    std::size_t columns_ = 0; ///< Of the bar on the screen, 0 when there is none.
};

} // namespace keytone::tools
