// SPDX-License-Identifier: MIT
#include "engine/io/picture/timeline_lane.hpp"

#include "engine/io/picture/label_layout.hpp"
#include "engine/io/picture/picture_theme.hpp"
#include "engine/io/picture/waveform.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace keytone::io {
namespace {

constexpr double heading_height = 24.0;
constexpr double padding = 7.0;
constexpr double row_gap = 5.0;
constexpr double state_height = 16.0;
constexpr double prompt_height = 21.0;
constexpr double key_height = 24.0;
constexpr double pause_height = 12.0;
constexpr double sent_height = 58.0;
constexpr double heard_height = 36.0;
constexpr double empty_height = 26.0;

// 30 dB below full scale: quieter calls are not enlarged further.
constexpr int least_peak = 1024;
// Keys whose digit and margin fit get a box of their own.
constexpr double box_margin = 5.0;
// What ends less than this (pixels) after what was drawn last is not visible.
constexpr double invisible = 0.75;

constexpr Colour state_inside = colour(0xDDEEE9);
constexpr Colour state_border = colour(0x8CC0B3);
constexpr Colour state_text = colour(0x1F5A4E);
constexpr Colour prompt_inside = colour(0xDEEAF7);
constexpr Colour prompt_border = colour(0x93B6DB);
constexpr Colour prompt_text = colour(0x1E4468);
constexpr Colour key_inside = colour(0xFBE7BF);
constexpr Colour key_border = colour(0xD49A2A);
constexpr Colour key_strip = colour(0xF2B93F, 0.28);
constexpr Colour key_text = colour(0x5A3B00);
constexpr Colour pause_colour = colour(0x7A6FA8);
constexpr Colour mute_tint = colour(0xB5524A, 0.10);
constexpr Colour mute_line = colour(0xB5524A, 0.55);
constexpr Colour sent_colour = colour(0x35648F);
constexpr Colour heard_colour = colour(0xA3B1BE);
constexpr double hatch_distance = 6.0;

constexpr TextStyle digit_style{12.0, key_text, true};
constexpr TextStyle pause_style{10.0, pause_colour};

// Text on a plate, so that it stays legible where a line passes.
void write_on_plate(Pen& pen, double x, double y, std::string_view text, const TextStyle& style,
                    const Colour& plate = theme::sheet) {
    const double width = pen.width_of(text, style);
    if (width > 0.0) {
        pen.fill({x - 2, y - 0.6 * style.size, width + 4, 1.2 * style.size}, plate);
        pen.write(x, y, text, style);
    }
}

} // namespace

int loudest_sample(const std::vector<TimelineLane>& lanes) {
    int peak = least_peak;
    for (const TimelineLane& lane : lanes) {
        for (const auto samples : {lane.sent, lane.heard}) {
            for (const std::int16_t sample : samples) {
                peak = std::max(peak, std::abs(int{sample}));
            }
        }
    }
    return peak;
}

void draw_mute(Pen& pen, const Box& box) {
    pen.fill(box, mute_tint);
    pen.hatch(box, hatch_distance, mute_line);
}

TimelineLanePicture::TimelineLanePicture(const TimelineLane& lane, const TimeAxis& axis, double y, int peak)
    : lane_(&lane), axis_(&axis), peak_(peak) {
    const double width = axis.right() - axis.left();
    sheet_ = {axis.left(), y + heading_height, width, 0.0};
    double bottom = sheet_.y + padding - row_gap;
    const auto add_row = [&](Box& row, bool is_there, double height) {
        if (is_there) {
            row = {axis.left(), bottom + row_gap, width, height};
            bottom = row.bottom();
        }
    };
    const bool has_rate = lane.rate_hz > 0;
    add_row(states_, !lane.states.empty(), state_height);
    add_row(prompts_, !lane.prompts.empty(), prompt_height);
    add_row(keys_, !lane.keys.empty(), key_height);
    add_row(pauses_, !lane.pauses.empty(), pause_height);
    add_row(sent_, has_rate && !lane.sent.empty(), sent_height);
    add_row(heard_, has_rate && !lane.heard.empty(), heard_height);
    const bool is_empty = bottom < sheet_.y + padding;
    sheet_.height = (is_empty ? empty_height : bottom + padding - sheet_.y);
}

