// SPDX-License-Identifier: MIT
#include "tools/console/progress_bar.hpp"

#include <algorithm>
#include <cmath>

namespace keytone::tools {

namespace {

constexpr int percent_columns = 4; // "100%"
constexpr int frame_columns = 3;   // "[", "]" and the space after it
constexpr int widest_bar = 50;
constexpr int narrowest_bar = 5;

} // namespace

std::string draw_progress(double fraction, int width) {
    if (width < percent_columns) {
        return {};
    }
    // Rounded down: 100 % only when all is done.
    const double done = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
    std::string percent = std::to_string(static_cast<int>(std::floor(100.0 * done))) + "%";
    percent.insert(0, percent_columns - percent.size(), ' ');

    const int bar = std::min(widest_bar, width - frame_columns - percent_columns);
    if (bar < narrowest_bar) {
        return percent;
    }
    const auto columns = static_cast<std::size_t>(bar);
    std::string line = "[";
    line.append(static_cast<std::size_t>(std::floor(bar * done)), '#');
    line.resize(1 + columns, '.');
    return line.append("] ").append(percent);
}

std::string ProgressBar::update(double fraction, int width, Clock::time_point now) {
    if (now - last_drawn_ < redraw_interval) {
        return {};
    }
    last_drawn_ = now;
    // One column is left free: after a full line some terminals go to the next one.
    const std::string bar = draw_progress(fraction, width - 1);
    const std::string wiped = bar.size() < columns_ ? clear() : "";
    columns_ = bar.size();
    return wiped + "\r" + bar;
}

std::string ProgressBar::clear() {
    if (columns_ == 0) {
        return {};
    }
    std::string wiped = "\r";
    wiped.append(columns_, ' ').append("\r");
    columns_ = 0;
    return wiped;
}

} // namespace keytone::tools
