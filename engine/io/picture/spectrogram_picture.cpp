// SPDX-License-Identifier: MIT
#include "engine/io/picture/spectrogram_picture.hpp"

#include "engine/io/picture/cairo_surface.hpp"
#include "engine/io/picture/colour_scale.hpp"
#include "engine/io/picture/drawing.hpp"
#include "engine/io/picture/label_layout.hpp"
#include "engine/io/picture/picture_theme.hpp"
#include "engine/io/picture/time_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>

namespace keytone::io {
namespace {

constexpr int page_height = 600;
// The plot lies between the frequency labels and the colour scale.
constexpr int plot_width = 1060;
constexpr int plot_height = 440;
constexpr Box plot{64, 100, plot_width, plot_height};
constexpr Box scale{plot.right() + 18, plot.y, 12, plot.height};
constexpr double digits_y = plot.y - 13;
// Two rows of bars below the time axis: what overlaps the one before is in the second.
constexpr double span_y = plot.bottom() + 29;
constexpr double span_row = 15;
constexpr double span_height = 12;

// The levels of the darkest and the lightest colour; levels beyond are shown as these.
constexpr double quietest_dbm0 = -70.0;
constexpr double loudest_dbm0 = 0.0;

// Half the width of a tone's bright band.
constexpr double box_half_hz = 58.0;
constexpr double least_box_width = 1.5;
constexpr double narrow_box = 5.0;
constexpr Colour narrow_box_colour = colour(0x6FE3F0, 0.55);
constexpr Colour box_line = colour(0x6FE3F0, 0.95);
constexpr Colour box_shade = colour(0x0B1026, 0.55);
constexpr Colour digit_line = colour(0xB07A10);
constexpr Colour span_colour = colour(0xCFE3DC);
constexpr double least_span_width = 2.0;
constexpr double span_padding = 4.0;
constexpr TextStyle heard_digit_style{13.0, theme::ink, true};

double y_of(double hz) {
    return plot.bottom() - plot.height * std::clamp(hz / Spectrogram::highest_hz, 0.0, 1.0);
}

/// The spectrogram's columns resampled to the plot's pixels.
class ColumnView {
  public:
    explicit ColumnView(const Spectrogram& spectrogram) : spectrogram_(spectrogram) {}

    // The levels at one pixel column: the loudest of several columns, or an interpolation between two.
    void read(int pixel, std::array<float, Spectrogram::rows>& levels) const {
        const double columns = spectrogram_.seconds() / spectrogram_.column_seconds();
        const double from = columns * pixel / plot_width;
        const double to = columns * (pixel + 1) / plot_width;
        const auto last = static_cast<double>(spectrogram_.columns() - 1);
        if (to - from > 1.0) {
            levels.fill(static_cast<float>(Spectrogram::floor.value));
            for (double i = std::floor(from); i < to && i <= last; ++i) {
                const auto column = spectrogram_.column(static_cast<std::size_t>(i));
                std::transform(column.begin(), column.end(), levels.begin(), levels.begin(),
                               [](float a, float b) { return std::max(a, b); });
            }
            return;
        }
        const double middle = std::clamp((from + to) / 2 - 0.5, 0.0, last);
        const auto left = spectrogram_.column(static_cast<std::size_t>(middle));
        const auto right = spectrogram_.column(static_cast<std::size_t>(std::min(last, middle + 1)));
        const auto part = static_cast<float>(middle - std::floor(middle));
        for (std::size_t row = 0; row < levels.size(); ++row) {
            levels[row] = (1.0F - part) * left[row] + part * right[row];
        }
    }

