// SPDX-License-Identifier: MIT
#include "engine/io/picture/spectrogram_picture.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace keytone::io {
namespace {

using test::is_svg;
using test::PictureFile;
using test::TemporaryFolder;

// Where the plot is on the page.
constexpr int left = 64;
constexpr int top = 100;
constexpr int width = 1060;
constexpr int height = 440;

int x_of(double part) {
    return left + static_cast<int>(part * width);
}
int y_of(double hz) {
    return top + static_cast<int>(height * (1.0 - hz / 4000.0));
}

/// Two tones in the second quarter of four seconds.
std::vector<std::int16_t> one_key(int rate_hz) {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(4 * rate_hz), 0);
    for (int i = rate_hz; i < 2 * rate_hz; ++i) {
        const double phase = 2 * std::numbers::pi * i / rate_hz;
        samples[static_cast<std::size_t>(i)] =
            static_cast<std::int16_t>(7000 * (std::sin(770 * phase) + std::sin(1336 * phase)));
    }
    return samples;
}

std::string draw(const TemporaryFolder& folder, const std::string& name, int rate_hz,
                 const std::vector<std::int16_t>& samples, const std::vector<SpectrogramKey>& keys,
                 const std::string& title = "call.wav") {
    SpectrogramPicture picture(rate_hz, title);
    picture.process(samples);
    for (const SpectrogramKey& key : keys) {
        picture.add(key);
    }
    const auto problem = picture.write(folder.file(name), *picture_format_of(name));
    EXPECT_FALSE(problem) << problem->message;
    return folder.file(name);
}

TEST(SpectrogramPicture, ShowsTheTonesAtTheirPlace) {
    const TemporaryFolder folder;
    for (const int rate : {8000, 44100}) {
        const PictureFile picture(draw(folder, "a.png", rate, one_key(rate), {}));
        ASSERT_EQ(picture.width(), 1200);
        ASSERT_EQ(picture.height(), 600);
        const int dark = picture.light(x_of(0.75), y_of(2000));
        EXPECT_LT(dark, 80);
        for (const double hz : {770.0, 1336.0}) {
            EXPECT_GT(picture.light(x_of(0.375), y_of(hz)), 400) << hz;
            EXPECT_EQ(picture.light(x_of(0.125), y_of(hz)), dark) << hz;
            EXPECT_EQ(picture.light(x_of(0.625), y_of(hz)), dark) << hz;
        }
        EXPECT_EQ(picture.light(x_of(0.375), y_of(2500)), dark);
    }
}

TEST(SpectrogramPicture, MarksKeysWithBoxesAndTheDigit) {
    const TemporaryFolder folder;
    const PictureFile plain(draw(folder, "a.png", 8000, one_key(8000), {}));
    const PictureFile marked(
        draw(folder, "b.png", 8000, one_key(8000), {{1.0, 2.0, Hertz{770}, Hertz{1336}, '5'}}));
    // The digit is above the middle of its key, and nowhere else.
    EXPECT_GT(marked.colours(x_of(0.375) - 6, top - 22, x_of(0.375) + 6, top - 5), 3U);
    EXPECT_EQ(plain.colours(x_of(0.375) - 6, top - 22, x_of(0.375) + 6, top - 5), 1U);
    EXPECT_EQ(marked.colours(x_of(0.6), top - 22, x_of(0.9), top - 5), 1U);
    for (const double hz : {770.0, 1336.0}) {
        // The left and the right edge are drawn, and the inside is not.
        for (const double part : {0.25, 0.5}) {
            int differing = 0;
            for (int x = x_of(part) - 2; x <= x_of(part) + 2; ++x) {
                differing += marked.at(x, y_of(hz)) != plain.at(x, y_of(hz)) ? 1 : 0;
            }
            EXPECT_GE(differing, 2) << hz;
        }
        EXPECT_EQ(marked.at(x_of(0.375), y_of(hz)), plain.at(x_of(0.375), y_of(hz)));
    }
}

TEST(SpectrogramPicture, TakesAnyTitleAndAnyKeys) {
    const TemporaryFolder folder;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<SpectrogramKey> keys{{nan, 2.0, Hertz{770}, Hertz{1336}, '5'},
                                     {-1e300, 1e300, Hertz{nan}, Hertz{-1e300}, '\xFF'},
                                     {3.0, 1.0, Hertz{1e300}, Hertz{0}, '\n'}};
    keys.resize(20000, {1.0, 1.1, Hertz{697}, Hertz{1209}, '1'});
    for (const std::string& title :
         {std::string("\xFF\xC3\x01\n"), std::string(100000, 'x'), std::string()}) {
        for (const std::string name : {"a.png", "a.svg"}) {
            draw(folder, name, 8000, one_key(8000), keys, title);
        }
        EXPECT_EQ(PictureFile(folder.file("a.png")).width(), 1200);
        EXPECT_TRUE(is_svg(folder.read("a.svg")));
    }
}

TEST(SpectrogramPicture, OfNoSoundHasItsAxes) {
    const TemporaryFolder folder;
    const PictureFile picture(draw(folder, "a.png", 8000, {}, {}));
    ASSERT_EQ(picture.width(), 1200);
    EXPECT_EQ(picture.colours(left + 2, top + 2, left + width - 2, top + height - 2), 1U);
    EXPECT_GT(picture.colours(10, top, left, top + height), 3U);
}

TEST(SpectrogramPicture, TellsWhyItCannotBeWritten) {
    const TemporaryFolder folder;
    SpectrogramPicture picture(8000, "a");
    const auto problem = picture.write(folder.file("no/a.png"), PictureFormat::png);
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->message, folder.file("no/a.png") + ": no such folder: make it first");
}

} // namespace
} // namespace keytone::io
