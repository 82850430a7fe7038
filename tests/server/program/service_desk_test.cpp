// SPDX-License-Identifier: MIT
//
// The desk between two threads, and what it keeps count of.
#include "server/program/awaited_replies.hpp"
#include "server/program/placement_limits.hpp"
#include "server/program/service_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;

CallView view(const std::string& call, const std::string& state) {
    CallView view;
    view.names = {call, "session of " + call, "ann", "+1", "+2"};
    view.state = state;
    return view;
}

TEST(ServiceDesk, HandsOrdersToTheControlThreadInTheirOrder) {
    int woken = 0;
    ServiceDesk desk(7, [&woken] { ++woken; });
    EXPECT_FALSE(desk.is_busy());
    std::vector<std::string> replies;
    const auto note = [&replies](const Result<CallNames, ApiFault>& reply) {
        replies.push_back(reply ? reply->call : reply.error().code);
    };
    desk.start({"ann", "+15550100", "sip", ""}, note);
    desk.end("c1", true, note);
    EXPECT_EQ(woken, 2);
    EXPECT_TRUE(desk.is_busy());
    auto first = desk.next();
    ASSERT_TRUE(first);
    auto& start = std::get<ServiceDesk::Start>(*first);
    EXPECT_EQ(start.start.agent_id, "ann");
    start.reply(CallNames{"c2", "", "", "", ""});
    auto second = desk.next();
    ASSERT_TRUE(second);
    EXPECT_TRUE(std::get<ServiceDesk::End>(*second).is_drained);
    EXPECT_FALSE(desk.next());
    EXPECT_FALSE(desk.is_busy());
    desk.transfer("c1", "+15550100", note);
    desk.close(); // What waits and what comes is answered.
    desk.end("c1", false, note);
    EXPECT_EQ(replies, (std::vector<std::string>{"c2", "ending", "ending"}));
}

TEST(ServiceDesk, TakesSoManyOrdersAtOnce) {
    ServiceDesk desk(1, [] {});
    int refused = 0;
    for (std::size_t i = 0; i < ServiceDesk::most_waiting + 3; ++i) {
        desk.submit("c", "{}", [&refused](const Result<std::string, ApiFault>& reply) {
            refused += !reply && reply.error().code == "busy" ? 1 : 0;
        });
    }
    EXPECT_EQ(refused, 3);
    desk.close();
}

TEST(ServiceDesk, ShowsCallsByEitherName) {
    ServiceDesk desk(7, [] {});
    const auto events = std::make_shared<CallEvents>();
    events->add("{}");
    desk.put(view("c1", "ringing"), events);
    desk.put(view("c1", "in_progress"), events);
    desk.put(view("c2", "ringing"), nullptr);
    desk.count(2);
    EXPECT_EQ(desk.counts().active, 2U);
    EXPECT_EQ(desk.counts().most, 7U);
    EXPECT_EQ(desk.list().size(), 2U);
    for (const char* const name : {"c1", "session of c1"}) {
        ASSERT_TRUE(desk.find(name)) << name;
        EXPECT_EQ(desk.find(name)->state, "in_progress");
        EXPECT_EQ(desk.events(name)->text(), "{}\n");
    }
    EXPECT_FALSE(desk.find("c3"));
    EXPECT_EQ(desk.events("c3"), nullptr);
    CallView over = view("c1", "ended");
    over.ended_ms = 5;
    desk.put(over, events);
    desk.forget_old();
    EXPECT_EQ(desk.find("c1")->state, "ended") << "for a while";
    // Of many that have ended the oldest are forgotten.
    for (std::size_t i = 0; i < ServiceDesk::most_kept; ++i) {
        CallView another = view("x" + std::to_string(i), "ended");
        another.ended_ms = 6;
        desk.put(another, nullptr);
    }
    desk.forget_old();
    EXPECT_FALSE(desk.find("c1"));
    EXPECT_FALSE(desk.find("session of c1"));
    EXPECT_TRUE(desk.find("c2")) << "it lives";
}

