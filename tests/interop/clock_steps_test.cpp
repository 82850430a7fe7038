// SPDX-License-Identifier: MIT
//
// A whole call between two programs whose wall clocks are set all the time: it is like any other.
#include "tests/support/live_peers.hpp"
#include "tests/support/sanitizers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;

TEST(ClockSteps, ACallIsAsWithoutThem) {
    if (KEYTONE_SANITIZER_INTERCEPTS != 0) {
        GTEST_SKIP() << "a sanitizer's library wants to be the first that is loaded";
    }
    const std::vector<std::string> steps{std::string("LD_PRELOAD=") + KEYTONE_STEPPING_CLOCK};
    const int port = free_port();
    constexpr double lasts_s = 10.0;
    // Keys by INFO: with SIP messages within the call its timers are looked at.
    const std::string config = "[sip]\nsession_timer = 90\n[rtp]\nkeys = \"info\"\n";
    LiveServer answers(LiveServer::answering(port), agent_that_presses("*0", 60.0), config, steps);
    const auto begin = std::chrono::steady_clock::now();
    LiveServer calls(LiveServer::calling(port), agent_that_presses("159#", lasts_s), config, steps);
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(answers.exit_code(), 0) << answers.process().errors();
    const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begin;
    EXPECT_GT(lasted.count(), lasts_s);
    EXPECT_LT(lasted.count(), lasts_s + 5.0);

    EXPECT_THAT(values_of(answers.events(), "digit.heard", "digit"),
                testing::ElementsAre("1", "5", "9", "#"));
    EXPECT_THAT(values_of(calls.events(), "digit.heard", "digit"), testing::ElementsAre("*", "0"));
    EXPECT_NE(calls.process().output().find("0 lost, 0 late"), std::string::npos) << calls.process().output();
}

} // namespace
} // namespace keytone::test
