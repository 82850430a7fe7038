// SPDX-License-Identifier: MIT
//
// A line of text laid out by pango. For drawing.cpp only; all others write with its Pen.
#pragma once

#include <pango/pangocairo.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace keytone::io {

/// Text in any script and direction: each letter from a font that has it, found by fontconfig; a box where
/// none has it. The width is the same on every page, as nothing is rounded to pixels. `[control]`
class ShapedText {
  public:
    /// `plain` is one line, as plain_text() makes it; `size` in pixels.
    ShapedText(const std::string& plain, double size, bool bold);

    /// In pixels.
    [[nodiscard]] double width() const;
    /// Where the text may be cut: the lengths in bytes of its first one, two, … letters, each with its marks.
    [[nodiscard]] std::vector<std::size_t> letter_ends() const;
    /// Draws it at the context's current point: the left end of the base line.
    void draw(cairo_t* context) const;

    /// For what has no method here.
    [[nodiscard]] PangoLayout* layout() const { return layout_.get(); }

  private:
    struct Unref {
        void operator()(PangoLayout* layout) const { g_object_unref(layout); }
    };
    std::unique_ptr<PangoLayout, Unref> layout_;
};

} // namespace keytone::io
