// SPDX-License-Identifier: MIT
#include "engine/io/picture/shaped_text.hpp"

namespace keytone::io {
namespace {

struct UnrefContext {
    void operator()(PangoContext* context) const { g_object_unref(context); }
};
using Context = std::unique_ptr<PangoContext, UnrefContext>;

struct FreeFont {
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
using Font = std::unique_ptr<PangoFontDescription, FreeFont>;

struct DestroyOptions {
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
using Options = std::unique_ptr<cairo_font_options_t, DestroyOptions>;

// Independent of the page, so that widths are the same on every page.
Context make_context() {
    Context context(pango_font_map_create_context(pango_cairo_font_map_get_default()));
    const Options options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context.get(), options.get());
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    return context;
}

} // namespace

ShapedText::ShapedText(const std::string& plain, double size, bool bold)
    : layout_(pango_layout_new(make_context().get())) { // the layout keeps the context alive
    const Font font(pango_font_description_new());
    pango_font_description_set_family_static(font.get(), "sans-serif");
    pango_font_description_set_weight(font.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
    pango_layout_set_font_description(layout(), font.get());
    pango_layout_set_single_paragraph_mode(layout(), TRUE);
    pango_layout_set_text(layout(), plain.data(), static_cast<int>(plain.size())); // never markup
}

double ShapedText::width() const {
    PangoRectangle extents;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout(), 0), nullptr, &extents);
    return static_cast<double>(extents.width) / PANGO_SCALE;
}

std::vector<std::size_t> ShapedText::letter_ends() const {
    int count = 0; // of the characters, and one for the end
    const PangoLogAttr* const characters = pango_layout_get_log_attrs_readonly(layout(), &count);
    const char* const text = pango_layout_get_text(layout());
    const char* end = text;
    std::vector<std::size_t> ends;
    for (int i = 1; i < count; ++i) {
        end = g_utf8_next_char(end);
        if (characters[i].is_cursor_position != 0) {
            ends.push_back(static_cast<std::size_t>(end - text));
        }
    }
    return ends;
}

void ShapedText::draw(cairo_t* context) const {
    pango_cairo_show_layout_line(context, pango_layout_get_line_readonly(layout(), 0));
}

} // namespace keytone::io
