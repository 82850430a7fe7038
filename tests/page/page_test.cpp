// SPDX-License-Identifier: MIT
//
// A person at the page, in Chromium: page_test.mjs beside a server that replays a call. The same script takes
// the address and the token of any server.
#include "tests/support/background_process.hpp"
#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* folder = KEYTONE_ROOT "/tests/page/";
constexpr const char* token = "rg_live_test";

bool can_run(const std::string& program) {
    return run_child("/usr/bin/env", {"which", program}).exit_code == 0;
}

TEST(Page, ShowsACallFromItsRingingToItsReport) {
    if (!can_run("node") || !(can_run("chromium-headless-shell") || can_run("chromium"))) {
        GTEST_SKIP() << "node and chromium-headless-shell are not both installed";
    }
    BackgroundProcess server({"node", std::string(folder) + "mock_server.mjs", "0", token});
    ASSERT_TRUE(server.says("\n", 20s)) << server.errors();
    const std::string port = server.output().substr(server.output().find(' ') + 1);
    const std::string address = "http://127.0.0.1:" + port.substr(0, port.find('\n'));
    const auto seen = run_child(
        "/usr/bin/env", {"node", std::string(folder) + "page_test.mjs", address, token, KEYTONE_PICTURES});
    EXPECT_EQ(seen.exit_code, 0) << seen.output << seen.errors << server.errors();
}

} // namespace
} // namespace keytone::test
