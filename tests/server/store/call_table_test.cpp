// SPDX-License-Identifier: MIT
#include "server/store/agent_table.hpp"
#include "server/store/call_history.hpp"
#include "server/store/call_table.hpp"
#include "server/store/outbox.hpp"
#include "tests/server/store/store_file.hpp"

#include <gtest/gtest.h>

namespace keytone::server {
namespace {

StoredCall call(const std::string& session, StoredState state = StoredState::begun) {
    StoredCall call;
    call.session = session;
    call.call = "call of " + session;
    call.agent_id = "a1";
    call.agent_name = "ann";
    call.from = "+15550100";
    call.to = "100";
    call.state = state;
    call.began_ms = 1000;
    return call;
}

TEST(CallTable, KeepsACallAsItChanges) {
    test::StoreFile store;
    CallTable calls(store.database);
    StoredCall one = call("s1");
    calls.put(one);
    one.state = StoredState::in_progress;
    one.answered_ms = 2000;
    calls.put(one);
    EXPECT_EQ(store.value("SELECT count(*) FROM calls"), "1");
    const auto found = calls.unreported();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].session, "s1");
    EXPECT_EQ(found[0].call, "call of s1");
    EXPECT_EQ(found[0].agent_id, "a1");
    EXPECT_EQ(found[0].agent_name, "ann");
    EXPECT_EQ(found[0].from, "+15550100");
    EXPECT_EQ(found[0].to, "100");
    EXPECT_EQ(found[0].direction, CallDirection::inbound);
    EXPECT_EQ(found[0].state, StoredState::in_progress);
    EXPECT_EQ(found[0].began_ms, 1000);
    EXPECT_EQ(found[0].answered_ms, 2000);
}

TEST(CallTable, KnowsWhichCallsWereLost) {
    test::StoreFile store;
    CallTable calls(store.database);
    Outbox outbox(store.database);
    calls.put(call("rings"));
    calls.put(call("talks", StoredState::in_progress));
    calls.put(call("was handed on", StoredState::transferred));
    outbox.put("was handed on", "{}", 1);
    calls.put(call("is over", StoredState::ended));
    outbox.put("is over", "{}", 1);
    const auto lost = calls.unreported();
    ASSERT_EQ(lost.size(), 2U);
    EXPECT_EQ(lost[0].session, "rings");
    EXPECT_EQ(lost[1].session, "talks");
    calls.end_all(9000);
    EXPECT_TRUE(calls.unreported().empty());
    EXPECT_EQ(store.value("SELECT count(*) FROM calls WHERE state = 'ended' AND ended_ms = 9000"), "3");
}

TEST(CallTable, NotesThatTheServiceLives) {
    test::StoreFile store;
    CallTable calls(store.database);
    EXPECT_EQ(calls.last_alive(), std::nullopt);
    calls.note_alive(1);
    calls.note_alive(2);
    EXPECT_EQ(calls.last_alive(), 2);
}

TEST(CallTable, ForgetsWhatIsOldWithItsReport) {
    test::StoreFile store;
    CallTable calls(store.database);
    Outbox outbox(store.database);
    for (int i = 0; i < 5; ++i) {
        StoredCall old = call("s" + std::to_string(i), StoredState::ended);
        old.ended_ms = 1000 * i;
        calls.put(old);
        outbox.put(old.session, "{}", 1);
    }
    calls.put(call("lives"));
    EXPECT_EQ(calls.forget_before(3000, 2), 2);
    EXPECT_EQ(calls.forget_before(3000, 2), 1);
    EXPECT_EQ(calls.forget_before(3000, 2), 0);
    EXPECT_EQ(store.value("SELECT group_concat(session) FROM (SELECT session FROM calls ORDER BY session)"),
              "lives,s3,s4");
    EXPECT_EQ(store.value("SELECT count(*) FROM reports"), "2");
}

