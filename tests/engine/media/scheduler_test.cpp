// SPDX-License-Identifier: MIT
#include "engine/media/scheduler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace keytone {
namespace {

MediaCue cue_at(SampleIndex at, std::uint32_t number) {
    return {.kind = MediaCue::Kind::cut, .cue = CueKind::drained, .before = {number, 0}, .at = at};
}

TEST(Scheduler, SortsByTimeAndKeepsTheOrderOfEquals) {
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        Scheduler scheduler;
        std::vector<MediaCue> expected;
        while (!scheduler.full()) {
            const MediaCue cue = cue_at(random() % 8, static_cast<std::uint32_t>(expected.size()));
            scheduler.add(cue);
            expected.push_back(cue);
        }
        EXPECT_EQ(expected.size(), Scheduler::capacity);
        std::stable_sort(expected.begin(), expected.end(),
                         [](const MediaCue& a, const MediaCue& b) { return a.at < b.at; });
        for (const MediaCue& cue : expected) {
            EXPECT_EQ(scheduler.next_due(), cue.at);
            EXPECT_FALSE(scheduler.pop_due(cue.at - 1));
            const auto due = scheduler.pop_due(cue.at);
            ASSERT_TRUE(due);
            EXPECT_EQ(due->before, cue.before);
        }
        EXPECT_EQ(scheduler.next_due(), unlimited);
        EXPECT_FALSE(scheduler.pop_due(unlimited));
    }
}

} // namespace
} // namespace keytone
