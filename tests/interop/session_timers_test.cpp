// SPDX-License-Identifier: MIT
//
// Two minutes of a call whose session has to be refreshed every 90 s: it does not end for lack of a refresh.
#include "tests/support/live_peers.hpp"

#include <gtest/gtest.h>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;

TEST(SessionTimers, AreRefreshedThreeTimes) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    const int port = free_port();
    Sipp phone = Sipp::phone("phone_counts_refreshes", port, {.options = {"-m", "1"}, .longest = 200s});
    LiveServer server(LiveServer::calling(port), R"({"v":1,"call":"c","rate":8000})",
                      "[sip]\nlisten = \"127.0.0.1:0\"\nsession_timer = 90\n");
    EXPECT_EQ(phone.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
}

} // namespace
} // namespace keytone::test
