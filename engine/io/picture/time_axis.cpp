// SPDX-License-Identifier: MIT
#include "engine/io/picture/time_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace keytone::io {
namespace {

constexpr double least_seconds = 0.001;

// Steps between ticks; those of a minute and more divide minutes and hours as clocks do.
constexpr std::array steps_s{0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01,   0.02,   0.05,   0.1,
                             0.2,    0.5,    1.0,    2.0,   5.0,   10.0,  15.0,   30.0,   60.0,   120.0,
                             300.0,  600.0,  900.0,  1800., 3600., 7200., 10800., 14400., 21600., 43200.};

// Above this, minutes are easier to read.
constexpr double most_plain_seconds = 120.0;

std::string clock_text(double at_s, bool has_hours) {
    std::array<char, 40> text{};
    const long long whole = std::llround(at_s);
    if (has_hours) {
        static_cast<void>(std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", whole / 3600,
                                        whole / 60 % 60, whole % 60));
    } else {
        static_cast<void>(std::snprintf(text.data(), text.size(), "%lld:%02lld", whole / 60, whole % 60));
    }
    return text.data();
}

std::string label_of(double at_s, double step_s, double axis_s) {
    std::array<char, 40> text{};
    if (axis_s <= most_plain_seconds) {
        if (at_s == 0.0) {
            return "0 s";
        }
        // As many decimals as the step has.
        int decimals = 0;
        for (double rest = step_s; decimals < 4 && std::abs(rest - std::round(rest)) > 1e-6; rest *= 10) {
            ++decimals;
        }
        static_cast<void>(std::snprintf(text.data(), text.size(), "%.*f s", decimals, at_s));
        return text.data();
    }
    return clock_text(at_s, axis_s >= 3600.0);
}

} // namespace

std::string duration_text(double seconds) {
    if (seconds > most_plain_seconds) {
        return clock_text(seconds, std::llround(seconds) >= 3600);
    }
    std::array<char, 40> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "%.2f s", seconds));
    return text.data();
}

TimeAxis::TimeAxis(double seconds, double left, double right)
    : seconds_(seconds >= least_seconds && std::isfinite(seconds) ? seconds : 1.0),
      left_(left),
      right_(right) {}

double TimeAxis::x(double at_s) const {
    if (std::isnan(at_s)) {
        return left_;
    }
    return left_ + (right_ - left_) * (std::clamp(at_s, 0.0, seconds_) / seconds_);
}

std::vector<TimeAxis::Tick> TimeAxis::ticks(double distance) const {
    const double least = distance / (right_ - left_) * seconds_;
    const auto* const fitting = std::lower_bound(steps_s.begin(), steps_s.end(), least);
    // Beyond the table, in whole days.
    const double step = fitting != steps_s.end() ? *fitting : std::ceil(least / 86400.0) * 86400.0;
    std::vector<Tick> all;
    for (int i = 0; i * step <= seconds_ * (1 + 1e-9); ++i) {
        all.push_back({i * step, label_of(i * step, step, seconds_)});
    }
    return all;
}

} // namespace keytone::io