Box TimelineLanePicture::heading(Pen& pen) const {
    const double room = sheet_.right() - theme::margin;
    const double width = std::min(pen.width_of(lane_->title, theme::heading), room);
    return {theme::margin, sheet_.y - heading_height + 4, width + 4, heading_height - 4};
}

void TimelineLanePicture::draw_sheet(Pen& pen) const {
    pen.card(sheet_, 4, theme::sheet, theme::sheet_border);
}

void TimelineLanePicture::draw(Pen& pen) const {
    const double title_width = sheet_.right() - theme::margin;
    write_on_plate(pen, theme::margin, sheet_.y - 11, pen.fitted(lane_->title, theme::heading, title_width),
                   theme::heading, theme::page);
    if (sent_.height > 0) {
        // Behind the waveform: the times at which keys sound.
        double last = 0.0;
        for (const Extent& key : visible(lane_->keys)) {
            if (key.to > last + invisible) {
                pen.fill({key.from, sent_.y, std::max(key.to - key.from, 0.75), sent_.height}, key_strip);
                last = key.to;
            }
        }
        draw_mutes(pen);
        draw_wave(pen, sent_, lane_->sent, sent_colour);
    }
    if (heard_.height > 0) {
        draw_wave(pen, heard_, lane_->heard, heard_colour);
    }
    draw_boxes(pen, states_, lane_->states, state_inside, state_border, state_text);
    draw_boxes(pen, prompts_, lane_->prompts, prompt_inside, prompt_border, prompt_text);
    draw_keys(pen);
    draw_pauses(pen);
    draw_row_name(pen, states_, "state");
    draw_row_name(pen, prompts_, "said");
    draw_row_name(pen, keys_, "keys");
    draw_row_name(pen, pauses_, "pause");
    draw_row_name(pen, sent_, "sent");
    draw_row_name(pen, heard_, "heard");
}

// Sorted by begin, cut to the axis.
std::vector<TimelineLanePicture::Extent>
TimelineLanePicture::visible(const std::vector<TimelineSpan>& spans) const {
    std::vector<Extent> extents;
    for (const TimelineSpan& span : spans) {
        if (std::isfinite(span.begin_s) && std::isfinite(span.end_s) && span.begin_s <= span.end_s &&
            span.end_s >= 0.0 && span.begin_s <= axis_->seconds()) {
            extents.push_back({axis_->x(span.begin_s), axis_->x(span.end_s), &span.text});
        }
    }
    std::stable_sort(extents.begin(), extents.end(),
                     [](const Extent& a, const Extent& b) { return a.from < b.from; });
    return extents;
}

void TimelineLanePicture::draw_boxes(Pen& pen, const Box& row, const std::vector<TimelineSpan>& spans,
                                     const Colour& inside, const Colour& border, const Colour& text) const {
    const TextStyle style{row.height > state_height ? 11.5 : 10.5, text};
    const auto extents = visible(spans);
    double last = 0.0;
    for (const Extent& extent : extents) {
        if (extent.to <= last + invisible && last > 0.0) {
            continue;
        }
        last = extent.to;
        const Box box{extent.from, row.y, std::max(extent.to - extent.from, 1.5), row.height};
        pen.card(box, 3, inside, border);
        // The text is never beside its box: there it would name a time that it does not belong to.
        pen.write(box.x + 6, box.middle(), pen.fitted(*extent.text, style, box.width - 10), style);
    }
}

