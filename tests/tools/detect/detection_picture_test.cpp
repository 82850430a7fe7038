// SPDX-License-Identifier: MIT
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/detect/detection_picture.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone::tools {
namespace {

using test::PictureFile;
using test::TemporaryFolder;

constexpr DtmfReport key_5{.kind = DtmfReport::Kind::end,
                           .key = *Key::from_character('5'),
                           .onset = 8000,
                           .duration = 4000,
                           .low_level = {-10},
                           .high_level = {-8},
                           .low_frequency = {770},
                           .high_frequency = {1336},
                           .snr = {30}};

std::string written(DetectionPicture& picture, const TemporaryFolder& folder) {
    const auto problem = picture.write();
    EXPECT_FALSE(problem) << problem->message;
    return folder.file("a.png");
}

TEST(DetectionPicture, MarksDigitsAtTheirTimeWhateverTheRate) {
    const TemporaryFolder folder;
    for (const int rate : {8000, 16000}) {
        DetectionPicture picture(folder.file("a.png"), io::PictureFormat::png, "/some/call.wav");
        const std::vector<std::int16_t> silence(static_cast<std::size_t>(4 * rate), 0);
        picture.hear({.channel = 1, .rate_hz = rate, .samples = silence});
        picture.mark({.channel = 1, .rate_hz = rate, .report = key_5});
        const PictureFile file(written(picture, folder));
        ASSERT_EQ(file.width(), 1200);
        // The digit is above the middle of its key on the time axis, which is from x = 64 to 1124.
        const int x = 64 + 1060 * (8000 + 2000) / (4 * rate);
        EXPECT_GT(file.colours(x - 5, 80, x + 5, 94), 3U) << rate;
        EXPECT_EQ(file.colours(x + 200, 80, x + 300, 94), 1U) << rate;
    }
}

TEST(DetectionPicture, OfNoSoundIsDrawn) {
    const TemporaryFolder folder;
    DetectionPicture picture(folder.file("a.png"), io::PictureFormat::png, "-");
    EXPECT_EQ(PictureFile(written(picture, folder)).width(), 1200);
}

TEST(DetectionPicture, HasTheFilesNameForATitle) {
    const TemporaryFolder folder;
    const auto draw = [&](const std::string& heard) {
        DetectionPicture picture(folder.file("a.png"), io::PictureFormat::png, heard);
        return PictureFile(written(picture, folder));
    };
    EXPECT_TRUE(draw("/one/call.wav") == draw("another/call.wav"));
    EXPECT_FALSE(draw("call.wav") == draw("cell.wav"));
    EXPECT_TRUE(draw("-") == draw("standard input"));
}

} // namespace
} // namespace keytone::tools
