// SPDX-License-Identifier: MIT
#include "bench/live/netstring.hpp"

#include <gtest/gtest.h>

namespace keytone::bench {
namespace {

TEST(Netstring, IsTakenOnceItIsWhole) {
    std::string came = "5:hello,0:,12:hel";
    EXPECT_EQ(take_netstring(came), "hello");
    EXPECT_EQ(take_netstring(came), "");
    EXPECT_EQ(take_netstring(came), std::nullopt);
    came += "lo, world";
    EXPECT_EQ(take_netstring(came), std::nullopt) << "without its comma";
    came += ",3";
    EXPECT_EQ(take_netstring(came), "hello, world");
    EXPECT_EQ(take_netstring(came), std::nullopt);
    EXPECT_EQ(came, "3");
}

TEST(Netstring, OfAnyLengthIsWaitedFor) {
    std::string came = "18446744073709551615:hello,";
    EXPECT_EQ(take_netstring(came), std::nullopt);
}

} // namespace
} // namespace keytone::bench
