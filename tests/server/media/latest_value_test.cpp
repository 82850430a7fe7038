// SPDX-License-Identifier: MIT
#include "server/media/latest_value.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace keytone::server {
namespace {

TEST(LatestValue, IsAsConstructedAndThenTheLatest) {
    LatestValue<int> value;
    EXPECT_EQ(value.read(), 0);
    value.write(1);
    value.write(2);
    EXPECT_EQ(value.read(), 2);
    EXPECT_EQ(value.read(), 2);
    value.write(3);
    EXPECT_EQ(value.read(), 3);
}

TEST(LatestValue, IsNeverTornNorOlder) {
    constexpr int last = 100'000;
    LatestValue<std::array<int, 16>> value;
    std::thread writer([&] {
        for (int i = 1; i <= last; ++i) {
            std::array<int, 16> numbers{};
            numbers.fill(i);
            value.write(numbers);
        }
    });
    int before = 0;
    bool whole = true;
    while (before < last) {
        const auto& numbers = value.read();
        whole = whole && numbers.front() == numbers.back() && numbers[7] == numbers[8];
        whole = whole && numbers.front() >= before;
        before = numbers.front();
    }
    writer.join();
    EXPECT_TRUE(whole);
}

} // namespace
} // namespace keytone::server
