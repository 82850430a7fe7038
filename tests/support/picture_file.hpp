// SPDX-License-Identifier: MIT
//
// Reads pictures back with cairo.
#pragma once

#include <cairo.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <stack>
#include <string>

namespace keytone::test {

/// A PNG file's pixels; 0 × 0 when it is none.
class PictureFile {
  public:
    explicit PictureFile(const std::string& path)
        : surface_(cairo_image_surface_create_from_png(path.c_str()), cairo_surface_destroy) {}

    [[nodiscard]] int width() const { return cairo_image_surface_get_width(surface_.get()); }
    [[nodiscard]] int height() const { return cairo_image_surface_get_height(surface_.get()); }
    /// 0x00RRGGBB.
    [[nodiscard]] std::uint32_t at(int x, int y) const {
        const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface_.get()));
        std::uint32_t pixel = 0;
        std::memcpy(&pixel,
                    cairo_image_surface_get_data(surface_.get()) + static_cast<std::size_t>(y) * stride +
                        static_cast<std::size_t>(x) * 4,
                    sizeof pixel);
        return pixel & 0xFFFFFFU;
    }
    /// Red, green and blue added up: the brightness of a pixel, 0-765.
    [[nodiscard]] int light(int x, int y) const {
        const std::uint32_t pixel = at(x, y);
        return static_cast<int>((pixel >> 16) + (pixel >> 8 & 0xFFU) + (pixel & 0xFFU));
    }
    /// How many different colours a rectangle has.
    [[nodiscard]] std::size_t colours(int left, int top, int right, int bottom) const {
        std::set<std::uint32_t> found;
        for (int y = top; y < bottom; ++y) {
            for (int x = left; x < right; ++x) {
                found.insert(at(x, y));
            }
        }
        return found.size();
    }
    /// How many pixels have approximately this colour.
    [[nodiscard]] int count_near(std::uint32_t colour, int tolerance) const {
        int count = 0;
        for (int y = 0; y < height(); ++y) {
            for (int x = 0; x < width(); ++x) {
                int difference = 0;
                for (const int shift : {0, 8, 16}) {
                    const auto part = [&](std::uint32_t rgb) {
                        return static_cast<int>(rgb >> shift & 0xFFU);
                    };
                    difference = std::max(difference, std::abs(part(at(x, y)) - part(colour)));
                }
                count += difference <= tolerance ? 1 : 0;
            }
        }
        return count;
    }
    [[nodiscard]] friend bool operator==(const PictureFile& a, const PictureFile& b) {
        if (a.width() != b.width() || a.height() != b.height()) {
            return false;
        }
        for (int y = 0; y < a.height(); ++y) {
            for (int x = 0; x < a.width(); ++x) {
                if (a.at(x, y) != b.at(x, y)) {
                    return false;
                }
            }
        }
        return true;
    }

  private:
    std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface_;
};

/// Whether the text is SVG whose tags are closed in the reverse order of their opening.
inline testing::AssertionResult is_svg(const std::string& text) {
    std::stack<std::string> open;
    std::size_t elements = 0;
    for (std::size_t i = text.find('<'); i != std::string::npos; i = text.find('<', i + 1)) {
        const std::size_t end = text.find('>', i);
        if (end == std::string::npos) {
            return testing::AssertionFailure() << "a tag has no end";
        }
        const std::string tag = text.substr(i + 1, end - i - 1);
        if (tag.empty() || tag.front() == '?' || tag.front() == '!' || tag.back() == '/') {
            continue;
        }
        const std::string name = tag.substr(0, tag.find_first_of(" \n"));
        ++elements;
        if (name.front() != '/') {
            open.push(name);
        } else if (open.empty() || "/" + open.top() != name) {
            return testing::AssertionFailure() << "unexpected " << name;
        } else {
            open.pop();
        }
    }
    if (text.rfind("<?xml", 0) != 0 || text.find("<svg ") == std::string::npos || !open.empty()) {
        return testing::AssertionFailure() << "no complete SVG document of " << elements << " tags";
    }
    return testing::AssertionSuccess();
}

} // namespace keytone::test
