// SPDX-License-Identifier: MIT
#include "engine/media/report_outbox.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

MediaReport report(MediaReport::Kind kind) {
    return {.kind = kind, .leg = Leg::a};
}

TEST(ReportOutbox, KeepsRoomForTheLivesOfOps) {
    ReportOutbox outbox(10, 3); // six of ten places are reserved
    for (int i = 0; i < 7; ++i) {
        outbox.put(report(MediaReport::Kind::digit_heard));
    }
    EXPECT_EQ(outbox.lost(), 3U);
    for (int i = 0; i < 6; ++i) {
        outbox.put(report(i % 2 == 0 ? MediaReport::Kind::op_started : MediaReport::Kind::op_failed));
    }
    EXPECT_EQ(outbox.lost(), 3U);
    outbox.put(report(MediaReport::Kind::op_started));
    EXPECT_EQ(outbox.lost(), 4U); // more ops than it was made for
    MediaReport popped{};
    int count = 0;
    for (; outbox.try_pop(popped); ++count) {
        EXPECT_EQ(is_of_op_life(popped.kind), count >= 4);
    }
    EXPECT_EQ(count, 10);
}

TEST(ReportOutbox, TooLittleCapacityIsRaised) {
    ReportOutbox outbox(1, 2);
    for (int i = 0; i < 4; ++i) {
        outbox.put(report(MediaReport::Kind::op_started));
    }
    outbox.put(report(MediaReport::Kind::masked));
    EXPECT_EQ(outbox.lost(), 1U);
}

TEST(ReportOutbox, KnowsWhatEndsAnOp) {
    EXPECT_FALSE(ends_op(MediaReport::Kind::op_started));
    EXPECT_TRUE(ends_op(MediaReport::Kind::op_completed));
    EXPECT_TRUE(ends_op(MediaReport::Kind::op_failed));
    EXPECT_TRUE(ends_op(MediaReport::Kind::op_cancelled));
    EXPECT_FALSE(ends_op(MediaReport::Kind::tone_sent));
}

} // namespace
} // namespace keytone
