// SPDX-License-Identifier: MIT
#include "bench/accuracy/curve_picture.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace keytone::accuracy {
namespace {

constexpr std::uint32_t keytone_blue = 0x1769AA;
constexpr std::uint32_t spandsp_orange = 0xC2701C;

Curve curve(bool has_spandsp) {
    return {"name",
            "A title",
            "x",
            "keys heard, %",
            {{-5.0, 0.0, 10.0}, {0.0, 50.0, 20.0}, {5.0, 100.0, 30.0}},
            {{-1.0, 5.0, 100.0}},
            has_spandsp};
}

int pixels(const Curve& drawn, std::uint32_t colour) {
    const test::TemporaryFolder folder;
    EXPECT_FALSE(draw_curve(drawn, folder.path()));
    EXPECT_TRUE(test::is_svg(folder.read("name.svg")));
    const test::PictureFile picture(folder.file("name.png"));
    EXPECT_EQ(picture.width(), 900);
    return picture.count_near(colour, 8);
}

TEST(CurvePicture, DrawsBothReceivers) {
    EXPECT_GT(pixels(curve(true), keytone_blue), 800);
    EXPECT_GT(pixels(curve(true), spandsp_orange), 800);
}

TEST(CurvePicture, DrawsNoneThatTookNoPart) {
    EXPECT_GT(pixels(curve(false), keytone_blue), 800);
    EXPECT_EQ(pixels(curve(false), spandsp_orange), 0);
}

TEST(CurvePicture, TellsWhereItCannotWrite) {
    const auto error = draw_curve(curve(true), "/nonexistent/folder");
    ASSERT_TRUE(error);
    EXPECT_NE(error->message.find("/nonexistent/folder"), std::string::npos);
}

} // namespace
} // namespace keytone::accuracy
