// SPDX-License-Identifier: MIT
#include "bench/speed/speed_picture.hpp"

#include "bench/colours.hpp"
#include "dsp/function_ref.hpp"
#include "engine/io/picture/drawing.hpp"
#include "engine/io/picture/picture_theme.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace keytone::bench {

namespace {

using io::Align;
using io::Box;
using io::Colour;
using io::Pen;
using io::TextStyle;
namespace theme = io::theme;

constexpr int page_width = 900;
constexpr int page_height = 480;
constexpr Box plot{92, 78, 620, 330};
constexpr double bars_top = 58.0;
constexpr double bar_height = 22.0;
constexpr double bar_pitch = 32.0;

/// Converts values to positions on a logarithmic scale.
class LogScale {
  public:
    LogScale(double least, double most, double from, double to)
        : least_(std::log10(least)), most_(std::log10(most)), from_(from), to_(to) {}

    [[nodiscard]] double operator()(double value) const {
        return from_ + (to_ - from_) * (std::log10(value) - least_) / (most_ - least_);
    }
    /// The powers of ten within the scale.
    [[nodiscard]] std::vector<double> marks() const {
        std::vector<double> marks;
        for (double power = std::ceil(least_ - 1e-9); power <= most_ + 1e-9; power += 1.0) {
            marks.push_back(std::pow(10.0, power));
        }
        return marks;
    }

