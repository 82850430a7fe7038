// SPDX-License-Identifier: MIT
#include "engine/io/picture/drawing.hpp"

#include "engine/io/byte_output.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/picture/cairo_surface.hpp"
#include "engine/io/picture/shaped_text.hpp"

#include <cairo-svg.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <exception>
#include <numbers>
#include <span>
#include <vector>

namespace keytone::io {
namespace {

constexpr std::size_t max_characters = 500;
constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view ellipsis = "\xE2\x80\xA6";    // U+2026

struct Character {
    std::size_t bytes; ///< Its length in the text; 1 when it is no UTF-8.
    std::optional<std::uint32_t> code;
};

// The first character of a non-empty text (Unicode 15, table 3-7).
Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) {
        return {1, lead};
    }
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) {
        return {1, std::nullopt};
    }
    std::uint32_t code = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return {1, std::nullopt};
        }
        code = code << 6 | (byte(i) & 0x3FU);
    }
    const bool is_overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (is_overlong || is_surrogate || code > 0x10FFFF) {
        return {1, std::nullopt};
    }
    return {bytes, code};
}

bool is_harmful(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) // controls
           || code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) // direction and lines
           || (code & 0xFFFEU) == 0xFFFEU;    // noncharacters
}

cairo_status_t append(void* output, const unsigned char* bytes, unsigned count) noexcept {
    try {
        return static_cast<ByteOutput*>(output)->append(std::span(bytes, count)) ? CAIRO_STATUS_SUCCESS
                                                                                 : CAIRO_STATUS_WRITE_ERROR;
    } catch (const std::exception&) { // must not pass through cairo
        return CAIRO_STATUS_NO_MEMORY;
    }
}

cairo_status_t append_text(void* text, const unsigned char* bytes, unsigned count) noexcept {
    try {
        static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
        return CAIRO_STATUS_SUCCESS;
    } catch (const std::exception&) { // must not pass through cairo
        return CAIRO_STATUS_NO_MEMORY;
    }
}

ShapedText shaped(const std::string& plain, const TextStyle& style) {
    return {plain, style.size, style.bold};
}

} // namespace

std::string plain_text(std::string_view text) {
    std::string plain;
    for (std::size_t count = 0; !text.empty(); ++count) {
        if (count == max_characters) {
            return plain += ellipsis;
        }
        const Character character = first_character(text);
        const bool is_space = text.front() == '\n' || text.front() == '\r' || text.front() == '\t';
        if (is_space) {
            plain += ' ';
        } else if (!character.code || is_harmful(*character.code)) {
            plain += replacement;
        } else {
            plain += text.substr(0, character.bytes);
        }
        text.remove_prefix(character.bytes);
    }
    return plain;
}

Pen::Pen(cairo_surface_t* surface) : context_(cairo_create(surface)) {}

Pen Pen::for_measuring() {
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
    return Pen(surface.get()); // the context keeps it alive
}

double Pen::width_of(std::string_view text, const TextStyle& style) {
    return shaped(plain_text(text), style).width();
}

std::string Pen::fitted(std::string_view text, const TextStyle& style, double width) {
    const std::string plain = plain_text(text);
    const ShapedText whole = shaped(plain, style);
    if (whole.width() <= width) {
        return plain;
    }
    const auto shortened = [&](std::size_t end) {
        std::string head = plain.substr(0, end);
        head.erase(head.find_last_not_of(' ') + 1);
        return head.append(ellipsis);
    };
    // Another letter may make those before it narrower: the result fits, but is not always the longest that
    // does.
    const std::vector<std::size_t> ends = whole.letter_ends();
    const auto too_long = std::partition_point(ends.begin(), ends.end(), [&](std::size_t end) {
        return shaped(shortened(end), style).width() <= width;
    });
    return too_long == ends.begin() ? "" : shortened(*(too_long - 1));
}

void Pen::write(double x, double y, std::string_view text, const TextStyle& style, Align align) {
    const ShapedText line = shaped(plain_text(text), style);
    const double shift = align == Align::left ? 0.0 : align == Align::centre ? 0.5 : 1.0;
    set(style.colour);
    // Capitals and digits are about 0.72 of the size high: the base line is half of that below their middle.
    cairo_move_to(context(), x - shift * line.width(), y + 0.36 * style.size);
    line.draw(context());
    cairo_new_path(context());
}

void Pen::set(const Colour& colour) {
    cairo_set_source_rgba(context(), colour.red, colour.green, colour.blue, colour.alpha);
}

