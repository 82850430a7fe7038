// SPDX-License-Identifier: MIT
#include "engine/io/picture/drawing.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::io {
namespace {

using test::is_svg;
using test::PictureFile;
using test::TemporaryFolder;

const std::string wrong = "\xEF\xBF\xBD";
constexpr TextStyle style{12.0, colour(0)};

TEST(PlainText, LeavesTextAlone) {
    for (const std::string text :
         {"", "transfer", "na\xC3\xAFve", "\xE6\x97\xA5\xE6\x9C\xAC", "\xF0\x9F\x93\x9E"}) {
        EXPECT_EQ(plain_text(text), text);
    }
}

TEST(PlainText, ReplacesWhatIsNoUtf8) {
    EXPECT_EQ(plain_text("a\xFF"
                         "b"),
              "a" + wrong + "b");
    EXPECT_EQ(plain_text("\xC3"), wrong);                                     // cut
    EXPECT_EQ(plain_text("\xE2\x80"), wrong + wrong);                         // cut
    EXPECT_EQ(plain_text("\xC0\xAF"), wrong + wrong);                         // overlong
    EXPECT_EQ(plain_text("\xE0\x80\xAF"), wrong + wrong + wrong);             // overlong
    EXPECT_EQ(plain_text("\xED\xA0\x80"), wrong + wrong + wrong);             // surrogate
    EXPECT_EQ(plain_text("\xF4\x90\x80\x80"), wrong + wrong + wrong + wrong); // beyond Unicode
}

TEST(PlainText, MakesControlsHarmless) {
    EXPECT_EQ(plain_text("a\nb\tc\rd"), "a b c d");
    EXPECT_EQ(plain_text(std::string_view("\0\x1B\x7F", 3)), wrong + wrong + wrong);
    EXPECT_EQ(plain_text("\xC2\x9B"), wrong);     // a C1 control
    EXPECT_EQ(plain_text("\xE2\x80\xAE"), wrong); // changes the direction of writing
    EXPECT_EQ(plain_text("\xD8\x9C"), wrong);     // likewise
    EXPECT_EQ(plain_text("\xEF\xBF\xBF"), wrong); // a noncharacter
}

TEST(PlainText, IsBounded) {
    const std::string text = plain_text(std::string(1000000, 'x'));
    EXPECT_EQ(text, std::string(500, 'x') + "\xE2\x80\xA6");
}

TEST(PenText, IsCutToFit) {
    Pen pen = Pen::for_measuring();
    const std::string text = "Let me transfer you to Julie, \xC3\xA9\xC3\xA9\xC3\xA9.";
    const double whole = pen.width_of(text, style);
    EXPECT_GT(whole, 100.0);
    EXPECT_EQ(pen.fitted(text, style, whole), text);
    std::size_t before = 0;
    for (double width = 0.0; width < whole; width += 1.0) {
        const std::string fitted = pen.fitted(text, style, width);
        EXPECT_LE(pen.width_of(fitted, style), width);
        EXPECT_EQ(plain_text(fitted), fitted); // no character was cut in two
        if (!fitted.empty()) {
            EXPECT_THAT(fitted, testing::EndsWith("\xE2\x80\xA6"));
        }
        EXPECT_GE(fitted.size() + 1, before); // grows, except for a space dropped before the ellipsis
        before = fitted.size();
    }
    EXPECT_EQ(pen.fitted(text, style, 3.0), "");
}

TEST(PenText, IsCutBetweenLetters) {
    Pen pen = Pen::for_measuring();
    const std::string letter = "\u0915\u093E"; // with a mark beside it
    const std::string text = letter + letter + letter;
    for (double width = 0.0; width < pen.width_of(text, style); width += 0.5) {
        EXPECT_THAT(pen.fitted(text, style, width),
                    testing::AnyOf("", letter + "\u2026", letter + letter + "\u2026"));
    }
}

TEST(WritePicture, DrawsTheSamePageInBothFormats) {
    const TemporaryFolder folder;
    const auto draw = [](Pen& pen) {
        pen.fill({0, 0, 60, 40}, colour(0xFFFFFF));
        pen.fill({10, 10, 20, 20}, colour(0x3366CC));
        pen.write(30, 20, "\xFF\x01 5", {12.0, colour(0)});
    };
    ASSERT_FALSE(write_picture(folder.file("a.png"), PictureFormat::png, 60, 40, draw));
    const PictureFile picture(folder.file("a.png"));
    ASSERT_EQ(picture.width(), 60);
    ASSERT_EQ(picture.height(), 40);
    EXPECT_EQ(picture.at(20, 20), 0x3366CCU);
    EXPECT_EQ(picture.at(5, 5), 0xFFFFFFU);
    EXPECT_GT(picture.colours(30, 10, 60, 30), 3U); // text

    ASSERT_FALSE(write_picture(folder.file("a.svg"), PictureFormat::svg, 60, 40, draw));
    const std::string svg = folder.read("a.svg");
    EXPECT_TRUE(is_svg(svg));
    EXPECT_THAT(svg, testing::HasSubstr("width=\"60px\" height=\"40px\""));
    EXPECT_THAT(svg, testing::HasSubstr("rgb(20%,40%,80%)"));
    EXPECT_EQ(folder.entries(), 2);
}

// Letters of fonts-lohit-deva, which tools/install-deps installs.
TEST(WritePicture, DrawsLettersAndNoBoxesInOtherScripts) {
    const TemporaryFolder folder;
    const auto drawn = [&](const std::string& text) {
        const auto problem = write_picture(folder.file("a.png"), PictureFormat::png, 40, 40, [&](Pen& pen) {
            pen.fill({0, 0, 40, 40}, colour(0xFFFFFF));
            pen.write(20, 20, text, {24.0, colour(0)}, Align::centre);
        });
        EXPECT_FALSE(problem);
        return PictureFile(folder.file("a.png"));
    };
    EXPECT_FALSE(drawn("\u0915") == drawn("\u0928"));
    EXPECT_TRUE(drawn("\u0915") == drawn("\u0915"));
    EXPECT_GT(drawn("\u0915").count_near(0, 100), 20);
    // The first Hebrew letter is on the right.
    EXPECT_TRUE(drawn("\u05D0\u05D1") == drawn("\u05D0\u05D1"));
    EXPECT_FALSE(drawn("\u05D0\u05D1") == drawn("\u05D1\u05D0"));
}

TEST(WritePicture, TellsWhatStandsInTheWay) {
    const TemporaryFolder folder;
    const auto draw = [](Pen& pen) { pen.fill({0, 0, 9, 9}, colour(0)); };
    for (const PictureFormat format : {PictureFormat::svg, PictureFormat::png}) {
        const auto missing = write_picture(folder.file("no/a.png"), format, 9, 9, draw);
        ASSERT_TRUE(missing);
        EXPECT_EQ(missing->message, folder.file("no/a.png") + ": no such folder: make it first");
        const auto full = write_picture("/dev/full", format, 9, 9, draw);
        ASSERT_TRUE(full);
        EXPECT_EQ(full->message, "/dev/full: the disk is full: make room, or write elsewhere");
        // cairo's images have at most 32767 rows.
        const auto too_high = write_picture(folder.file("a.png"), PictureFormat::png, 9, 40000, draw);
        ASSERT_TRUE(too_high);
        EXPECT_THAT(too_high->message, testing::StartsWith(folder.file("a.png") + ": cannot be drawn ("));
    }
    EXPECT_EQ(folder.entries(), 0);
}

TEST(WritePicture, KeepsTheOldOneWhenItFails) {
    const TemporaryFolder folder;
    static_cast<void>(folder.write("a.png", "old"));
    const auto problem = write_picture(folder.file("a.png"), PictureFormat::png, 9, 40000, [](Pen&) {});
    EXPECT_TRUE(problem);
    EXPECT_EQ(folder.read("a.png"), "old");
    EXPECT_EQ(folder.entries(), 1);
}

} // namespace
} // namespace keytone::io
