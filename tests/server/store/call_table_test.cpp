// SPDX-License-Identifier: MIT
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

} // namespace
} // namespace keytone::server