void Pen::fill(const Box& box, const Colour& colour) {
    set(colour);
    cairo_rectangle(context(), box.x, box.y, box.width, box.height);
    cairo_fill(context());
}

void Pen::card(const Box& box, double radius, const Colour& inside, const Colour& border) {
    constexpr double quarter = std::numbers::pi / 2;
    const double r = std::min({radius, box.width / 2, box.height / 2});
    cairo_new_sub_path(context());
    cairo_arc(context(), box.right() - r, box.y + r, r, -quarter, 0);
    cairo_arc(context(), box.right() - r, box.bottom() - r, r, 0, quarter);
    cairo_arc(context(), box.x + r, box.bottom() - r, r, quarter, 2 * quarter);
    cairo_arc(context(), box.x + r, box.y + r, r, 2 * quarter, 3 * quarter);
    cairo_close_path(context());
    set(inside);
    cairo_fill_preserve(context());
    set(border);
    cairo_set_line_width(context(), 1.0);
    cairo_stroke(context());
}

void Pen::line(double from_x, double from_y, double to_x, double to_y, const Colour& colour,
               double thickness) {
    set(colour);
    cairo_set_line_width(context(), thickness);
    cairo_move_to(context(), from_x, from_y);
    cairo_line_to(context(), to_x, to_y);
    cairo_stroke(context());
}

void Pen::hatch(const Box& box, double distance, const Colour& colour) {
    cairo_save(context());
    cairo_rectangle(context(), box.x, box.y, box.width, box.height);
    cairo_clip(context());
    // All hatches lie on one grid over the page, so that neighbours match.
    const double first = std::floor((box.x + box.y) / distance) * distance;
    for (double sum = first; sum < box.right() + box.bottom(); sum += distance) {
        cairo_move_to(context(), sum - box.y, box.y);
        cairo_line_to(context(), sum - box.bottom(), box.bottom());
    }
    set(colour);
    cairo_set_line_width(context(), 1.0);
    cairo_stroke(context());
    cairo_restore(context());
}

void Pen::bracket(double from_x, double to_x, double y, double depth, const Colour& colour) {
    cairo_move_to(context(), from_x, y + depth);
    cairo_line_to(context(), from_x, y);
    cairo_line_to(context(), to_x, y);
    cairo_line_to(context(), to_x, y + depth);
    set(colour);
    cairo_set_line_width(context(), 1.0);
    cairo_stroke(context());
}

namespace {

cairo_status_t paint(PictureFormat format, int width, int height, FunctionRef<void(Pen&)> draw,
                     cairo_write_func_t write, void* output) {
    const bool is_svg = format == PictureFormat::svg;
    const Surface surface(is_svg ? cairo_svg_surface_create_for_stream(write, output, width, height)
                                 : cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    if (is_svg && cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS) {
        cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
    }
    cairo_status_t status = CAIRO_STATUS_SUCCESS;
    {
        Pen pen(surface.get());
        draw(pen);
        status = cairo_status(pen.context());
    }
    if (status == CAIRO_STATUS_SUCCESS && !is_svg) {
        status = cairo_surface_write_to_png_stream(surface.get(), write, output);
    }
    cairo_surface_finish(surface.get());
    return status == CAIRO_STATUS_SUCCESS ? cairo_surface_status(surface.get()) : status;
}

FileError drawing_error(std::string_view name, cairo_status_t status) {
    if (status == CAIRO_STATUS_NO_MEMORY) {
        return write_error(name, ENOMEM);
    }
    return file_error(name, std::string("cannot be drawn (") + cairo_status_to_string(status) +
                                "): check the fonts of this machine");
}

} // namespace

std::optional<FileError> write_picture(const std::string& path, PictureFormat format, int width, int height,
                                       FunctionRef<void(Pen&)> draw) {
    auto output = ByteOutput::create(path);
    if (!output) {
        return output.error();
    }
    const cairo_status_t status = paint(format, width, height, draw, append, &*output);
    if (status == CAIRO_STATUS_SUCCESS && output->commit()) {
        return std::nullopt;
    }
    if (output->error_number() != 0) {
        return write_error(output->name(), output->error_number());
    }
    return drawing_error(output->name(), status);
}

Result<std::string, FileError> svg_picture(int width, int height, FunctionRef<void(Pen&)> draw) {
    std::string text;
    const cairo_status_t status = paint(PictureFormat::svg, width, height, draw, append_text, &text);
    if (status != CAIRO_STATUS_SUCCESS) {
        return drawing_error("the picture", status);
    }
    return text;
}

} // namespace keytone::io