TEST(CallEvents, HaveABoundAndAnEnd) {
    CallEvents events;
    events.add("1");
    events.add("2");
    EXPECT_EQ(events.from(1, 9), (std::pair<std::vector<std::string>, bool>{{"2"}, false}));
    events.add(std::string(CallEvents::most_bytes, 'x'));
    events.close();
    events.add("3"); // too late
    EXPECT_EQ(events.from(0, 1), (std::pair<std::vector<std::string>, bool>{{"1"}, false}));
    EXPECT_EQ(events.from(0, 9), (std::pair<std::vector<std::string>, bool>{{"1", "2"}, true}));
    EXPECT_EQ(events.from(7, 9), (std::pair<std::vector<std::string>, bool>{{}, true}));
    EXPECT_EQ(events.text(), "1\n2\n");
    EXPECT_EQ(events.bytes(), 2U);
}

TEST(PlacementLimits, AreOfEachAgent) {
    PlacementLimits limits(2, 3);
    AgentProfile ann;
    ann.stored.id = "ann";
    AgentProfile bob;
    bob.stored.id = "bob";
    bob.max_calls = 1;
    bob.calls_per_minute = 1000; // no more than the configuration's
    const auto now = PlacementLimits::Clock::now();
    EXPECT_FALSE(limits.take(ann, now));
    EXPECT_FALSE(limits.take(ann, now));
    EXPECT_EQ(limits.take(ann, now)->status, 429) << "two at once";
    limits.give_back("ann");
    EXPECT_FALSE(limits.take(ann, now + 1s));
    limits.give_back("ann");
    limits.give_back("ann");
    EXPECT_THAT(limits.take(ann, now + 59s)->message, testing::HasSubstr("3 calls within a minute"));
    EXPECT_FALSE(limits.take(ann, now + 60s));
    EXPECT_FALSE(limits.take(bob, now));
    EXPECT_THAT(limits.take(bob, now)->message, testing::HasSubstr("has 1 calls at once"));
    for (int i = 1; i < 3; ++i) {
        limits.give_back("bob");
        EXPECT_FALSE(limits.take(bob, now));
    }
    limits.give_back("bob");
    EXPECT_EQ(limits.take(bob, now)->status, 429);
    limits.give_back("nobody");
}

Outcome outcome(const std::string& id) {
    Outcome made{};
    made.id = id;
    return made;
}

TEST(AwaitedReplies, ComeOnce) {
    AwaitedReplies replies;
    std::vector<std::string> said;
    const auto names = [&said](const Result<CallNames, ApiFault>& reply) {
        said.push_back(reply ? reply->call : std::to_string(reply.error().status) + " " + reply.error().code);
    };
    const CallNames call{"c1", "s1", "", "", ""};
    replies.await_response("t1", call, names);
    replies.await_response("t2", call, names);
    replies.await_acceptance("e1", call, names);
    replies.await_line("f1", [&said](const Result<std::string, ApiFault>& reply) {
        said.push_back(reply ? *reply : reply.error().code);
    });
    Outcome accepted = outcome("t1");
    accepted.what = ActionAccepted{};
    replies.take(accepted, "a"); // It is not the answer.
    EXPECT_TRUE(said.empty());
    Outcome queued = outcome("t1");
    queued.what = TransferResponse{200, "Call transferred"};
    replies.take(queued, "");
    replies.take(queued, "");
    Outcome rejected = outcome("t2");
    rejected.what = ActionRejected{{Code::not_allowed, "no"}, std::nullopt};
    replies.take(rejected, "");
    Outcome refused = outcome("t2");
    refused.what = TransferResponse{400, "no"};
    replies.take(refused, "");
    accepted.id = "f1";
    replies.take(accepted, "the line");
    replies.close();
    replies.close();
    EXPECT_EQ(said, (std::vector<std::string>{"c1", "400 not_allowed", "the line", "400 call_over"}));
}

} // namespace
} // namespace keytone::server
