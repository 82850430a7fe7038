// SPDX-License-Identifier: MIT
#include "engine/io/picture/timeline_lane.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace keytone::io {
namespace {

using test::PictureFile;
using test::TemporaryFolder;

// Ten seconds from x = 50 to 1050: a tenth of a second is 10 pixels.
const TimeAxis axis(10.0, 50.0, 1050.0);
const std::vector<std::int16_t> one_second(8000, 20000);

double height_of(const TimelineLane& lane) {
    return TimelineLanePicture(lane, axis, 0.0, 32768).sheet().height;
}

/// The lane, drawn on white.
PictureFile drawn(const TimelineLane& lane) {
    const TemporaryFolder folder;
    const auto problem = write_picture(folder.file("a.png"), PictureFormat::png, 1100, 300, [&](Pen& pen) {
        pen.fill({0, 0, 1100, 300}, colour(0xFFFFFF));
        TimelineLanePicture(lane, axis, 0.0, 32768).draw(pen);
    });
    EXPECT_FALSE(problem) << problem->message;
    return PictureFile(folder.file("a.png"));
}

/// The first and the last column in which a colour appears.
std::pair<int, int> columns_of(const PictureFile& picture, std::uint32_t colour) {
    std::pair<int, int> found{-1, -1};
    for (int x = 0; x < picture.width(); ++x) {
        for (int y = 0; y < picture.height(); ++y) {
            if (picture.at(x, y) == colour) {
                found = {found.first < 0 ? x : found.first, x};
            }
        }
    }
    return found;
}

TEST(LoudestSample, IsOfAllWavesAndNotTooSmall) {
    const std::vector<std::int16_t> quiet{1, -2, 3};
    const std::vector<std::int16_t> loud{5, -32768, 7};
    EXPECT_EQ(loudest_sample({}), 1024);
    EXPECT_EQ(loudest_sample({{.title = "", .sent = quiet, .heard = {}}}), 1024);
    EXPECT_EQ(
        loudest_sample({{.title = "", .sent = quiet, .heard = {}}, {.title = "", .sent = {}, .heard = loud}}),
        32768);
}

TEST(TimelineLane, HasTheRowsThatShowSomething) {
    const TimelineLane empty{.title = "leg"};
    EXPECT_GT(height_of(empty), 20.0);
    double before = 0.0;
    TimelineLane lane = empty;
    const auto grows = [&] {
        const double height = height_of(lane);
        const bool is_higher = height > before;
        before = height;
        return is_higher;
    };
    lane.states = {{0, 1, "ringing"}};
    EXPECT_TRUE(grows());
    lane.prompts = {{0, 1, "hello"}};
    EXPECT_TRUE(grows());
    lane.keys = {{0, 1, "1"}};
    EXPECT_TRUE(grows());
    lane.pauses = {{0, 1, "1 s"}};
    EXPECT_TRUE(grows());
    lane.sent = one_second;
    EXPECT_TRUE(grows());
    lane.heard = one_second;
    EXPECT_TRUE(grows());
    EXPECT_FALSE(TimelineLanePicture(lane, axis, 0.0, 1).has_mutes());
    lane.mutes = {{0, 1, ""}};
    EXPECT_FALSE(grows());
    EXPECT_TRUE(TimelineLanePicture(lane, axis, 0.0, 1).has_mutes());
    lane.rate_hz = 0; // the samples have no time
    EXPECT_LT(height_of(lane), before);
}

TEST(TimelineLane, DrawsSpansAtTheirTime) {
    TimelineLane lane{.title = ""};
    lane.prompts = {{2.0, 4.0, ""}};
    const auto prompt = columns_of(drawn(lane), 0xDEEAF7);
    EXPECT_NEAR(prompt.first, 250, 2);
    EXPECT_NEAR(prompt.second, 449, 2);
    lane.prompts.clear();
    lane.states = {{5.0, 100.0, ""}};
    const auto state = columns_of(drawn(lane), 0xDDEEE9);
    EXPECT_NEAR(state.first, 550, 2);
    EXPECT_NEAR(state.second, 1049, 2);
}

TEST(TimelineLane, BoxesWideKeysAndBracketsNarrowOnes) {
    TimelineLane lane{.title = ""};
    lane.keys = {{3.0, 3.5, "7"}};
    const auto box = columns_of(drawn(lane), 0xFBE7BF);
    EXPECT_NEAR(box.first, 350, 2);
    EXPECT_NEAR(box.second, 399, 2);

    lane.keys = {{3.0, 3.02, "7"}, {3.04, 3.06, "8"}, {3.08, 3.10, "9"}};
    const PictureFile joined = drawn(lane);
    EXPECT_EQ(columns_of(joined, 0xFBE7BF).first, -1);
    EXPECT_GT(joined.colours(340, 24, 370, 45), 5U); // text
    EXPECT_EQ(joined.colours(400, 24, 1040, 60), 1U);
}

TEST(TimelineLane, DrawsWavesAsHighAsTheyAre) {
    // One second at full height, then silence, which is a line.
    std::vector<std::int16_t> samples(16000, 0);
    for (std::size_t i = 0; i < 8000; ++i) {
        samples[i] = i % 2 == 0 ? std::int16_t{32767} : std::int16_t{-32768};
    }
    const TimelineLane lane{.title = "", .sent = samples, .heard = {}};
    const PictureFile picture = drawn(lane);
    const auto height_at = [&](int x) {
        int height = 0;
        for (int y = 0; y < picture.height(); ++y) {
            height += picture.light(x, y) < 600 ? 1 : 0;
        }
        return height;
    };
    EXPECT_NEAR(height_at(100), 57, 2);
    EXPECT_LE(height_at(200), 2);
    EXPECT_GE(height_at(200), 1);
    EXPECT_EQ(height_at(300), 0); // the samples are over
}

TEST(TimelineLane, LeavesOutWhatIsNoTime) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<TimelineSpan> nowhere{{nan, 1, "a"}, {1, nan, "a"}, {-infinity, infinity, "a"},
                                            {5, 4, "a"},   {-3, -1, "a"}, {11, 12, "a"}};
    const TimelineLane lane{.title = "",
                            .sent = {},
                            .heard = {},
                            .states = nowhere,
                            .prompts = nowhere,
                            .keys = nowhere,
                            .pauses = nowhere,
                            .mutes = nowhere};
    EXPECT_EQ(drawn(lane).colours(50, 24, 1100, 300), 1U);
}

TEST(DrawMute, IsHatchedWhateverItsSize) {
    const TemporaryFolder folder;
    ASSERT_FALSE(write_picture(folder.file("a.png"), PictureFormat::png, 100, 50, [](Pen& pen) {
        pen.fill({0, 0, 100, 50}, colour(0xFFFFFF));
        draw_mute(pen, {20, 10, 40, 30});
        draw_mute(pen, {80, 10, 1, 30});
    }));
    const PictureFile picture(folder.file("a.png"));
    EXPECT_GT(picture.colours(20, 10, 60, 40), 3U);
    EXPECT_GT(picture.colours(80, 10, 81, 40), 1U);
    EXPECT_EQ(picture.colours(0, 0, 19, 50), 1U);
    EXPECT_EQ(picture.colours(62, 0, 79, 50), 1U);
}

} // namespace
} // namespace keytone::io
