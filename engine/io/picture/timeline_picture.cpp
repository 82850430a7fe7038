// SPDX-License-Identifier: MIT
#include "engine/io/picture/timeline_picture.hpp"

#include "engine/io/file_error.hpp"
#include "engine/io/picture/drawing.hpp"
#include "engine/io/picture/label_layout.hpp"
#include "engine/io/picture/picture_theme.hpp"
#include "engine/io/picture/timeline_lane.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace keytone::io {
namespace {

constexpr double max_seconds = 24.0 * 3600.0;
constexpr std::size_t max_lanes = 16;

constexpr double row_names_width = 44.0;
// Room after the end of the axis, for the label of a last mark.
constexpr double end_width = 64.0;
constexpr double lane_gap = 14.0;

constexpr int max_mark_rows = 12;
constexpr double mark_row_height = 16.0;
constexpr double max_mark_width = 220.0;
constexpr double mark_sign_width = 11.0;
constexpr Colour mark_colour = colour(0x4A5B6C);
constexpr Colour failure_colour = colour(0xC0392B);

/// The layout of the page, and its drawing.
class TimelinePage {
  public:
    explicit TimelinePage(const Timeline& timeline)
        : timeline_(timeline),
          axis_(timeline.seconds, theme::margin + row_names_width,
                theme::page_width - theme::margin - end_width) {
        Pen pen = Pen::for_measuring();
        place_marks(pen);
        const int peak = loudest_sample(timeline.lanes);
        double y = marks_bottom_ + 6;
        for (const TimelineLane& lane : timeline.lanes) {
            lanes_.emplace_back(lane, axis_, y, peak);
            y = lanes_.back().bottom() + lane_gap;
        }
        if (lanes_.empty()) {
            y += 24;
        }
        axis_y_ = y - lane_gap + 8;
    }

    [[nodiscard]] int height() const { return static_cast<int>(std::ceil(axis_y_ + 46)); }

    void draw(Pen& pen) const {
        pen.fill({0, 0, theme::page_width, static_cast<double>(height())}, theme::page);
        draw_heading(pen);
        for (const TimelineLanePicture& lane : lanes_) {
            lane.draw_sheet(pen);
        }
        draw_grid(pen);
        draw_mark_lines(pen);
        for (const TimelineLanePicture& lane : lanes_) {
            lane.draw(pen);
        }
        draw_mark_labels(pen);
        draw_legend(pen);
    }

  private:
    struct Mark {
        double x;
        std::string text;
        bool is_failure;
        MarkPlace place{};
    };

    void place_marks(Pen& pen) {
        for (const TimelineMark& mark : timeline_.marks) {
            if (std::isfinite(mark.at_s) && mark.at_s >= 0.0 && mark.at_s <= axis_.seconds()) {
                marks_.push_back({axis_.x(mark.at_s),
                                  pen.fitted(mark.text, style(mark.is_failure), max_mark_width),
                                  mark.is_failure});
            }
        }
        std::stable_sort(marks_.begin(), marks_.end(),
                         [](const Mark& a, const Mark& b) { return a.x < b.x; });
        std::vector<MarkLabel> labels;
        for (const Mark& mark : marks_) {
            labels.push_back({mark.x, mark_sign_width + pen.width_of(mark.text, style(mark.is_failure)) + 8});
        }
        const auto places = stagger_labels(labels, theme::page_width - 8.0, max_mark_rows);
        int rows = 0;
        for (std::size_t i = 0; i < marks_.size(); ++i) {
            marks_[i].place = places[i];
            rows = std::max(rows, places[i].row + 1);
            unlabelled_marks_ += places[i].row < 0 ? 1 : 0;
        }
        marks_bottom_ = (timeline_.summary.empty() ? 50.0 : 70.0) + rows * mark_row_height;
    }

    [[nodiscard]] static TextStyle style(bool is_failure) {
        return {11.0, is_failure ? failure_colour : mark_colour, is_failure};
    }
    [[nodiscard]] double mark_y(const Mark& mark) const {
        return marks_bottom_ - (mark.place.row + 0.5) * mark_row_height;
    }

    void draw_heading(Pen& pen) const {
        const double width = theme::page_width - 2 * theme::margin;
        pen.write(theme::margin, 28, pen.fitted(timeline_.title, theme::title, width), theme::title);
        pen.write(theme::margin, 49, pen.fitted(timeline_.summary, theme::summary, width), theme::summary);
    }