void TimelineLanePicture::draw_keys(Pen& pen) const {
    std::vector<LabelSpan> spans;
    double last = 0.0;
    for (const Extent& key : visible(lane_->keys)) {
        spans.push_back({key.from, key.to, *key.text});
        if (key.to > last + invisible) {
            pen.fill({key.from, keys_.bottom() - 4, std::max(key.to - key.from, 1.0), 4}, key_border);
            last = key.to;
        }
    }
    const auto width_of = [&](std::string_view text) { return pen.width_of(text, digit_style) + 4; };
    for (const JoinedLabel& label : join_labels(std::move(spans), keys_.x, keys_.right(), width_of)) {
        if (label.spans == 1 && label.end - label.begin >= label.width + box_margin) {
            pen.card({label.begin, keys_.y, label.end - label.begin, keys_.height}, 3, key_inside,
                     key_border);
            pen.write(label.centre, keys_.middle(), label.text, digit_style, Align::centre);
            continue;
        }
        const std::string text = pen.fitted(label.text, digit_style, std::min(label.width, keys_.width));
        write_on_plate(pen, label.centre - pen.width_of(text, digit_style) / 2, keys_.y + 7, text,
                       digit_style);
        if (label.spans > 1) {
            pen.bracket(label.begin, label.end, keys_.y + 15.5, 3, key_border);
        }
    }
}

void TimelineLanePicture::draw_pauses(Pen& pen) const {
    const auto pauses = visible(lane_->pauses);
    const double y = pauses_.middle();
    double last = 0.0;
    for (std::size_t i = 0; i < pauses.size(); ++i) {
        const Extent& pause = pauses[i];
        if (pause.to <= last + invisible && last > 0.0) {
            continue;
        }
        last = pause.to;
        const double width = pen.width_of(*pause.text, pause_style);
        for (const double end : {pause.from, pause.to}) {
            pen.line(end, y - 4, end, y + 4, pause_colour);
        }
        if (pause.to - pause.from >= width + 14) {
            const double middle = (pause.from + pause.to) / 2;
            pen.line(pause.from, y, middle - width / 2 - 3, y, pause_colour);
            pen.line(middle + width / 2 + 3, y, pause.to, y, pause_colour);
            pen.write(middle, y, *pause.text, pause_style, Align::centre);
            continue;
        }
        pen.line(pause.from, y, pause.to, y, pause_colour);
        const double room_ends = i + 1 < pauses.size() ? pauses[i + 1].from : pauses_.right();
        if (pause.to + width + 6 < room_ends) {
            pen.write(pause.to + 3, y, *pause.text, pause_style);
            last = pause.to + width + 3;
        }
    }
}

// Mutes around the keys of one keying are drawn as one where no gap would be visible.
void TimelineLanePicture::draw_mutes(Pen& pen) const {
    const auto mutes = visible(lane_->mutes);
    for (std::size_t i = 0; i < mutes.size();) {
        const double from = mutes[i].from;
        double to = mutes[i].to;
        while (++i < mutes.size() && mutes[i].from <= to + 1.0) {
            to = std::max(to, mutes[i].to);
        }
        draw_mute(pen, {from, sent_.y, std::max(to - from, 1.0), sent_.height});
    }
}

void TimelineLanePicture::draw_wave(Pen& pen, const Box& row, std::span<const std::int16_t> samples,
                                    const Colour& colour) const {
    // One column a pixel.
    const int columns = static_cast<int>(std::lround(row.width));
    const double column_width = row.width / columns;
    const auto extremes = waveform_columns(samples, axis_->seconds() * lane_->rate_hz / columns, columns);
    const auto y = [&](int sample) { return row.middle() - sample * (row.height / 2 - 1) / peak_; };
    cairo_t* context = pen.context();
    for (std::size_t i = 0; i < extremes.size(); ++i) {
        cairo_line_to(context, row.x + (static_cast<double>(i) + 0.5) * column_width,
                      y(extremes[i].highest) - 0.5);
    }
    for (std::size_t i = extremes.size(); i-- > 0;) {
        cairo_line_to(context, row.x + (static_cast<double>(i) + 0.5) * column_width,
                      y(extremes[i].lowest) + 0.5);
    }
    cairo_close_path(context);
    pen.set(colour);
    cairo_fill(context);
}

void TimelineLanePicture::draw_row_name(Pen& pen, const Box& row, const char* name) const {
    if (row.height > 0) {
        pen.write(row.x - 8, row.middle(), name, theme::small, Align::right);
    }
}

} // namespace keytone::io
