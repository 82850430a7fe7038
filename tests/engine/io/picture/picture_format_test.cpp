// SPDX-License-Identifier: MIT
#include "engine/io/picture/picture_format.hpp"

#include <gtest/gtest.h>

namespace keytone::io {
namespace {

TEST(PictureFormat, IsToldByTheEnding) {
    for (const char* name : {"a.svg", "/b/a.SVG", "a.png.svg", "a b.Svg"}) {
        EXPECT_EQ(picture_format_of(name), PictureFormat::svg) << name;
    }
    for (const char* name : {"a.png", "b.d/a.PNG", "..png"}) {
        EXPECT_EQ(picture_format_of(name), PictureFormat::png) << name;
    }
}

TEST(PictureFormat, IsNotGuessed) {
    for (const char* name :
         {"", "-", "png", ".png", "a/.svg", "a.png/", "a.jpg", "apng", "a.png ", "a.pn", "a@png"}) {
        EXPECT_EQ(picture_format_of(name), std::nullopt) << name;
    }
}

} // namespace
} // namespace keytone::io
