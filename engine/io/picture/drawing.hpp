// SPDX-License-Identifier: MIT
//
// What the pictures are drawn with: cairo, a few shapes, and text, in any script and safe for any bytes. For
// the sources of pictures only: the headers of the pictures do not include cairo.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/result.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/picture/picture_format.hpp"

#include <cairo.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::io {

/// Red, green, blue and opacity, each 0 to 1.
struct Colour {
    double red;
    double green;
    double blue;
    double alpha = 1.0;
};

/// The colour written `0xRRGGBB`.
constexpr Colour colour(std::uint32_t code, double alpha = 1.0) {
    return {static_cast<double>(code >> 16 & 0xFFU) / 255.0, static_cast<double>(code >> 8 & 0xFFU) / 255.0,
            static_cast<double>(code & 0xFFU) / 255.0, alpha};
}

/// A rectangle in pixels; y grows downwards.
struct Box {
    double x;
    double y;
    double width;
    double height;

    [[nodiscard]] constexpr double right() const { return x + width; }
    [[nodiscard]] constexpr double bottom() const { return y + height; }
    [[nodiscard]] constexpr double centre() const { return x + width / 2; }
    [[nodiscard]] constexpr double middle() const { return y + height / 2; }
};

struct TextStyle {
    double size; ///< Pixels.
    Colour colour;
    bool bold = false;
};

/// Which point of a text is placed at the given position.
enum class Align { left, centre, right };

/// At most 500 characters of `text`: valid UTF-8 (U+FFFD for invalid bytes), spaces for line ends and tabs,
/// U+FFFD for other control characters and for those that change the direction of writing. `[any]`
std::string plain_text(std::string_view text);

/// Draws on one page.
class Pen {
  public:
    /// Draws on `surface`, which stays alive as long as the pen needs it. `[control]`
    explicit Pen(cairo_surface_t* surface);
    /// A pen that draws nowhere: to measure text before a page's height is known. `[control]`
    static Pen for_measuring();

    /// Width of `text` (as plain_text()) in pixels; the same on every page.
    double width_of(std::string_view text, const TextStyle& style);
    /// `text` as plain_text(); where it is wider than `width`, cut between two letters and ended by an
    /// ellipsis; empty when not even that fits.
    std::string fitted(std::string_view text, const TextStyle& style, double width);
    /// Writes `text` (as plain_text()) so that `y` is the middle of its capitals.
    void write(double x, double y, std::string_view text, const TextStyle& style, Align align = Align::left);

    void fill(const Box& box, const Colour& colour);
    /// A rectangle with rounded corners and a thin border.
    void card(const Box& box, double radius, const Colour& inside, const Colour& border);
    void line(double from_x, double from_y, double to_x, double to_y, const Colour& colour,
              double thickness = 1.0);
    /// Slanted lines over the box.
    void hatch(const Box& box, double distance, const Colour& colour);
    /// A horizontal bracket from `from_x` to `to_x` at `y`, its ends turned down by `depth` (up if negative).
    void bracket(double from_x, double to_x, double y, double depth, const Colour& colour);

    /// For what has no method here.
    [[nodiscard]] cairo_t* context() { return context_.get(); }
    void set(const Colour& colour);

  private:
    struct Destroy {
        void operator()(cairo_t* context) const { cairo_destroy(context); }
    };

    std::unique_ptr<cairo_t, Destroy> context_;
};

/// Makes a picture of `width` × `height` pixels, draws it, and writes it to `path`, where it appears complete
/// or not at all. Errors: those of WavWriter::create(), a full disk, a picture too large for memory.
/// `[control]`
std::optional<FileError> write_picture(const std::string& path, PictureFormat format, int width, int height,
                                       FunctionRef<void(Pen&)> draw);
/// The same as the text of an SVG document. Errors: a picture too large for memory. `[control]`
Result<std::string, FileError> svg_picture(int width, int height, FunctionRef<void(Pen&)> draw);

} // namespace keytone::io
