// SPDX-License-Identifier: MIT
//
// Letters of Hindi are in the package fonts-lohit-deva, which tools/install-deps installs: without it these
// tests fail. The other scripts are in DejaVu Sans, which fontconfig depends on.
#include "engine/io/picture/shaped_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace keytone::io {
namespace {

using testing::ElementsAre;
using testing::Not;

ShapedText shaped(const std::string& text) {
    return {text, 12.0, false};
}

int boxes(const std::string& text) {
    return pango_layout_get_unknown_glyphs_count(shaped(text).layout());
}

/// The fonts that a text is drawn in.
std::set<std::string> fonts(const std::string& text) {
    const ShapedText line = shaped(text);
    std::set<std::string> names;
    for (const GSList* run = pango_layout_get_line_readonly(line.layout(), 0)->runs; run != nullptr;
         run = run->next) {
        PangoFontDescription* const font =
            pango_font_describe(static_cast<const PangoGlyphItem*>(run->data)->item->analysis.font);
        names.insert(pango_font_description_get_family(font));
        pango_font_description_free(font);
    }
    return names;
}

/// The position of the letter that begins at this byte, in pixels from the left.
double place(const ShapedText& line, int byte) {
    PangoRectangle box;
    pango_layout_index_to_pos(line.layout(), byte, &box);
    return static_cast<double>(box.x) / PANGO_SCALE;
}

TEST(ShapedText, TakesLettersFromFontsThatHaveThem) {
    for (const char* const text :
         {"Hold on", "na\u00EFve", "\u039A\u03B1\u03BB\u03AE", "\u0414\u0430", "\u05E9\u05DC\u05D5\u05DD",
          "\u0645\u0631\u062D\u0628\u0627", "\u10D2\u10D0", "\u0928\u092E\u0938\u094D\u0924\u0947 5"}) {
        EXPECT_EQ(boxes(text), 0) << text;
    }
    const auto latin = fonts("Hold on");
    EXPECT_EQ(latin.size(), 1U);
    EXPECT_THAT(fonts("\u0928\u092E"), Not(latin));
    // Each word in a font of its own.
    EXPECT_EQ(fonts("Hold \u0928\u092E on").size(), 2U);
}

TEST(ShapedText, HasABoxForWhatNoFontHas) {
    EXPECT_EQ(boxes("a\U0010FFFDb"), 1); // for private use
    EXPECT_GT(shaped("a\U0010FFFDb").width(), shaped("ab").width() + 5.0);
}

TEST(ShapedText, JoinsLettersAndWritesThemInTheirDirection) {
    // The letter beh is wide by itself, and narrow within a word.
    const std::string beh = "\u0628";
    EXPECT_LT(shaped(beh + beh + beh).width(), 2.5 * shaped(beh).width());
    const ShapedText latin = shaped("ab");
    EXPECT_LT(place(latin, 0), place(latin, 1));
    const ShapedText hebrew = shaped("\u05D0\u05D1");
    EXPECT_GT(place(hebrew, 0), place(hebrew, 2));
    // Digits in such a text keep their direction.
    const ShapedText digits = shaped("\u05D0 12");
    EXPECT_LT(place(digits, 3), place(digits, 4));
}

TEST(ShapedText, KeepsMarksWithTheirLetters) {
    EXPECT_THAT(shaped("").letter_ends(), ElementsAre());
    EXPECT_THAT(shaped("ab").letter_ends(), ElementsAre(1, 2));
    EXPECT_THAT(shaped("e\u0301x").letter_ends(), ElementsAre(3, 4));
    EXPECT_THAT(shaped("\u0928\u0947\u0928").letter_ends(), ElementsAre(6, 9));
    EXPECT_THAT(shaped("\U0001F468\u200D\U0001F469\u200D\U0001F467!").letter_ends(), ElementsAre(18, 19));
}

TEST(ShapedText, IsOneLineAndNoMarkup) {
    const std::string text = "<b>&amp;</b> _x";
    EXPECT_EQ(pango_layout_get_text(shaped(text).layout()), text);
    EXPECT_EQ(pango_layout_get_line_count(shaped(std::string(500, 'x')).layout()), 1);
    EXPECT_NEAR(shaped(std::string(500, 'x')).width(), 500 * shaped("x").width(), 1.0);
}

TEST(ShapedText, GrowsWithItsSizeAndNotByWholePixels) {
    const double at_10 = ShapedText("Transfer 12", 10.0, false).width();
    EXPECT_NEAR(ShapedText("Transfer 12", 20.0, false).width(), 2.0 * at_10, 0.05);
    EXPECT_NEAR(ShapedText("Transfer 12", 10.3, false).width(), 1.03 * at_10, 0.05);
    EXPECT_GT(ShapedText("Transfer 12", 10.0, true).width(), at_10);
}

} // namespace
} // namespace keytone::io
