// SPDX-License-Identifier: MIT
#include "bench/accuracy/curve_picture.hpp"

#include "bench/colours.hpp"
#include "engine/io/picture/drawing.hpp"
#include "engine/io/picture/picture_theme.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

namespace keytone::accuracy {

namespace {

using io::Align;
using io::Box;
using io::Colour;
using io::Pen;
using io::TextStyle;
namespace theme = io::theme;

constexpr int page_width = 900;
constexpr int page_height = 460;
constexpr Box plot{72, 84, 796, 300};
constexpr TextStyle keytone_text{12.0, bench::keytone_colour, true};
constexpr TextStyle spandsp_text{12.0, bench::spandsp_colour, true};
constexpr TextStyle demand_text{12.0, bench::limit_colour, true};
// Room above the highest value and below 0, as a share of the highest, so that the curves do not touch the
// frame.
constexpr double margin = 0.04;

/// Converts values to positions.
class Scale {
  public:
    explicit Scale(const Curve& curve)
        : from_(curve.points.front().x), to_(curve.points.back().x), highest_(curve.highest) {}

    [[nodiscard]] double x(double value) const {
        return plot.x + plot.width * (value - from_) / (to_ - from_);
    }
    [[nodiscard]] double y(double value) const {
        return plot.bottom() - plot.height * (value / highest_ + margin) / (1.0 + 2.0 * margin);
    }
    /// A round step for about twelve tick marks.
    [[nodiscard]] double tick() const {
        for (const double step : {0.5, 1.0, 2.0, 5.0, 10.0}) {
            if ((to_ - from_) / step <= 14.0) {
                return step;
            }
        }
        return 20.0;
    }
    [[nodiscard]] double from() const { return from_; }
    [[nodiscard]] double to() const { return to_; }

  private:
    double from_;
    double to_;
    double highest_;
};

void draw_demands(Pen& pen, const Curve& curve, const Scale& scale) {
    for (const Demand& demand : curve.demands) {
        const double left = scale.x(demand.from);
        const double right = scale.x(demand.to);
        pen.fill({left, plot.y, right - left, plot.height}, bench::allowed_colour);
        const double y = scale.y(demand.percent);
        pen.line(left, y, right, y, bench::limit_colour, 5.0);
    }
}

void draw_axes(Pen& pen, const Curve& curve, const Scale& scale) {
    for (int fifth = 0; fifth <= 5; ++fifth) {
        const double value = curve.highest * fifth / 5.0;
        const double y = scale.y(value);
        pen.line(plot.x, y, plot.right(), y, theme::grid);
        pen.write(plot.x - 9, y, number_text(value, curve.highest < 5.0 ? 1 : 0), theme::axis, Align::right);
    }
    const double step = scale.tick();
    for (double value = std::ceil(scale.from() / step) * step; value <= scale.to() + 1e-9; value += step) {
        const double x = scale.x(value);
        pen.line(x, plot.y, x, plot.bottom(), theme::grid);
        pen.line(x, plot.bottom(), x, plot.bottom() + 5, theme::soft_ink);
        pen.write(x, plot.bottom() + 17, number_text(value, step < 1.0 ? 1 : 0), theme::axis, Align::centre);
    }
    pen.line(plot.x, plot.bottom() + 0.5, plot.right(), plot.bottom() + 0.5, theme::soft_ink);
    pen.write(plot.centre(), plot.bottom() + 42, curve.x_label, theme::axis, Align::centre);
    pen.write(plot.x, plot.y - 14, curve.y_label, theme::axis);
}

void draw_points(Pen& pen, const Curve& curve, const Scale& scale, double CurvePoint::*value,
                 const Colour& colour) {
    cairo_t* const context = pen.context();
    pen.set(colour);
    cairo_set_line_width(context, 2.0);
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
    const auto has_value = [value](const CurvePoint& point) { return !std::isnan(point.*value); };
    for (const CurvePoint& point : curve.points | std::views::filter(has_value)) {
        cairo_line_to(context, scale.x(point.x), scale.y(point.*value));
    }
    cairo_stroke(context);
    constexpr double radius = 2.4;
    constexpr double full_turn = 6.283185307179586;
    for (const CurvePoint& point : curve.points | std::views::filter(has_value)) {
        cairo_arc(context, scale.x(point.x), scale.y(point.*value), radius, 0.0, full_turn);
        cairo_fill(context);
    }
}

void draw_names(Pen& pen, const Curve& curve, const Scale& scale) {
    for (const CurvePoint& point : curve.points) {
        if (!point.name.empty()) {
            pen.write(scale.x(point.x) + 8, scale.y(point.keytone) - 10, point.name, keytone_text);
        }
    }
}

void draw_legend(Pen& pen, const Curve& curve) {
    double x = plot.right();
    const auto entry = [&](std::string_view name, const TextStyle& style) {
        pen.write(x, plot.y - 14, name, style, Align::right);
        x -= pen.width_of(name, style) + 18;
    };
    if (!curve.demands.empty()) {
        entry("asked", demand_text);
    }
    if (curve.has_spandsp) {
        entry("SpanDSP", spandsp_text);
    }
    entry("keytone", keytone_text);
}

void draw_page(Pen& pen, const Curve& curve) {
    const Scale scale(curve);
    pen.fill({0, 0, page_width, page_height}, theme::page);
    pen.fill(plot, theme::sheet);
    pen.write(theme::margin, 30, curve.title, theme::title);
    draw_demands(pen, curve, scale);
    draw_axes(pen, curve, scale);
    if (curve.has_spandsp) {
        draw_points(pen, curve, scale, &CurvePoint::spandsp, bench::spandsp_colour);
    }
    draw_points(pen, curve, scale, &CurvePoint::keytone, bench::keytone_colour);
    draw_names(pen, curve, scale);
    draw_legend(pen, curve);
}

} // namespace

std::optional<io::FileError> draw_curve(const Curve& curve, const std::filesystem::path& folder) {
    for (const auto& [format, ending] :
         {std::pair(io::PictureFormat::svg, ".svg"), std::pair(io::PictureFormat::png, ".png")}) {
        const auto path = folder / (curve.name + ending);
        if (auto error = io::write_picture(path.string(), format, page_width, page_height,
                                           [&](Pen& pen) { draw_page(pen, curve); })) {
            return error;
        }
    }
    return std::nullopt;
}

} // namespace keytone::accuracy
