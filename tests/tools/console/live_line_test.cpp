// SPDX-License-Identifier: MIT
#include "tools/console/live_line.hpp"

#include <gtest/gtest.h>

namespace keytone::tools {
namespace {

TEST(LiveLine, IsWrittenOverWhenItChanges) {
    LiveLine line;
    EXPECT_EQ(line.clear(), "");
    EXPECT_EQ(line.update("level 1", 80), "\rlevel 1");
    EXPECT_EQ(line.update("level 1", 80), "");
    EXPECT_EQ(line.update("level 2", 80), "\rlevel 2");
    EXPECT_EQ(line.update("off", 80), "\r       \r\roff");
    EXPECT_EQ(line.clear(), "\r   \r");
    EXPECT_EQ(line.clear(), "");
    EXPECT_EQ(line.update("off", 80), "\roff");
}

TEST(LiveLine, LeavesTheLastColumnFree) {
    LiveLine line;
    EXPECT_EQ(line.update("123456789", 6), "\r12345");
    EXPECT_EQ(line.update("12345", 6), "");
    EXPECT_EQ(LiveLine().update("1", 1), "");
    EXPECT_EQ(LiveLine().update("1", 0), "");
}

} // namespace
} // namespace keytone::tools
