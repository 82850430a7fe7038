// SPDX-License-Identifier: MIT
#include "engine/io/picture/colour_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <vector>

namespace keytone::io {
namespace {

/// A colour of the Oklab space: lightness 0-1, the axis from green to red, and that from blue to yellow.
struct Oklab {
    double lightness;
    double a;
    double b;
};

// By Oklab's definition: to the cube roots of the eye's three receptor signals, then to linear sRGB.
std::array<double, 3> linear_rgb(const Oklab& colour) {
    const auto cubed = [](double x) { return x * x * x; };
    const double l = cubed(colour.lightness + 0.3963377774 * colour.a + 0.2158037573 * colour.b);
    const double m = cubed(colour.lightness - 0.1055613458 * colour.a - 0.0638541728 * colour.b);
    const double s = cubed(colour.lightness - 0.0894841775 * colour.a - 1.2914855480 * colour.b);
    return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool is_displayable(const Oklab& colour) {
    const auto rgb = linear_rgb(colour);
    return std::all_of(rgb.begin(), rgb.end(), [](double part) { return part >= 0.0 && part <= 1.0; });
}

// The transfer curve of sRGB, IEC 61966-2-1.
std::uint32_t coded(double linear) {
    const double part = std::clamp(linear, 0.0, 1.0);
    const double curved = part <= 0.0031308 ? 12.92 * part : 1.055 * std::pow(part, 1.0 / 2.4) - 0.055;
    return static_cast<std::uint32_t>(std::lround(255.0 * curved));
}

std::uint32_t coded(const Oklab& colour) {
    const auto rgb = linear_rgb(colour);
    return coded(rgb[0]) << 16 | coded(rgb[1]) << 8 | coded(rgb[2]);
}

// The path through the colour space: lightness only increases, the hue goes from blue over violet and red to
// yellow, and the colours are strongest in the middle.
Oklab on_the_way(double part) {
    constexpr double darkest = 0.16;
    constexpr double lightest = 0.97;
    constexpr double first_hue_degrees = 270.0;
    constexpr double last_hue_degrees = 465.0;
    const double hue =
        (first_hue_degrees + part * (last_hue_degrees - first_hue_degrees)) * std::numbers::pi / 180.0;
    const double chroma = 0.05 + 0.13 * std::sin(std::numbers::pi * std::min(1.0, 0.08 + 0.9 * part));
    Oklab colour{darkest + part * (lightest - darkest), chroma * std::cos(hue), chroma * std::sin(hue)};
    while (!is_displayable(colour)) {
        colour.a *= 0.99;
        colour.b *= 0.99;
    }
    return colour;
}

double distance(const Oklab& x, const Oklab& y) {
    return std::hypot(x.lightness - y.lightness, x.a - y.a, x.b - y.b);
}

} // namespace

ColourScale::ColourScale() {
    // Follows the path in small steps and picks colours at equal distances along it.
    constexpr std::size_t fine = 4096;
    std::vector<double> walked(fine + 1, 0.0);
    for (std::size_t i = 1; i <= fine; ++i) {
        walked[i] = walked[i - 1] + distance(on_the_way(static_cast<double>(i - 1) / fine),
                                             on_the_way(static_cast<double>(i) / fine));
    }
    for (std::size_t i = 0; i < steps; ++i) {
        const double wanted = walked.back() * static_cast<double>(i) / (steps - 1);
        const auto there = std::lower_bound(walked.begin(), walked.end(), wanted) - walked.begin();
        colours_[i] = coded(on_the_way(std::min(1.0, static_cast<double>(there) / fine)));
    }
}

std::uint32_t ColourScale::rgb(double part) const {
    const double place = part > 0.0 ? std::min(part, 1.0) * (steps - 1) : 0.0;
    return colours_[static_cast<std::size_t>(std::lround(place))];
}

} // namespace keytone::io
