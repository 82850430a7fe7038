// SPDX-License-Identifier: MIT
#include "engine/io/picture/colour_scale.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace keytone::io {
namespace {

/// CIE L*a*b* of an sRGB colour under D65: another space than the one that the scale was made in.
std::array<double, 3> cielab(std::uint32_t rgb) {
    const auto linear = [&](int shift) {
        const double part = static_cast<double>(rgb >> shift & 0xFFU) / 255.0;
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    const double r = linear(16);
    const double g = linear(8);
    const double b = linear(0);
    const auto curve = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0; };
    const double x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    const double y = curve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    const double z = curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

TEST(ColourScale, GrowsLighterAllTheWay) {
    const ColourScale scale;
    double before = -1.0;
    for (int i = 0; i <= 64; ++i) {
        const double lightness = cielab(scale.rgb(i / 64.0))[0];
        EXPECT_GT(lightness, before + 0.5) << i;
        before = lightness;
    }
    EXPECT_LT(cielab(scale.rgb(0.0))[0], 5.0);
    EXPECT_GT(cielab(scale.rgb(1.0))[0], 93.0);
}

TEST(ColourScale, HasEvenSteps) {
    const ColourScale scale;
    // Both spaces are models of the eye, and differ from each other by up to half for some colours.
    double smallest = 1e9;
    double largest = 0.0;
    for (int i = 0; i < 16; ++i) {
        const auto a = cielab(scale.rgb(i / 16.0));
        const auto b = cielab(scale.rgb((i + 1) / 16.0));
        const double step = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        smallest = std::min(smallest, step);
        largest = std::max(largest, step);
    }
    EXPECT_LT(largest / smallest, 2.5) << smallest << ' ' << largest;
    RecordProperty("largest_over_smallest_step", std::to_string(largest / smallest));
}

TEST(ColourScale, ClampsWhatLiesOutside) {
    const ColourScale scale;
    EXPECT_EQ(scale.rgb(-1.0), scale.rgb(0.0));
    EXPECT_EQ(scale.rgb(2.0), scale.rgb(1.0));
    EXPECT_EQ(scale.rgb(std::numeric_limits<double>::infinity()), scale.rgb(1.0));
    EXPECT_EQ(scale.rgb(std::numeric_limits<double>::quiet_NaN()), scale.rgb(0.0));
}

} // namespace
} // namespace keytone::io
