// SPDX-License-Identifier: MIT
#include "engine/media/spsc_ring.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

namespace keytone {
namespace {

TEST(SpscRing, GivesBackWhatWasPutInInOrder) {
    SpscRing<int> ring(3);
    int value = -1;
    EXPECT_FALSE(ring.try_pop(value));
    EXPECT_EQ(value, -1);
    for (int round = 0; round < 10; ++round) {
        EXPECT_EQ(ring.free(), 3U);
        for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE(ring.try_push(10 * round + i));
        }
        EXPECT_FALSE(ring.try_push(999));
        EXPECT_EQ(ring.free(), 0U);
        EXPECT_EQ(ring.size(), 3U);
        for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE(ring.try_pop(value));
            EXPECT_EQ(value, 10 * round + i);
        }
        EXPECT_EQ(ring.size(), 0U);
    }
}

TEST(SpscRing, ValuesCrossThreadsWhole) {
    struct Pair {
        std::uint64_t number;
        std::uint64_t inverse;
    };
    constexpr std::uint64_t count = 200000;
    SpscRing<Pair> ring(7);
    std::thread pushing([&] {
        for (std::uint64_t i = 0; i < count;) {
            if (ring.try_push({i, ~i})) {
                ++i;
            } else {
                std::this_thread::yield();
            }
        }
    });
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < count;) {
        Pair pair{};
        if (!ring.try_pop(pair)) {
            std::this_thread::yield();
            continue;
        }
        wrong += pair.number == i && pair.inverse == ~i ? 0 : 1;
        ++i;
    }
    pushing.join();
    EXPECT_EQ(wrong, 0U);
}

} // namespace
} // namespace keytone
