// SPDX-License-Identifier: MIT
#include "server/store/agent_table.hpp"
#include "server/store/call_history.hpp"
#include "server/store/call_table.hpp"
#include "server/store/outbox.hpp"
#include "server/store/schema.hpp"
#include "tests/server/store/store_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytone::server {
namespace {

TEST(Schema, BringsAnOlderFileUpWithAllThatIsInIt) {
    test::StoreFile store(1);
    store.database.run(
        "INSERT INTO calls VALUES('s1', 'c1', 'a', 'A', '+1', '+2', 'inbound', 'in_progress', 1000, 2000, "
        "NULL);"
        "INSERT INTO calls VALUES('s2', 'c2', 'a', 'A', '+1', '+2', 'inbound', 'ended', 1000, 2000, 3000);"
        "INSERT INTO reports VALUES(7, 's2', 3000, '{}');"
        "INSERT INTO endpoints(id, label, url, secret, enabled, created_ms, updated_ms)"
        " VALUES(1, 'crm', 'https://x', 'k', 1, 1, 1);"
        "INSERT INTO deliveries VALUES(7, 1, 'pending', 2, 4000, '500')");
    EXPECT_EQ(store.value("PRAGMA user_version"), "1");
    {
        Database other(store.database.path());
        migrate(other);
        migrate(other); // does nothing
    }
    EXPECT_EQ(store.value("PRAGMA user_version"), std::to_string(schema_version));
    CallTable calls(store.database);
    const auto unreported = calls.unreported();
    ASSERT_EQ(unreported.size(), 1U);
    EXPECT_EQ(unreported.front().session, "s1");
    calls.note_alive(5000); // of the second version
    EXPECT_EQ(calls.last_alive(), 5000);
    const auto due = Outbox(store.database).due(1, 4000, 9000, 10);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due.front().attempts, 2);
}

TEST(Schema, OfTheSecondVersionKeepsItsCallsAndLearnsOfAgents) {
    test::StoreFile store(2);
    store.database.run(
        "INSERT INTO calls VALUES('s1', 'c1', 'a', 'A', '+1', '+2', 'outbound', 'ended', 1000, 2000, 3000)");
    migrate(store.database);
    const auto found = CallHistory(store.database).find("c1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->call.session, "s1");
    EXPECT_EQ(found->call.direction, CallDirection::outbound);
    EXPECT_EQ(found->call.variables, "");
    EXPECT_EQ(found->call.recording, "");
    EXPECT_EQ(CallTable(store.database).events("s1"), std::nullopt);
    EXPECT_TRUE(AgentTable(store.database).put({"a", "A", "{}", 1, 1}));
    store.database.run("INSERT INTO secrets VALUES('recordings', 'k')");
}

TEST(Schema, DoesNotTouchAFileOfANewerProgram) {
    test::StoreFile store;
    store.database.run("PRAGMA user_version = 1000");
    try {
        migrate(store.database);
        FAIL();
    } catch (const StoreError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("was written by a newer keytone-server (version 1000"));
    }
    EXPECT_EQ(store.value("PRAGMA user_version"), "1000");
}

TEST(Schema, AllowsOneReportForACall) {
    test::StoreFile store;
    store.database.run(
        "INSERT INTO calls VALUES('s1', 'c1', 'a', 'A', '+1', '+2', 'inbound', 'ended', 1000, 2000, 3000, '',"
        " '');"
        "INSERT INTO reports VALUES(1, 's1', 3000, '{}')");
    EXPECT_THROW(store.database.run("INSERT INTO reports VALUES(2, 's1', 3000, '{}')"), StoreError);
    EXPECT_THROW(store.database.run("INSERT INTO reports VALUES(3, 'nobody', 3000, '{}')"), StoreError);
}

} // namespace
} // namespace keytone::server