    void draw_grid(Pen& pen) const {
        pen.line(axis_.left(), axis_y_, axis_.right(), axis_y_, theme::soft_ink);
        auto ticks = axis_.ticks(TimeAxis::tick_distance);
        if (timeline_.seconds == 0.0) {
            ticks.resize(1);
        }
        for (const TimeAxis::Tick& tick : ticks) {
            const double x = axis_.x(tick.at_s);
            for (const TimelineLanePicture& lane : lanes_) {
                pen.line(x, lane.sheet().y, x, lane.sheet().bottom(), theme::grid);
            }
            pen.line(x, axis_y_, x, axis_y_ + 5, theme::soft_ink);
            pen.write(x, axis_y_ + 15, tick.label, theme::axis, Align::centre);
        }
        if (lanes_.empty()) {
            pen.write((axis_.left() + axis_.right()) / 2, axis_y_ - 16,
                      "Nothing was sent and nothing was heard.", theme::summary, Align::centre);
        }
    }

    void draw_mark_lines(Pen& pen) const {
        for (const Mark& mark : marks_) {
            const double top = mark.place.row < 0 ? marks_bottom_ : mark_y(mark) - 6;
            Colour colour = mark.is_failure ? failure_colour : mark_colour;
            colour.alpha = 0.75;
            double from = top;
            for (const TimelineLanePicture& lane : lanes_) {
                const Box heading = lane.heading(pen);
                if (mark.x >= heading.x - 3 && mark.x <= heading.right() + 3) {
                    pen.line(mark.x, from, mark.x, std::max(from, heading.y), colour,
                             mark.is_failure ? 1.5 : 1.0);
                    from = heading.bottom();
                }
            }
            pen.line(mark.x, from, mark.x, axis_y_, colour, mark.is_failure ? 1.5 : 1.0);
        }
    }

    void draw_mark_labels(Pen& pen) const {
        for (const Mark& mark : marks_) {
            if (mark.place.row < 0) {
                continue;
            }
            const TextStyle text_style = style(mark.is_failure);
            const double y = mark_y(mark);
            const double width = mark_sign_width + pen.width_of(mark.text, text_style);
            const double x = mark.place.is_left_of_line ? mark.x - width - 3 : mark.x;
            // Not by colour alone, which not everybody can see: a cross for a failure, a dot for everything
            // else.
            const double sign = x + 6;
            if (mark.is_failure) {
                pen.line(sign - 3, y - 3, sign + 3, y + 3, failure_colour, 1.8);
                pen.line(sign - 3, y + 3, sign + 3, y - 3, failure_colour, 1.8);
            } else {
                pen.card({sign - 2, y - 2, 4, 4}, 2, mark_colour, mark_colour);
            }
            pen.write(x + mark_sign_width + 1, y, mark.text, text_style);
        }
    }

    void draw_legend(Pen& pen) const {
        const double y = axis_y_ + 33;
        const bool has_mutes =
            std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane.has_mutes(); });
        if (has_mutes) {
            const std::string text = "agent muted";
            const double x = axis_.right() - pen.width_of(text, theme::small);
            draw_mute(pen, {x - 28, y - 5, 22, 10});
            pen.write(x, y, text, theme::small);
        }
        if (unlabelled_marks_ > 0) {
            pen.write(axis_.left(), y,
                      std::to_string(unlabelled_marks_) + " more marks stand too close for labels",
                      theme::small);
        }
    }

    const Timeline& timeline_;
    TimeAxis axis_;
    std::vector<Mark> marks_;
    int unlabelled_marks_ = 0;
    double marks_bottom_ = 0.0;
    std::vector<TimelineLanePicture> lanes_;
    double axis_y_ = 0.0;
};

} // namespace

namespace {

std::optional<FileError> fault_of(std::string_view name, const Timeline& timeline) {
    if (!(timeline.seconds >= 0.0)) {
        return file_error(name, "the call's length is no number of seconds: give one of 0 or more");
    }
    if (timeline.seconds > max_seconds) {
        return file_error(name, "the call is longer than 24 hours: draw parts of it");
    }
    if (timeline.lanes.size() > max_lanes) {
        return file_error(name, "the call has more than 16 legs: draw some of them");
    }
    return std::nullopt;
}

} // namespace

std::optional<FileError> write_timeline_picture(const std::string& path, PictureFormat format,
                                                const Timeline& timeline) {
    if (auto fault = fault_of(path, timeline)) {
        return fault;
    }
    const TimelinePage page(timeline);
    return write_picture(path, format, theme::page_width, page.height(), [&](Pen& pen) { page.draw(pen); });
}

Result<std::string, FileError> timeline_svg(const Timeline& timeline) {
    if (auto fault = fault_of("the picture", timeline)) {
        return *std::move(fault);
    }
    const TimelinePage page(timeline);
    return svg_picture(theme::page_width, page.height(), [&](Pen& pen) { page.draw(pen); });
}

} // namespace keytone::io