  private:
    const Spectrogram& spectrogram_;
};

/// Everything but the spectrogram itself.
struct Page {
    const std::string& title;
    std::string summary;
    const Spectrogram& spectrogram;
    const std::vector<SpectrogramKey>& keys;
    const std::vector<SpectrogramSpan>& spans;
    TimeAxis axis;
    ColourScale colours;
};

std::uint32_t colour_of(const Page& page, double dbm0) {
    return page.colours.rgb((dbm0 - quietest_dbm0) / (loudest_dbm0 - quietest_dbm0));
}

void draw_sound(Pen& pen, const Page& page) {
    const Surface image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, plot_width, plot_height));
    unsigned char* const bytes = cairo_image_surface_get_data(image.get());
    if (bytes == nullptr) {
        return; // no memory: then the pen's own surface fails as well
    }
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(image.get()));
    const ColumnView view(page.spectrogram);
    std::array<float, Spectrogram::rows> levels{};
    levels.fill(static_cast<float>(Spectrogram::floor.value));
    for (int x = 0; x < plot_width; ++x) {
        if (page.spectrogram.columns() > 0) {
            view.read(x, levels);
        }
        for (int y = 0; y < plot_height; ++y) {
            const double row = (plot_height - 0.5 - y) / plot_height * (Spectrogram::rows - 1);
            const auto below = static_cast<std::size_t>(row);
            const double part = row - static_cast<double>(below);
            const double level = (1.0 - part) * static_cast<double>(levels[below]) +
                                 part * static_cast<double>(levels[below + 1]);
            const std::uint32_t rgb = colour_of(page, level);
            std::memcpy(bytes + static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x) * 4, &rgb,
                        sizeof rgb);
        }
    }
    cairo_surface_mark_dirty(image.get());
    cairo_set_source_surface(pen.context(), image.get(), plot.x, plot.y);
    cairo_rectangle(pen.context(), plot.x, plot.y, plot.width, plot.height);
    cairo_fill(pen.context());
}

void draw_axes(Pen& pen, const Page& page) {
    pen.line(plot.x, plot.bottom() + 0.5, plot.right(), plot.bottom() + 0.5, theme::soft_ink);
    auto ticks = page.axis.ticks(TimeAxis::tick_distance);
    if (page.spectrogram.seconds() == 0.0) {
        ticks.resize(1);
    }
    for (const TimeAxis::Tick& tick : ticks) {
        const double x = page.axis.x(tick.at_s);
        pen.line(x, plot.bottom(), x, plot.bottom() + 5, theme::soft_ink);
        pen.write(x, plot.bottom() + 16, tick.label, theme::axis, Align::centre);
    }
    for (int hz = 0; hz <= 4000; hz += 500) {
        const double y = y_of(hz);
        pen.line(plot.x - 5, y, plot.x, y, theme::soft_ink);
        if (hz % 1000 == 0) {
            pen.write(plot.x - 9, y, hz == 0 ? "0" : std::to_string(hz / 1000) + " kHz", theme::axis,
                      Align::right);
        }
    }
}

void draw_scale(Pen& pen, const Page& page) {
    constexpr int steps = 220;
    for (int i = 0; i < steps; ++i) {
        const double level = loudest_dbm0 + (quietest_dbm0 - loudest_dbm0) * (i + 0.5) / steps;
        // Each step overlaps the next, so that no gap shows between two.
        const double y = scale.y + scale.height * i / steps;
        pen.fill({scale.x, y, scale.width, scale.bottom() - y}, colour(colour_of(page, level)));
    }
    for (double level = loudest_dbm0; level >= quietest_dbm0; level -= 10.0) {
        const double y = scale.y + scale.height * (loudest_dbm0 - level) / (loudest_dbm0 - quietest_dbm0);
        pen.line(scale.right(), y, scale.right() + 4, y, theme::soft_ink);
        // U+2212 is the minus sign.
        const std::string number = std::to_string(static_cast<int>(std::abs(level)));
        pen.write(scale.right() + 8, y, level < 0 ? "\xE2\x88\x92" + number : number, theme::axis);
    }
    pen.write(scale.x, scale.y - 13, "dBm0", theme::axis);
}

void draw_box(Pen& pen, const Box& box) {
    cairo_t* context = pen.context();
    if (box.width < narrow_box) { // a shade would cover its neighbours
        pen.fill(box, narrow_box_colour);
        return;
    }
    for (const auto& [line, thickness] : {std::pair(box_shade, 3.0), std::pair(box_line, 1.2)}) {
        cairo_rectangle(context, box.x, box.y, box.width, box.height);
        pen.set(line);
        cairo_set_line_width(context, thickness);
        cairo_stroke(context);
    }
}

