// SPDX-License-Identifier: MIT
#include "server/store/endpoint_table.hpp"
#include "server/store/outbox.hpp"
#include "tests/server/store/store_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytone::server {
namespace {

class TheOutbox : public testing::Test {
  protected:
    void call(const std::string& session) {
        StoredCall stored;
        stored.session = session;
        stored.call = "call-" + session;
        stored.state = StoredState::ended;
        CallTable(store_.database).put(stored);
    }
    void endpoint(const std::string& label) {
        std::string fault;
        ASSERT_TRUE(EndpointTable(store_.database).add(label, "https://" + label + ".example", 1, fault))
            << fault;
    }
    std::vector<DueDelivery> due(std::int64_t endpoint, UnixMs now) {
        return outbox_.due(endpoint, now, now + 3'600'000, 10);
    }

    test::StoreFile store_;
    Outbox outbox_{store_.database};
};

TEST_F(TheOutbox, HasADeliveryForEachEndpoint) {
    endpoint("one");
    endpoint("two");
    call("s");
    EXPECT_TRUE(outbox_.put("s", "{\"a\":1}", 1000));
    EXPECT_FALSE(outbox_.put("s", "{\"a\":2}", 1000)) << "a call has one report";
    EXPECT_THAT(outbox_.endpoints(), testing::SizeIs(2));
    for (const std::int64_t each : outbox_.endpoints()) {
        const auto found = due(each, 1000);
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].call, "call-s");
        EXPECT_EQ(found[0].body, "{\"a\":1}");
        EXPECT_EQ(found[0].url, "https://" + found[0].label + ".example");
        EXPECT_THAT(found[0].secret, testing::StartsWith("whsec_"));
        EXPECT_EQ(found[0].attempts, 0);
        EXPECT_TRUE(due(each, 999).empty());
    }
}

TEST_F(TheOutbox, NotesWhatBecameOfAnAttempt) {
    endpoint("one");
    call("s");
    outbox_.put("s", "{}", 1000);
    const DeliveryId id = due(1, 1000).at(0).id;
    outbox_.note(id, false, "500", 3000, 2000);
    EXPECT_TRUE(due(1, 2999).empty());
    ASSERT_EQ(due(1, 3000).size(), 1U);
    EXPECT_EQ(due(1, 3000)[0].attempts, 1);
    outbox_.note(id, true, "200", std::nullopt, 3100);
    EXPECT_TRUE(outbox_.endpoints().empty());
    const auto list = outbox_.list(10);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].state, "delivered");
    EXPECT_EQ(list[0].attempts, 2);
    EXPECT_EQ(list[0].outcome, "200");
    const auto endpoints = EndpointTable(store_.database).list();
    EXPECT_EQ(endpoints.at(0).last_ms, 3100);
    EXPECT_EQ(endpoints.at(0).last_status, "200");
}

TEST_F(TheOutbox, IsNotHeldUpByAClockThatWasSetBack) {
    endpoint("one");
    call("s");
    outbox_.put("s", "{}", 100'000'000);
    EXPECT_EQ(outbox_.due(1, 1000, 1000 + 3'600'000, 10).size(), 1U);
    EXPECT_TRUE(outbox_.due(1, 99'000'000, 99'000'000 + 3'600'000, 10).empty());
}

TEST_F(TheOutbox, SendsAgainWhatIsAskedFor) {
    endpoint("one");
    for (const char* const session : {"a", "b", "c"}) {
        call(session);
        outbox_.put(session, "{}", 1000);
    }
    outbox_.note({1, 1}, true, "200", std::nullopt, 1000);
    outbox_.note({2, 1}, false, "no answer", std::nullopt, 1000);
    EXPECT_EQ(outbox_.list(10)[1].state, "failed");
    EXPECT_EQ(outbox_.resend_failed(5000), 1);
    auto found = due(1, 5000);
    ASSERT_EQ(found.size(), 2U); // b again, c still
    EXPECT_EQ(found[1].id.report, 2);
    EXPECT_EQ(found[1].attempts, 0);
    EXPECT_TRUE(outbox_.resend(1, 6000));
    EXPECT_EQ(due(1, 6000).size(), 3U);
    EXPECT_FALSE(outbox_.resend(99, 6000));
}

TEST_F(TheOutbox, KeepsAReportThatNobodyWants) {
    call("s");
    outbox_.put("s", "{}", 1000);
    ASSERT_EQ(outbox_.list(10).size(), 1U);
    EXPECT_EQ(outbox_.list(10)[0].state, "no endpoint");
    endpoint("late");
    EXPECT_TRUE(outbox_.endpoints().empty());
    EXPECT_EQ(outbox_.resend_failed(2000), 1);
    EXPECT_EQ(due(1, 2000).size(), 1U);
}

TEST_F(TheOutbox, ForgetsTheDeliveriesOfAnEndpointThatIsRemoved) {
    endpoint("one");
    call("s");
    outbox_.put("s", "{}", 1000);
    EXPECT_TRUE(EndpointTable(store_.database).remove("one"));
    EXPECT_TRUE(outbox_.endpoints().empty());
    outbox_.note({1, 1}, true, "200", std::nullopt, 1000); // It was under way.
    EXPECT_EQ(outbox_.list(10).at(0).state, "no endpoint");
}

} // namespace
} // namespace keytone::server
