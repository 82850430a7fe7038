// SPDX-License-Identifier: MIT
#include "server/store/secret.hpp"
#include "server/store/token_table.hpp"
#include "tests/server/store/store_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytone::server {
namespace {

TEST(TokenTable, KnowsATokenByItsHashAlone) {
    test::StoreFile store;
    TokenTable tokens(store.database);
    std::string fault;
    const auto ada = tokens.create("ada", 1000, fault);
    const auto bob = tokens.create("bob", 1000, fault);
    ASSERT_TRUE(ada && bob) << fault;
    EXPECT_THAT(*ada, testing::MatchesRegex("kt_live_[0-9a-f]{64}"));
    EXPECT_EQ(tokens.name_of(*ada), "ada");
    EXPECT_EQ(tokens.name_of(*bob), "bob");
    EXPECT_EQ(store.value("SELECT hash FROM tokens WHERE name = 'ada'"), sha256_hex(*ada));
    for (const std::string& wrong : {std::string(), std::string("kt_live_"), *ada + "0",
                                     ada->substr(0, ada->size() - 1), sha256_hex(*ada)}) {
        EXPECT_EQ(tokens.name_of(wrong), std::nullopt) << wrong;
    }
}

TEST(TokenTable, TakesATokenBack) {
    test::StoreFile store;
    TokenTable tokens(store.database);
    std::string fault;
    const auto ada = tokens.create("ada", 1000, fault);
    ASSERT_TRUE(ada);
    EXPECT_FALSE(tokens.create("ada", 1000, fault));
    EXPECT_EQ(fault, "there is a token of that name: revoke it first, or choose another name");
    EXPECT_EQ(tokens.list().size(), 1U);
    EXPECT_TRUE(tokens.revoke("ada"));
    EXPECT_FALSE(tokens.revoke("ada"));
    EXPECT_EQ(tokens.name_of(*ada), std::nullopt);
}

TEST(TokenTable, HasABound) {
    test::StoreFile store;
    TokenTable tokens(store.database);
    std::string fault;
    for (std::size_t i = 0; i < TokenTable::most; ++i) {
        EXPECT_TRUE(tokens.create("t" + std::to_string(i), 1, fault));
    }
    EXPECT_FALSE(tokens.create("one more", 1, fault));
    EXPECT_EQ(fault, "there are 100 tokens already: revoke one");
}

} // namespace
} // namespace keytone::server