TEST(CallHistory, FindsACallByEitherName) {
    test::StoreFile store;
    CallTable calls(store.database);
    StoredCall one = call("s1", StoredState::ended);
    one.ended_ms = 3000;
    one.direction = CallDirection::outbound;
    one.variables = R"({"name":"Ada"})";
    calls.put(one);
    one.recording = "s1.wav";
    one.variables = "{}"; // stays as it was
    calls.put(one);
    calls.put(call("s2"));
    const CallHistory history(store.database);
    for (const char* const name : {"s1", "call of s1"}) {
        const auto found = history.find(name);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->call.session, "s1");
        EXPECT_EQ(found->call.state, StoredState::ended);
        EXPECT_EQ(found->call.ended_ms, 3000);
        EXPECT_EQ(found->call.direction, CallDirection::outbound);
        EXPECT_EQ(found->call.variables, R"({"name":"Ada"})");
        EXPECT_EQ(found->call.recording, "s1.wav");
        EXPECT_EQ(found->status, "");
    }
    EXPECT_FALSE(history.find("s3"));
    EXPECT_FALSE(history.find("' OR 1=1 --"));
    Outbox(store.database).put("s1", R"({"data":{"call":{"status":"busy","disposition":"canceled"}}})", 1);
    EXPECT_EQ(history.find("s1")->status, "busy");
    EXPECT_EQ(history.find("s1")->disposition, "canceled");
    EXPECT_EQ(history.list({.status = "busy"}).size(), 1U);
    EXPECT_EQ(history.list({.status = "failed"}).size(), 0U);
}

TEST(CallHistory, ListsTheNewestFirst) {
    test::StoreFile store;
    CallTable calls(store.database);
    for (int i = 0; i < 5; ++i) {
        StoredCall one = call("s" + std::to_string(i), i % 2 == 0 ? StoredState::ended : StoredState::begun);
        one.began_ms = 1000 * i;
        calls.put(one);
    }
    const CallHistory history(store.database);
    const auto names = [](const std::vector<PastCall>& found) {
        std::string text;
        for (const PastCall& one : found) {
            text += one.call.session;
        }
        return text;
    };
    EXPECT_EQ(names(history.list({.most = 10})), "s4s3s2s1s0");
    EXPECT_EQ(names(history.list({.most = 2})), "s4s3");
    EXPECT_EQ(names(history.list({.most = 2, .before_ms = 3000})), "s2s1");
    EXPECT_EQ(names(history.list({.most = 10, .state = "ended"})), "s4s2s0");
    EXPECT_EQ(stored_state("in_progress"), StoredState::in_progress);
    EXPECT_EQ(stored_state("dances"), std::nullopt);
}

TEST(CallTable, KeepsWhatHappenedUntilTheCallIsForgotten) {
    test::StoreFile store;
    CallTable calls(store.database);
    StoredCall one = call("s1", StoredState::ended);
    one.ended_ms = 1;
    calls.put(one);
    EXPECT_EQ(calls.events("s1"), std::nullopt);
    calls.put_events("s1", "{}\n");
    calls.put_events("s1", "{}\n{}\n");
    EXPECT_EQ(calls.events("s1"), "{}\n{}\n");
    EXPECT_THROW(calls.put_events("s2", "{}\n"), StoreError);
    EXPECT_EQ(calls.forget_before(2, 10), 1);
    EXPECT_EQ(store.value("SELECT count(*) FROM call_events"), "0");
}

TEST(AgentTable, KeepsAgentsAsTheyChange) {
    test::StoreFile store;
    AgentTable agents(store.database);
    EXPECT_TRUE(agents.put({"ann", "Ann", "{}", 1, 1}));
    EXPECT_TRUE(agents.put({"bob", "Bob", "{}", 2, 2}));
    EXPECT_TRUE(agents.put({"ann", "Anna", R"({"shape":"twilio"})", 3, 3}));
    const auto ann = agents.find("ann");
    ASSERT_TRUE(ann);
    EXPECT_EQ(ann->name, "Anna");
    EXPECT_EQ(ann->settings, R"({"shape":"twilio"})");
    EXPECT_EQ(ann->created_ms, 1);
    EXPECT_EQ(ann->updated_ms, 3);
    EXPECT_FALSE(agents.find("eve"));
    const auto all = agents.list();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].id, "bob");
}

TEST(AgentTable, HasABound) {
    test::StoreFile store;
    AgentTable agents(store.database);
    store.database.run(("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                        std::to_string(AgentTable::most) +
                        ") INSERT INTO agents SELECT 'a' || i, '', '{}', 0, 0 FROM n")
                           .c_str());
    EXPECT_FALSE(agents.put({"one more", "", "{}", 1, 1}));
    EXPECT_TRUE(agents.put({"a1", "Ann", "{}", 1, 1}));
}

} // namespace
} // namespace keytone::server
