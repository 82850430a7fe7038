// SPDX-License-Identifier: MIT
#include "server/control/audio_room.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <vector>

namespace keytone::server {
namespace {

TEST(AudioRoom, IsSharedAndGivenBackWithTheShares) {
    AudioRoom room(100);
    {
        AudioShare first(&room);
        AudioShare second(&room);
        EXPECT_TRUE(first.grow(60));
        EXPECT_FALSE(second.grow(41)) << "nothing is taken in part";
        EXPECT_TRUE(second.grow(40));
        EXPECT_FALSE(first.grow(1));
        AudioShare moved = std::move(first);
        EXPECT_FALSE(room.take(1)) << "a share that moves keeps what it has";
    }
    EXPECT_TRUE(room.take(100));
    EXPECT_FALSE(room.take(1));
}

TEST(AudioRoom, HasNoBoundWithoutOne) {
    AudioShare share;
    EXPECT_TRUE(share.grow(std::size_t{1} << 50U));
}

TEST(AudioRoom, IsNeverGivenTwice) {
    constexpr std::size_t most = 1000;
    AudioRoom room(most);
    std::vector<std::thread> threads;
    std::vector<std::size_t> taken(4);
    threads.reserve(taken.size());
    for (std::size_t& mine : taken) {
        threads.emplace_back([&room, &mine] {
            while (room.take(1)) {
                ++mine;
            }
        });
    }
    std::size_t all = 0;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        threads[i].join();
        all += taken[i];
    }
    EXPECT_EQ(all, most);
}

} // namespace
} // namespace keytone::server
