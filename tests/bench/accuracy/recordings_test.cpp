// SPDX-License-Identifier: MIT
#include "bench/accuracy/recordings.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::accuracy {
namespace {

TEST(Recordings, AThirdIsHeldOut) {
    int held_out = 0;
    constexpr int names = 3000;
    for (int i = 0; i < names; ++i) {
        held_out += is_held_out("prompt-" + std::to_string(i) + ".wav") ? 1 : 0;
    }
    EXPECT_NEAR(held_out, names / 3, 150);
}

// The parts must never change: what a receiver was tuned with would leak into what it is tested with. The
// FNV-1a hash of "a" is AF63DC4C8601EC8C (its authors' test vectors).
TEST(Recordings, ThePartsStay) {
    EXPECT_EQ(is_held_out("a"), 0xAF63DC4C8601EC8CULL % 3 == 0);
    EXPECT_EQ(is_held_out(""), 0xCBF29CE484222325ULL % 3 == 0);
    EXPECT_EQ(is_held_out("foobar"), 0x85944171F73967E8ULL % 3 == 0);
}

TEST(Recordings, NoFolderNoRecordings) {
    EXPECT_TRUE(read_recordings("/nonexistent/folder").empty());
}

} // namespace
} // namespace keytone::accuracy
