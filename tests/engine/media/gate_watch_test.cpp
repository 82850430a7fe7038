// SPDX-License-Identifier: MIT
#include "engine/media/gate_watch.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

using State = GateWatch::State;

Gate gate(SampleCount min_length, SampleCount max_length) {
    return {.cue = CueKind::answered,
            .listen = false,
            .fail_on_expiry = true,
            .min_length = min_length,
            .max_length = max_length};
}

TEST(GateWatch, WaitsAndExpires) {
    const GateWatch watch(gate(0, 100), 1000);
    EXPECT_EQ(watch.state(1000), State::waits);
    EXPECT_EQ(watch.state(1099), State::waits);
    EXPECT_EQ(watch.state(1100), State::expired);
    EXPECT_EQ(watch.next_change(), 1100);
    EXPECT_EQ(GateWatch(gate(0, unlimited), 1000).next_change(), unlimited);
}

TEST(GateWatch, APassBeforeTheLeastLengthIsKept) {
    GateWatch watch(gate(50, 100), 1000);
    watch.give(MediaCue::Kind::pass, 1000);
    EXPECT_EQ(watch.next_change(), 1050);
    EXPECT_EQ(watch.state(1049), State::waits);
    EXPECT_EQ(watch.state(1050), State::passed);
}

TEST(GateWatch, ARefusalActsAtOnceAndGoesFirst) {
    GateWatch watch(gate(50, 100), 1000);
    watch.give(MediaCue::Kind::pass, 1000);
    watch.give(MediaCue::Kind::refuse, 1000);
    EXPECT_EQ(watch.state(1001), State::refused);
    EXPECT_EQ(watch.state(1100), State::refused);
}

TEST(GateWatch, APassGoesBeforeTheExpiry) {
    GateWatch watch(gate(100, 100), 1000);
    watch.give(MediaCue::Kind::pass, 1000);
    EXPECT_EQ(watch.state(1100), State::passed);
    GateWatch never_open(gate(200, 100), 1000);
    never_open.give(MediaCue::Kind::pass, 1000);
    EXPECT_EQ(never_open.state(1100), State::expired);
}

TEST(GateWatch, WhatIsOpensItWhileItIsSo) {
    GateWatch watch(gate(50, 100), 1000);
    watch.set_heard(true);
    EXPECT_EQ(watch.state(1049), State::waits);
    EXPECT_EQ(watch.next_change(), 1050);
    watch.set_heard(false);
    EXPECT_EQ(watch.state(1050), State::waits);
    EXPECT_EQ(watch.next_change(), 1100);
    watch.set_heard(true);
    EXPECT_EQ(watch.state(1060), State::passed);
}

TEST(GateWatch, APassIsWithdrawn) {
    GateWatch watch(gate(50, 100), 1000);
    watch.give(MediaCue::Kind::pass, 1010);
    watch.give(MediaCue::Kind::withdraw, 1020);
    EXPECT_EQ(watch.state(1050), State::waits);
    EXPECT_EQ(watch.state(1100), State::expired);
}

TEST(GateWatch, APassCountsWhenItHasHeldForTheSilence) {
    Gate quiet = gate(10, 100);
    quiet.silence = 30;
    GateWatch watch(quiet, 1000);
    watch.give(MediaCue::Kind::pass, 1020);
    EXPECT_EQ(watch.state(1049), State::waits);
    EXPECT_EQ(watch.next_change(), 1050);
    EXPECT_EQ(watch.state(1050), State::passed);
}

} // namespace
} // namespace keytone
