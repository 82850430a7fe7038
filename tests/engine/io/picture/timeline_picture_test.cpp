// SPDX-License-Identifier: MIT
#include "engine/io/picture/timeline_picture.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace keytone::io {
namespace {

using test::is_svg;
using test::PictureFile;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr std::uint32_t failure = 0xC0392B;

std::string error_of(const std::string& path, const Timeline& timeline) {
    const auto problem = write_timeline_picture(path, PictureFormat::png, timeline);
    return problem ? problem->message : "";
}

PictureFile drawn(const Timeline& timeline) {
    const TemporaryFolder folder;
    EXPECT_EQ(error_of(folder.file("a.png"), timeline), "");
    return PictureFile(folder.file("a.png"));
}

TimelineLane lane(std::span<const std::int16_t> sent = {}) {
    return {.title = "leg a", .sent = sent, .heard = {}};
}

/// The columns in which a failed mark's line passes through the lanes.
std::vector<int> failure_lines(const PictureFile& picture, int y) {
    std::vector<int> found;
    for (int x = 0; x < picture.width(); ++x) {
        const std::uint32_t pixel = picture.at(x, y);
        if ((pixel >> 16) > (pixel & 0xFFU) + 60 && (found.empty() || x > found.back() + 2)) {
            found.push_back(x);
        }
    }
    return found;
}

TEST(TimelinePicture, IsWrittenInBothFormats) {
    const TemporaryFolder folder;
    const std::vector<std::int16_t> tone(8000, 9000);
    Timeline timeline{"Transfer", "bridged", 10.0, {lane(tone), lane()}, {{2.0, "dial"}, {10.0, "hang-up"}}};
    timeline.lanes[0].keys = {{1.0, 1.2, "5"}};
    timeline.lanes[0].mutes = {{0.9, 1.3, ""}};
    ASSERT_FALSE(write_timeline_picture(folder.file("a.png"), PictureFormat::png, timeline));
    ASSERT_FALSE(write_timeline_picture(folder.file("a.svg"), PictureFormat::svg, timeline));
    const PictureFile picture(folder.file("a.png"));
    EXPECT_EQ(picture.width(), 1200);
    const std::string svg = folder.read("a.svg");
    EXPECT_TRUE(is_svg(svg));
    EXPECT_THAT(svg, HasSubstr("width=\"1200px\" height=\"" + std::to_string(picture.height()) + "px\""));
    // The keys' colour is in both formats.
    EXPECT_GT(picture.count_near(0xFBE7BF, 2), 20);
    EXPECT_THAT(svg, HasSubstr("rgb(98.431373%,90.588235%,74.901961%)"));
    EXPECT_EQ(folder.entries(), 2);
}

TEST(TimelinePicture, IsTheSameEveryTime) {
    const std::vector<std::int16_t> tone(8000, 9000);
    const Timeline timeline{"Transfer", "", 10.0, {lane(tone)}, {{2.0, "dial"}}};
    EXPECT_TRUE(drawn(timeline) == drawn(timeline));
    Timeline other = timeline;
    other.title = "transfer";
    EXPECT_FALSE(drawn(timeline) == drawn(other));
}

TEST(TimelinePicture, PutsMarksAtTheirTimeThroughAllLanes) {
    const PictureFile picture =
        drawn({"", "", 10.0, {lane(), lane()}, {{0.0, "", true}, {5.0, "", true}, {10.0, "", true}}});
    for (const int y : {picture.height() - 60, picture.height() - 130}) {
        const auto lines = failure_lines(picture, y);
        ASSERT_EQ(lines.size(), 3U) << y;
        EXPECT_NEAR(lines[1] - lines[0], lines[2] - lines[1], 1) << y;
        EXPECT_GT(lines[2] - lines[0], 900) << y; // most of the page is the call
    }
}

TEST(TimelinePicture, ShowsFailuresUnlikeTheRest) {
    const Timeline good{"", "", 10.0, {lane()}, {{5.0, "sip_busy", false}}};
    Timeline bad = good;
    bad.marks[0].is_failure = true;
    EXPECT_EQ(drawn(good).count_near(failure, 10), 0);
    EXPECT_GT(drawn(bad).count_near(failure, 10), 30);
}

TEST(TimelinePicture, GrowsWithLanesAndCrowdedMarks) {
    Timeline timeline{"", "", 10.0, {lane()}, {{5.0, "a mark with a name"}}};
    const int one = drawn(timeline).height();
    timeline.marks.push_back({5.1, "and another"});
    const int two = drawn(timeline).height();
    EXPECT_GT(two, one);
    for (int i = 0; i < 100; ++i) {
        timeline.marks.push_back({5.2 + 0.01 * i, "one of many"});
    }
    const int many = drawn(timeline).height();
    EXPECT_GT(many, two);
    EXPECT_LT(many, two + 300); // no more rows than can be read
    timeline.lanes.push_back(lane());
    EXPECT_GT(drawn(timeline).height(), many);
}

TEST(TimelinePicture, TakesACallOfNothing) {
    const PictureFile picture = drawn({});
    EXPECT_EQ(picture.width(), 1200);
    EXPECT_GT(picture.height(), 80);
    EXPECT_GT(picture.colours(0, 0, 1200, picture.height()), 5U);
}

TEST(TimelinePicture, TakesAnythingForTextAndTimes) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<std::string> texts{"\xFF\xFE\xC0",           std::string("\0\x1B[2J\n", 6),
                                         std::string(100000, 'w'), "",
                                         "\xED\xA0\x80",           "<script>&amp;\"'"};
    std::vector<TimelineSpan> spans;
    std::vector<TimelineMark> marks;
    for (const std::string& text : texts) {
        for (const double at : {nan, -1e308, -0.5, 0.0, 4.0, 1e308}) {
            spans.push_back({at, at + 0.7, text});
            spans.push_back({4.0, at, text});
            marks.push_back({at, text, at > 1.0});
        }
    }
    const std::vector<std::int16_t> samples(100, -32768);
    const TemporaryFolder folder;
    for (const std::string& text : texts) {
        for (const int rate : {-1, 0, 1, 8000, 2000000000}) {
            const TimelineLane odd{.title = text,
                                   .sent = samples,
                                   .heard = samples,
                                   .rate_hz = rate,
                                   .states = spans,
                                   .prompts = spans,
                                   .keys = spans,
                                   .pauses = spans,
                                   .mutes = spans};
            const Timeline timeline{text, text, 5.0, {odd}, marks};
            ASSERT_FALSE(write_timeline_picture(folder.file("a.svg"), PictureFormat::svg, timeline));
        }
        EXPECT_TRUE(is_svg(folder.read("a.svg")));
    }
}