void draw_keys(Pen& pen, const Page& page) {
    std::vector<LabelSpan> spans;
    for (const SpectrogramKey& key : page.keys) {
        const double from = page.axis.x(key.begin_s);
        const double to = std::max(page.axis.x(key.end_s), from + least_box_width);
        spans.push_back({from, to, std::string(1, key.digit)});
        for (const Hertz tone : {key.low, key.high}) {
            const double top = y_of(tone.value + box_half_hz);
            draw_box(pen, {from, top, to - from, y_of(tone.value - box_half_hz) - top});
        }
    }
    const auto width_of = [&](std::string_view text) { return pen.width_of(text, heard_digit_style) + 6; };
    for (const JoinedLabel& label : join_labels(std::move(spans), plot.x, plot.right(), width_of)) {
        pen.write(label.centre, digits_y,
                  pen.fitted(label.text, heard_digit_style, std::min(label.width, plot.width)),
                  heard_digit_style, Align::centre);
        pen.bracket(label.begin, label.end, plot.y - 4, 3, digit_line);
    }
}

void draw_spans(Pen& pen, const Page& page) {
    double free_from = 0.0; // of the first row
    for (const SpectrogramSpan& span : page.spans) {
        const double from = page.axis.x(span.begin_s);
        const double to = std::max(page.axis.x(span.end_s), from + least_span_width);
        const double y = from < free_from ? span_y + span_row : span_y;
        free_from = std::max(free_from, from < free_from ? 0.0 : to);
        pen.fill({from, y, to - from, span_height}, span_colour);
        pen.write(from + span_padding, y + span_height / 2,
                  pen.fitted(span.text, theme::small, to - from - 2 * span_padding), theme::small);
    }
}

std::string summary_of(const Spectrogram& spectrogram, int rate_hz, std::size_t keys, std::size_t unmarked) {
    std::string text = duration_text(spectrogram.seconds()) + ", " + std::to_string(rate_hz) + " Hz, ";
    const std::size_t all = keys + unmarked;
    text += all == 0 ? "no keys" : all == 1 ? "1 key" : std::to_string(all) + " keys";
    if (unmarked > 0) {
        text += " (the last " + std::to_string(unmarked) + " are not marked)";
    }
    return text;
}

void draw_page(Pen& pen, const Page& page) {
    pen.fill({0, 0, theme::page_width, page_height}, theme::page);
    const double width = theme::page_width - 2 * theme::margin;
    pen.write(theme::margin, 28, pen.fitted(page.title, theme::title, width), theme::title);
    pen.write(theme::margin, 50, page.summary, theme::summary);
    draw_sound(pen, page);
    draw_axes(pen, page);
    draw_scale(pen, page);
    draw_keys(pen, page);
    draw_spans(pen, page);
}

} // namespace

SpectrogramPicture::SpectrogramPicture(int rate_hz, std::string title)
    : title_(std::move(title)), rate_hz_(rate_hz), spectrogram_(rate_hz, std::size_t{2} * plot_width) {}

void SpectrogramPicture::add(const SpectrogramKey& key) {
    if (!std::isfinite(key.begin_s) || !std::isfinite(key.end_s) || !std::isfinite(key.low.value) ||
        !std::isfinite(key.high.value)) {
        return; // has no place on the axis
    }
    if (keys_.size() == max_keys) {
        ++unmarked_keys_;
        return;
    }
    keys_.push_back(key);
}

void SpectrogramPicture::add(const SpectrogramSpan& span) {
    if (std::isfinite(span.begin_s) && std::isfinite(span.end_s) && spans_.size() < max_keys) {
        spans_.push_back(span);
    }
}

std::optional<FileError> SpectrogramPicture::write(const std::string& path, PictureFormat format) {
    spectrogram_.finish();
    std::ranges::stable_sort(spans_, {}, &SpectrogramSpan::begin_s);
    const Page page{title_,
                    summary_of(spectrogram_, rate_hz_, keys_.size(), unmarked_keys_),
                    spectrogram_,
                    keys_,
                    spans_,
                    TimeAxis(spectrogram_.seconds(), plot.x, plot.right()),
                    {}};
    return write_picture(path, format, theme::page_width, page_height,
                         [&](Pen& pen) { draw_page(pen, page); });
}

} // namespace keytone::io
