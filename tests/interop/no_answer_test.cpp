// SPDX-License-Identifier: MIT
//
// Far sides that say nothing, or nothing more: each call has its end. Half a minute each.
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class NoAnswer : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto problem = Sipp::problem(); !problem.empty()) {
            GTEST_SKIP() << problem;
        }
    }
};

/// The agent hands the caller over in this way, and ends the call when that has failed.
std::string hands_over(const std::string& method) {
    return R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"type":"based_call","id":"t1","name":"transfer","args":["+15305550100")" +
           method + R"(]}
{"at":34.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";
}

// RFC 3261, 17.1.1.2: timer B, 32 s.
TEST_F(NoAnswer, WhereNobodyIs) {
    LiveServer server(LiveServer::calling(free_port()), hands_over(""));
    EXPECT_EQ(server.exit_code(), 1);
    EXPECT_THAT(server.process().errors(), HasSubstr("nobody answered"));
}

TEST_F(NoAnswer, ToAReferThatIsAccepted) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), hands_over(R"(,{"sip_method":"refer"})"));
    Sipp caller = Sipp::calling("caller_tells_nothing", port, {.longest = 60s});
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_THAT(values_of(server.events(), "action.completed", "id"), ElementsAre("e1"));
    EXPECT_THAT(values_of(server.events(), "action.failed", "code"), ElementsAre("refer_no_notify"));
}

TEST_F(NoAnswer, OfAPhoneThatRings) {
    const int port = free_port();
    const int phone_port = free_port();
    Sipp phone = Sipp::phone("phone_rings", phone_port, {.options = {"-m", "1"}, .longest = 60s});
    auto command = LiveServer::answering(port);
    command.insert(command.end(), {"--trunk", on_loopback(phone_port)});
    LiveServer server(command, hands_over(""));
    Sipp caller = Sipp::calling("caller_waits", port, {.longest = 60s});
    EXPECT_EQ(phone.exit_code(), 0); // It was sent CANCEL.
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_THAT(values_of(server.events(), "action.completed", "id"), ElementsAre("e1"));
    EXPECT_THAT(values_of(server.events(), "action.failed", "code"), ElementsAre("no_answer"));
}

} // namespace
} // namespace keytone::test