TEST(TimelinePicture, TakesADayFullOfEverything) {
    TimelineLane full = lane();
    for (int i = 0; i < 20000; ++i) {
        const double at = 4.0 * i;
        full.states.push_back({at, at + 3, "state"});
        full.prompts.push_back({at, at + 3, "prompt"});
        full.keys.push_back({at, at + 0.1, "5"});
        full.pauses.push_back({at, at + 1, "1 s"});
        full.mutes.push_back({at, at + 0.2, ""});
    }
    const TemporaryFolder folder;
    const Timeline timeline{"A day", "", 86400.0, {full}, {}};
    ASSERT_FALSE(write_timeline_picture(folder.file("a.svg"), PictureFormat::svg, timeline));
    EXPECT_LT(folder.read("a.svg").size(), 4000000U); // what is not visible is not in it
}

TEST(TimelinePicture, RefusesWhatIsOutOfBounds) {
    const TemporaryFolder folder;
    const std::string path = folder.file("a.png");
    EXPECT_EQ(error_of(path, {"", "", 86401.0, {}, {}}),
              path + ": the call is longer than 24 hours: draw parts of it");
    for (const double seconds : {-1.0, std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(error_of(path, {"", "", seconds, {}, {}}),
                  path + ": the call's length is no number of seconds: give one of 0 or more");
    }
    EXPECT_EQ(error_of(path, {"", "", 1.0, std::vector<TimelineLane>(17), {}}),
              path + ": the call has more than 16 legs: draw some of them");
    EXPECT_EQ(error_of(folder.file("no/a.png"), {}),
              folder.file("no/a.png") + ": no such folder: make it first");
    EXPECT_EQ(folder.entries(), 0);
}

} // namespace
} // namespace keytone::io
