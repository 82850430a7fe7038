// SPDX-License-Identifier: MIT
//
// A line of text as pango sets it. Within drawing.cpp; all others write with its pen.
#pragma once

#include <pango/pangocairo.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace keytone::io {

/// Text in any script and direction: each letter out of a font that has it, by fontconfig, a box where none
/// has. As wide on every page: nothing is rounded to pixels. `[control]`
class ShapedText {
  public:
    /// `plain` is one line, as plain_text() makes it; `size` in pixels.
    ShapedText(const std::string& plain, double size, bool bold);

    /// In pixels.
    [[nodiscard]] double width() const;
    /// Where the text may be cut: bytes of the first one, two, … letters, each with the marks on it.
    [[nodiscard]] std::vector<std::size_t> letter_ends() const;
    /// Draws it at the context's current point: the left end of the base line.
    void draw(cairo_t* context) const;

    /// What there is no method for.
    [[nodiscard]] PangoLayout* layout() const { return layout_.get(); }

  private:
    struct Unref {
        void operator()(PangoLayout* layout) const { g_object_unref(layout); }
    };
    std::unique_ptr<PangoLayout, Unref> layout_;
};

} // namespace keytone::io
