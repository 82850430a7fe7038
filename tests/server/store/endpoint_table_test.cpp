// SPDX-License-Identifier: MIT
#include "server/store/endpoint_table.hpp"
#include "tests/server/store/store_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytone::server {
namespace {

TEST(EndpointTable, ShowsASecretOnce) {
    test::StoreFile store;
    EndpointTable endpoints(store.database);
    std::string fault;
    const auto secret = endpoints.add("crm", "https://crm.example/x", 1000, fault);
    ASSERT_TRUE(secret) << fault;
    EXPECT_THAT(*secret, testing::MatchesRegex("whsec_[0-9a-f]{64}"));
    const auto list = endpoints.list();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].label, "crm");
    EXPECT_EQ(list[0].url, "https://crm.example/x");
    EXPECT_TRUE(list[0].enabled);
    EXPECT_EQ(list[0].last_ms, std::nullopt);
    const auto other = endpoints.rotate("crm", 2000);
    ASSERT_TRUE(other);
    EXPECT_NE(*other, *secret);
    EXPECT_EQ(store.value("SELECT secret FROM endpoints"), *other);
    EXPECT_EQ(endpoints.list()[0].updated_ms, 2000);
}

TEST(EndpointTable, HasFiveLabelsAtMost) {
    test::StoreFile store;
    EndpointTable endpoints(store.database);
    std::string fault;
    for (std::size_t i = 0; i < EndpointTable::most; ++i) {
        EXPECT_TRUE(endpoints.add("e" + std::to_string(i), "https://x.example", 1, fault));
    }
    EXPECT_FALSE(endpoints.add("e0", "https://x.example", 1, fault));
    EXPECT_EQ(fault, "there is an endpoint of that label: remove it first, or choose another label");
    EXPECT_FALSE(endpoints.add("e9", "https://x.example", 1, fault));
    EXPECT_EQ(fault, "there are 5 endpoints already: remove one");
    EXPECT_TRUE(endpoints.remove("e0"));
    EXPECT_FALSE(endpoints.remove("e0"));
    EXPECT_FALSE(endpoints.rotate("e0", 1));
    EXPECT_TRUE(endpoints.add("e9", "https://x.example", 1, fault));
}

TEST(EndpointTable, KnowsALabel) {
    for (const char* const label : {"a", "0", "crm-2", "abcdefghijklmnopqrstuvwxyz01234"}) {
        EXPECT_TRUE(EndpointTable::is_label(label)) << label;
    }
    for (const char* const label : {"", "-a", "A", "a b", "a_b", "ä", "abcdefghijklmnopqrstuvwxyz012345"}) {
        EXPECT_FALSE(EndpointTable::is_label(label)) << label;
    }
}

} // namespace
} // namespace keytone::server