  private:
    double least_;
    double most_;
    double from_;
    double to_;
};

std::string mark_text(double value) {
    return value >= 1.0 ? rounded(value) : value >= 0.1 ? "0.1" : "0.01";
}

struct Axes {
    LogScale x;
    LogScale y;
};

void draw_axes(Pen& pen, const Axes& axes, const char* title, const char* x_label,
               const char* y_label = "real-time channels of one core") {
    pen.fill({0, 0, page_width, page_height}, theme::page);
    pen.fill(plot, theme::sheet);
    pen.write(theme::margin, 30, title, theme::title);
    for (const double mark : axes.y.marks()) {
        pen.line(plot.x, axes.y(mark), plot.right(), axes.y(mark), theme::grid);
        pen.write(plot.x - 9, axes.y(mark), mark_text(mark), theme::axis, Align::right);
    }
    for (const double mark : axes.x.marks()) {
        pen.line(axes.x(mark), plot.y, axes.x(mark), plot.bottom(), theme::grid);
        pen.write(axes.x(mark), plot.bottom() + 17, mark_text(mark), theme::axis, Align::centre);
    }
    pen.line(plot.x, plot.bottom() + 0.5, plot.right(), plot.bottom() + 0.5, theme::soft_ink);
    pen.write(plot.centre(), plot.bottom() + 42, x_label, theme::axis, Align::centre);
    pen.write(plot.x, plot.y - 14, y_label, theme::axis);
}

void draw_dot(Pen& pen, double x, double y, const Colour& colour) {
    constexpr double radius = 2.8;
    constexpr double full_turn = 6.283185307179586;
    pen.set(colour);
    cairo_arc(pen.context(), x, y, radius, 0.0, full_turn);
    cairo_fill(pen.context());
}

struct Curve {
    std::string label;
    std::vector<std::pair<double, double>> points;
    Colour colour;
};

// Labels after the curves' ends, moved apart where those are close.
void draw_curves(Pen& pen, const Axes& axes, std::vector<Curve> curves) {
    std::ranges::sort(curves, [](const Curve& a, const Curve& b) {
        return a.points.back().second > b.points.back().second;
    });
    double lowest = 0.0;
    for (const Curve& curve : curves) {
        cairo_t* const context = pen.context();
        pen.set(curve.colour);
        cairo_set_line_width(context, 2.0);
        for (const auto& [x, y] : curve.points) {
            cairo_line_to(context, axes.x(x), axes.y(y));
        }
        cairo_stroke(context);
        for (const auto& [x, y] : curve.points) {
            draw_dot(pen, axes.x(x), axes.y(y), curve.colour);
        }
        const double at = std::max(axes.y(curve.points.back().second), lowest + 17);
        lowest = at;
        pen.write(plot.right() + 10, at, curve.label, TextStyle{12.0, curve.colour, true});
    }
}

Axes axes_of(double least_x, double most_x) {
    constexpr double least_channels = 1e3;
    constexpr double most_channels = 3e6;
    return {LogScale(least_x, most_x, plot.x, plot.right()),
            LogScale(least_channels, most_channels, plot.bottom(), plot.y)};
}

void draw_channels(Pen& pen, const SpeedRun& run) {
    const Axes axes = axes_of(1.0, 1e5);
    const std::string title = "Channels against the number of lines, " + run.instruction_set;
    draw_axes(pen, axes, title.c_str(), "lines served in turn, 20 ms of each");
    std::vector<Curve> curves;
    const auto add = [&](const std::string& label, const std::string& prefix, const Colour& colour) {
        Curve curve{label, {}, colour};
        for (const std::int64_t count : line_counts) {
            if (const auto channels = run.figure(prefix + std::to_string(count));
                channels && *channels >= 1e3) {
                curve.points.emplace_back(static_cast<double>(count), *channels);
            }
        }
        if (!curve.points.empty()) {
            curves.push_back(std::move(curve));
        }
    };
    for (const char* const signal : {"speech", "dtmf", "silence"}) {
        add("keytone, " + std::string(signal), "detect/keytone/" + std::string(signal) + '/', keytone_colour);
    }
    add("SpanDSP, speech", "detect/spandsp/speech/", spandsp_colour);
    draw_curves(pen, axes, std::move(curves));
}

// All points are on one straight line, as a second has 8000 samples. They differ in their place on it.
void draw_cost(Pen& pen, const SpeedRun& run) {
    const Axes axes = axes_of(0.03, 30.0);
    const std::string title = "Channels against cost per sample, 10 000 lines, " + run.instruction_set;
    draw_axes(pen, axes, title.c_str(), "nanoseconds a sample");
    const auto cost = [](double channels) { return 1e9 / (8000.0 * channels); };
    pen.line(axes.x(cost(2.9e6)), axes.y(2.9e6), axes.x(cost(4.2e3)), axes.y(4.2e3), theme::soft_ink);
    struct Point {
        std::string label;
        std::string name;
        Colour colour;
    };
    const std::array points{
        Point{"keytone, silence", "detect/keytone/silence/10000", keytone_colour},
        Point{"keytone, keys generated", "generate/keytone", keytone_colour},
        Point{"keytone, speech", "detect/keytone/speech/10000", keytone_colour},
        Point{"keytone, a full leg", "leg/keytone", keytone_colour},
        Point{"keytone, keys", "detect/keytone/dtmf/10000", keytone_colour},
        Point{"SpanDSP, keys generated", "generate/spandsp", spandsp_colour},
        Point{"SpanDSP, speech", "detect/spandsp/speech/10000", spandsp_colour},
        Point{"SpanDSP, a full leg", "leg/spandsp", spandsp_colour},
    };
    std::vector<std::pair<double, const Point*>> found;
    for (const Point& point : points) {
        if (const auto channels = run.figure(point.name); channels && *channels >= 1e3) {
            found.emplace_back(*channels, &point);
        }
    }
    std::ranges::sort(found, [](const auto& a, const auto& b) { return a.first > b.first; });
    double lowest = 0.0;
    for (const auto& [channels, point] : found) {
        const double x = axes.x(cost(channels));
        const double y = axes.y(channels);
        draw_dot(pen, x, y, point->colour);
        const double at = std::max(y - 6, lowest + 17);
        lowest = at;
        pen.write(x + 12, at, point->label, TextStyle{12.0, point->colour, true});
    }
    const auto limit = [&](const char* label, std::optional<double> channels) {
        if (channels && *channels < 2.9e6) {
            pen.line(plot.x, axes.y(*channels), plot.right(), axes.y(*channels), limit_colour);
            pen.write(plot.right() + 10, axes.y(*channels), label, TextStyle{12.0, limit_colour, true});
        }
    };
    limit("memory", channels_by_memory(run));
    limit("multiply-add", channels_by_multiply_add(run));
}

// As many calls as a core has time for lie below the line that falls: 20 ms over their number.
void draw_load(Pen& pen, const SpeedRun& run) {
    constexpr double tick_us = 20'000.0;
    const Axes axes{LogScale(1.0, 1e4, plot.x, plot.right()), LogScale(0.1, 100.0, plot.bottom(), plot.y)};
    const std::string title = "A call's time against the number of calls, " + run.instruction_set;
    draw_axes(pen, axes, title.c_str(), "calls of two legs, 20 ms of each in turn",
              "microseconds a call and tick");
    pen.line(axes.x(tick_us / 100.0), axes.y(100.0), axes.x(1e4), axes.y(tick_us / 1e4), limit_colour);
    pen.write(plot.right() + 10, axes.y(tick_us / 1e4) - 14, "one core's time",
              TextStyle{12.0, limit_colour, true});
    Curve calls{"a call", {}, keytone_colour};
    for (const std::int64_t count : load_counts) {
        if (const auto time = load_figure(run, count, "us_per_call");
            time && *time >= 0.1 && *time <= 100.0) {
            calls.points.emplace_back(static_cast<double>(count), *time);
        }
    }
    if (!calls.points.empty()) {
        draw_curves(pen, axes, {calls});
    }
}

// A bar for each stage, all of them from the same edge.
void draw_bars(Pen& pen, const std::vector<Stage>& stages, int height) {
    constexpr double names_width = 190.0;
    constexpr double left = theme::margin + names_width;
    constexpr double full = page_width - left - 130.0; // the figures stand behind
    double whole = 0.0;
    for (const Stage& stage : stages) {
        whole += stage.instructions;
    }
    pen.fill({0, 0, page_width, static_cast<double>(height)}, theme::page);
    pen.write(theme::margin, 30, "Where a call's " + rounded(whole) + " instructions a tick go",
              theme::title);
    double y = bars_top;
    for (const Stage& stage : stages) {
        const Box bar{left, y, full * stage.instructions / stages.front().instructions, bar_height};
        const double percent = 100.0 * stage.instructions / whole;
        pen.write(left - 10, bar.middle(), stage.name, theme::axis, Align::right);
        pen.fill(bar, keytone_colour);
        pen.write(bar.right() + 10, bar.middle(),
                  rounded(stage.instructions) + ", " + std::to_string(std::lround(percent)) + " %",
                  TextStyle{12.0, keytone_colour, true});
        y += bar_pitch;
    }
}

/// Writes `name`.svg and `name`.png.
std::optional<io::FileError> write_both(const std::filesystem::path& folder, const std::string& name,
                                        int height, FunctionRef<void(Pen&)> draw) {
    for (const auto& [format, ending] :
         {std::pair(io::PictureFormat::svg, ".svg"), std::pair(io::PictureFormat::png, ".png")}) {
        const auto path = folder / (name + ending);
        if (auto error = io::write_picture(path.string(), format, page_width, height, draw)) {
            return error;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<io::FileError> draw_speed(const SpeedRun& run, const std::filesystem::path& folder) {
    struct Picture {
        const char* name;
        void (*draw)(Pen&, const SpeedRun&);
    };
    for (const auto& [name, draw] :
         {Picture{"channels", draw_channels}, Picture{"cost", draw_cost}, Picture{"load", draw_load}}) {
        if (auto error =
                write_both(folder, name, page_height, [&, draw = draw](Pen& pen) { draw(pen, run); })) {
            return error;
        }
    }
    return std::nullopt;
}

std::optional<io::FileError> draw_stages(std::vector<Stage> stages, const std::filesystem::path& folder) {
    std::ranges::sort(stages, std::greater(), &Stage::instructions);
    const int height = static_cast<int>(bars_top + bar_pitch * static_cast<double>(stages.size())) + 12;
    return write_both(folder, "stages", height, [&](Pen& pen) { draw_bars(pen, stages, height); });
}

} // namespace keytone::bench
