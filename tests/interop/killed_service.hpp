// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/live_peers.hpp"
#include "tests/support/live_service.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <string>

namespace keytone::test {

/// Kills a service so many times, each time at a moment of calls, writes and deliveries that `seed` chooses,
/// and starts it again on its store. At the end each call that was answered has one report, and the store is
/// sound.
inline void kill_often(int times, unsigned seed) {
    ReportedStore store;
    store.receive("none,slow,500,close,none,slow");
    std::mt19937 random(seed);
    std::set<std::string> began;
    std::size_t lost = 0;
    const Service::Setup setup{
        .scenario = Service::stays, .config = store.config(), .options = {"--allow-http-webhooks"}};
    for (int i = 0; i < times; ++i) {
        Service service(setup);
        // Calls of 200 ms, ten at once: the service is killed while some begin, some run and some end.
        Sipp callers = Sipp::calling("caller_basic", service.port(),
                                     {.options = {"-m", "1000", "-l", "10", "-r", "50", "-d", "200"}});
        ASSERT_TRUE(service.says("call.began")) << service.process().errors();
        const auto moment = std::chrono::milliseconds(std::uniform_int_distribution<>(0, 700)(random));
        EXPECT_FALSE(service.process().says("never said", moment)); // It reads meanwhile.
        service.process().signal(SIGKILL);
        EXPECT_EQ(service.process().ends(std::chrono::seconds(10)), -SIGKILL);
        store.listen();
        for (const std::string& session : service.values("call.began", "session")) {
            began.insert(session);
        }
        lost += service.values("call.lost", "call").size();
    }
    Service service(setup);
    EXPECT_TRUE(store.are_delivered(began.size(), std::chrono::seconds(60))) << store.told_states();
    service.end();
    EXPECT_EQ(service.exit_code(), 0) << service.process().errors();
    lost += service.values("call.lost", "call").size();

    const std::set<std::string> reported = store.sessions();
    const auto taken = store.taken(); // It looks that all requests of a session have the same body.
    std::size_t again = 0;
    for (const std::string& session : began) {
        EXPECT_TRUE(reported.contains(session)) << session << " has no report";
    }
    for (const std::string& session : reported) {
        const auto found = taken.find(session);
        ASSERT_NE(found, taken.end()) << session;
        EXPECT_GE(found->second, 1) << session;
        again += found->second > 1 ? 1U : 0U;
    }
    EXPECT_EQ(taken.size(), reported.size()) << "a report of no call";
    // Taken, and not noted before the end came: what receivers tell apart by session_id. At most what was
    // under way at the moment.
    EXPECT_LE(again, static_cast<std::size_t>(8 * times));
    EXPECT_GT(lost, 0U) << "no call was under way at any of the moments";
    testing::Test::RecordProperty("calls", static_cast<int>(reported.size()));
    testing::Test::RecordProperty("lost", static_cast<int>(lost));
    testing::Test::RecordProperty("taken_again", static_cast<int>(again));
}

} // namespace keytone::test
