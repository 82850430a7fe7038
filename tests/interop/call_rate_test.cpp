// SPDX-License-Identifier: MIT
//
// 200 calls a second for a minute, by sipp: each is answered, and ended.
#include "tests/support/live_peers.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <string>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;

TEST(CallRate, TwoHundredCallsASecondAreAnswered) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    const int port = free_port();
    BackgroundProcess agent({KEYTONE_AGENT, std::to_string(port)});
    ASSERT_TRUE(agent.says("answering", 10s)) << agent.errors();
    const TemporaryFolder folder;
    BackgroundProcess callers({"sipp",
                               "-sf",
                               std::string(KEYTONE_SIPP) + "/caller_basic.xml",
                               "-i",
                               "127.0.0.1",
                               "-p",
                               std::to_string(free_port()),
                               "-mp",
                               std::to_string(free_port()),
                               "-s",
                               "keytone",
                               on_loopback(port),
                               "-r",
                               "200",
                               "-m",
                               "12000",
                               "-nostdin",
                               "-timeout",
                               "120",
                               "-timeout_error",
                               "-trace_err",
                               "-error_file",
                               folder.file("errors")});
    EXPECT_EQ(callers.ends(150s), 0) << folder.read("errors").substr(0, 4000); // No call failed.
    agent.signal(SIGTERM);
    EXPECT_EQ(agent.ends(30s), 0) << agent.errors();
}

} // namespace
} // namespace keytone::test
