// SPDX-License-Identifier: MIT
#include "engine/rtp/packet_window.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

TEST(PacketWindow, KnowsWhatCameAndWhatCameBefore) {
    PacketWindow window;
    EXPECT_EQ(window.find(5), nullptr);
    EXPECT_TRUE(window.add({0, 0, 10}));
    EXPECT_TRUE(window.add({2, 20, 30}));
    EXPECT_FALSE(window.add({2, 20, 30}));
    EXPECT_TRUE(window.add({1, 10, 20})) << "late, but not before";
    ASSERT_NE(window.find(1), nullptr);
    EXPECT_EQ(window.find(1)->end, 20);
    EXPECT_EQ(window.newest(), 2);
}

TEST(PacketWindow, ForgetsTheOldest) {
    PacketWindow window;
    for (std::int64_t i = 0; i < 1000; ++i) {
        ASSERT_TRUE(window.add({i, i, i}));
    }
    EXPECT_EQ(window.find(1000 - PacketWindow::size - 1), nullptr);
    EXPECT_NE(window.find(1000 - PacketWindow::size), nullptr);
    EXPECT_FALSE(window.add({1000 - PacketWindow::size - 1, 0, 0})) << "too old to tell";
    window.reset();
    EXPECT_EQ(window.find(999), nullptr);
    EXPECT_TRUE(window.add({999, 0, 0}));
}

} // namespace
} // namespace keytone
