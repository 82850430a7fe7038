// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace keytone::io {

/// A duration as text: `2.50 s`; `1:30` and `1:00:00` beyond two minutes. `[control]`
std::string duration_text(double seconds);

/// Time from left to right: converts seconds to pixels, and chooses the times that are labelled.
class TimeAxis {
  public:
    struct Tick {
        double at_s;
        std::string label; ///< `0 s`, `2.5 s`; `1:30` and `1:00:00` on an axis beyond two minutes.
    };

    /// Least distance of two ticks, in pixels, where labels are below them.
    static constexpr double tick_distance = 72.0;

    /// `seconds` span `left` to `right`; less than a millisecond counts as a second.
    TimeAxis(double seconds, double left, double right);

    [[nodiscard]] double left() const { return left_; }
    [[nodiscard]] double right() const { return right_; }
    [[nodiscard]] double seconds() const { return seconds_; }
    /// The place of `at_s`, limited to the axis; `left()` for a NaN.
    [[nodiscard]] double x(double at_s) const;
    /// Ticks at round times from 0 on, at least `distance` pixels apart. `[control]`
    [[nodiscard]] std::vector<Tick> ticks(double distance) const;

  private:
    double seconds_;
    double left_;
    double right_;
};

} // namespace keytone::io
