// SPDX-License-Identifier: MIT
//
// Against the published examples.
#include "server/store/secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace keytone::server {
namespace {

TEST(Secret, HashesAsTheStandardsSay) {
    // FIPS 180-2, B.1
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // RFC 4231, 4.3
    EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Secret, IsNeverTheSame) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        EXPECT_TRUE(seen.insert(new_secret("k_")).second);
        const std::string uuid = new_uuid();
        EXPECT_TRUE(seen.insert(uuid).second);
        EXPECT_THAT(uuid, testing::MatchesRegex(
                              "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    }
}

TEST(Secret, IsComparedAsAWhole) {
    EXPECT_TRUE(same_in_constant_time("abc", "abc"));
    EXPECT_TRUE(same_in_constant_time("", ""));
    EXPECT_FALSE(same_in_constant_time("abc", "abd"));
    EXPECT_FALSE(same_in_constant_time("abc", "ab"));
}

} // namespace
} // namespace keytone::server
