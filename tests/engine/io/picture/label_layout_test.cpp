// SPDX-License-Identifier: MIT
#include "engine/io/picture/label_layout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace keytone::io {
namespace {

using testing::ElementsAre;

constexpr auto ten_a_character = [](std::string_view text) {
    return 10.0 * static_cast<double>(text.size());
};

/// Keys of 4 pixels, each beginning at one of `begins`: 1, 2, 3, …
std::vector<LabelSpan> keys_at(const std::vector<double>& begins) {
    std::vector<LabelSpan> spans;
    for (std::size_t i = 0; i < begins.size(); ++i) {
        spans.push_back({begins[i], begins[i] + 4, std::string(1, static_cast<char>('1' + i))});
    }
    return spans;
}

std::vector<std::string> texts(const std::vector<double>& begins) {
    std::vector<std::string> found;
    for (const JoinedLabel& label : join_labels(keys_at(begins), 0, 1000, ten_a_character)) {
        found.push_back(label.text);
    }
    return found;
}

TEST(JoinLabels, LeavesKeysWithRoomAlone) {
    const auto labels = join_labels(keys_at({100, 115, 130}), 0, 1000, ten_a_character);
    ASSERT_EQ(labels.size(), 3U);
    EXPECT_EQ(labels[1].centre, 117.0);
    EXPECT_EQ(labels[1].begin, 115.0);
    EXPECT_EQ(labels[1].end, 119.0);
    EXPECT_EQ(labels[1].spans, 1U);
}

TEST(JoinLabels, JoinsACrowdedKeyingAsAWhole) {
    // There would be room for the last two, but they belong to the keying.
    const auto labels = join_labels(keys_at({100, 106, 118, 130, 300}), 0, 1000, ten_a_character);
    ASSERT_EQ(labels.size(), 2U);
    EXPECT_EQ(labels[0].text, "1234");
    EXPECT_EQ(labels[0].begin, 100.0);
    EXPECT_EQ(labels[0].end, 134.0);
    EXPECT_EQ(labels[0].centre, 117.0);
    EXPECT_EQ(labels[0].width, 40.0);
    EXPECT_EQ(labels[0].spans, 4U);
    EXPECT_EQ(labels[1].text, "5");
}

TEST(JoinLabels, JoinsNeighboursThatAWideLabelCovers) {
    EXPECT_THAT(texts({100, 102, 104, 106, 140}), ElementsAre("1234", "5"));
    EXPECT_THAT(texts({100, 102, 104, 106, 126}), ElementsAre("12345"));
}

// Six keyings of twelve keys, each 60 pixels after the one before.
TEST(JoinLabels, KeepsALabelForEachKeying) {
    std::vector<double> begins;
    for (int keying = 0; keying < 6; ++keying) {
        for (int key = 0; key < 12; ++key) {
            begins.push_back(100 + 60 * keying + key);
        }
    }
    const auto labels = join_labels(keys_at(begins), 0, 1000, ten_a_character);
    ASSERT_EQ(labels.size(), 6U);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        EXPECT_EQ(labels[i].spans, 12U);
        EXPECT_LE(labels[i].width, i == 0 || i == 5 ? 120.0 : 60.0);
        EXPECT_GE(labels[i].width, 30.0);
        EXPECT_GE(labels[i].end, labels[i].centre - labels[i].width / 2);
        if (i > 0) {
            EXPECT_GE(labels[i].centre - labels[i].width / 2,
                      labels[i - 1].centre + labels[i - 1].width / 2 - 1e-9);
        }
    }
}

TEST(JoinLabels, SortsAndStaysInTheRoom) {
    const auto labels =
        join_labels({{996, 1000, "8"}, {992, 995, "7"}, {0, 3, "1"}}, 0, 1000, ten_a_character);
    ASSERT_EQ(labels.size(), 2U);
    EXPECT_EQ(labels[0].centre, 5.0);
    EXPECT_EQ(labels[1].text, "78");
    EXPECT_EQ(labels[1].centre, 990.0);
}

TEST(JoinLabels, NeverOverlapAndLoseNoKey) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        std::uniform_real_distribution<double> place(0, 1000);
        std::vector<LabelSpan> spans;
        for (int i = 0; i < round; ++i) {
            const double begin = place(random);
            spans.push_back({begin, begin + place(random) / 100, "5"});
        }
        const auto labels = join_labels(spans, 0, 1010, ten_a_character);
        std::size_t keys = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            keys += labels[i].spans;
            EXPECT_EQ(labels[i].text.size(), labels[i].spans);
            if (i > 0) {
                constexpr double rounding = 1e-9;
                EXPECT_LE(labels[i - 1].centre + labels[i - 1].width / 2,
                          labels[i].centre - labels[i].width / 2 + rounding);
                EXPECT_LE(labels[i - 1].end, labels[i].begin);
            }
        }
        EXPECT_EQ(keys, spans.size());
    }
    EXPECT_TRUE(join_labels({}, 0, 1000, ten_a_character).empty());
}

TEST(StaggerLabels, PutsEarlierOnesAbove) {
    const std::vector<MarkLabel> marks{{100, 50}, {110, 50}, {130, 50}, {400, 50}};
    EXPECT_THAT(stagger_labels(marks, 1000, 8), ElementsAre(MarkPlace{2, false}, MarkPlace{1, false},
                                                            MarkPlace{0, false}, MarkPlace{0, false}));
}

TEST(StaggerLabels, TurnsTheLastOneToTheLeft) {
    const std::vector<MarkLabel> marks{{900, 30}, {990, 50}};
    EXPECT_THAT(stagger_labels(marks, 1000, 8), ElementsAre(MarkPlace{0, false}, MarkPlace{0, true}));
}

TEST(StaggerLabels, LeavesOutWhatHasNoRow) {
    const std::vector<MarkLabel> marks{{100, 50}, {101, 50}, {102, 50}};
    EXPECT_THAT(stagger_labels(marks, 1000, 2),
                ElementsAre(MarkPlace{-1, false}, MarkPlace{1, false}, MarkPlace{0, false}));
}

TEST(StaggerLabels, NeverCoverEachOther) {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        std::uniform_real_distribution<double> place(0, 1000);
        std::vector<MarkLabel> marks;
        for (int i = 0; i < round / 4; ++i) {
            marks.push_back({place(random), 10 + place(random) / 5});
        }
        std::sort(marks.begin(), marks.end(),
                  [](const MarkLabel& a, const MarkLabel& b) { return a.x < b.x; });
        const auto places = stagger_labels(marks, 1050, 20);
        const auto begin = [&](std::size_t i) {
            return places[i].is_left_of_line ? marks[i].x - marks[i].width : marks[i].x;
        };
        for (std::size_t i = 0; i < marks.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (places[i].row < 0 || places[j].row < 0) {
                    continue;
                }
                const bool overlap =
                    begin(i) < begin(j) + marks[j].width && begin(j) < begin(i) + marks[i].width;
                EXPECT_FALSE(places[i].row == places[j].row && overlap) << i << ' ' << j;
                // The later mark's line must not go up through the earlier mark's label.
                const bool is_under = marks[i].x >= begin(j) && marks[i].x < begin(j) + marks[j].width;
                EXPECT_FALSE(is_under && places[i].row >= places[j].row) << i << ' ' << j;
            }
        }
    }
}

} // namespace
} // namespace keytone::io
