// SPDX-License-Identifier: MIT
//
// Encrypted calls: with baresip, which takes its keys by SDP, too, and between two keytone-servers.
#include "tests/support/baresip.hpp"
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string srtp(const std::string& policy) {
    return "[rtp]\nsrtp = \"" + policy + "\"\n";
}

/// Keys in both directions; then the phone hangs up.
void press_and_hear(Baresip& phone, LiveServer& server, bool secured) {
    press_and_hear(phone, server);
    EXPECT_EQ(server.process().output().find("by SRTP:") != std::string::npos, secured)
        << server.process().output();
}

struct Peers {
    const char* keytone;
    const char* baresip; ///< Empty: it has no SRTP.
    bool secured;
};

class WithBaresip : public testing::TestWithParam<Peers> {};

TEST_P(WithBaresip, ThePhoneThatIsCalledHearsKeysAndIsHeard) {
    Baresip phone("phone", "", GetParam().baresip);
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    LiveServer server(LiveServer::calling(phone.port()), agent_that_presses("159#", 60.0),
                      srtp(GetParam().keytone));
    press_and_hear(phone, server, GetParam().secured);
}

TEST_P(WithBaresip, ThePhoneThatCallsHearsKeysAndIsHeard) {
    Baresip phone("phone", "", GetParam().baresip);
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), agent_that_presses("159#", 60.0),
                      srtp(GetParam().keytone));
    phone.command("dial", "sip:keytone@" + on_loopback(port));
    press_and_hear(phone, server, GetParam().secured);
}

INSTANTIATE_TEST_SUITE_P(Srtp, WithBaresip,
                         testing::Values(Peers{"required", "srtp-mand", true},
                                         Peers{"required", "srtp", true}, Peers{"offered", "srtp", true},
                                         Peers{"offered", "", false}));

// The other way round it is refused: a phone that requires it takes only RTP/SAVP.
TEST(Srtp, WhoOffersItTakesAPhoneThatRequiresIt) {
    Baresip phone("phone", "", "srtp-mand");
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), agent_that_presses("159#", 60.0), srtp("offered"));
    phone.command("dial", "sip:keytone@" + on_loopback(port));
    press_and_hear(phone, server, true);
}

TEST(Srtp, APhoneWithoutItIsRefused) {
    Baresip phone("phone");
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), agent_that_presses("1", 60.0), srtp("required"));
    phone.command("dial", "sip:keytone@" + on_loopback(port));
    EXPECT_TRUE(phone.tells("CALL_CLOSED", 10s));
    EXPECT_FALSE(phone.tells("CALL_ESTABLISHED", 10ms));
    server.process().signal(SIGTERM);
    EXPECT_NE(server.exit_code(), 0);
}

TEST(Srtp, APhoneWithoutItIsNotTalkedTo) {
    Baresip phone("phone");
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    LiveServer server(LiveServer::calling(phone.port()), agent_that_presses("1", 60.0), srtp("required"));
    EXPECT_EQ(server.exit_code(), 1) << server.process().output();
    EXPECT_EQ(phone.keys(1, 10ms), "");
}

TEST(Srtp, APhoneThatRequiresItIsRefusedWhereItIsOff) {
    Baresip phone("phone", "", "srtp-mand");
    if (!phone.problem().empty()) {
        GTEST_SKIP() << phone.problem();
    }
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), agent_that_presses("1", 60.0), srtp("off"));
    phone.command("dial", "sip:keytone@" + on_loopback(port));
    EXPECT_TRUE(phone.tells("CALL_CLOSED", 10s));
    server.process().signal(SIGTERM);
    EXPECT_NE(server.exit_code(), 0);
}

TEST(Srtp, TwoServersHearEachOthersKeys) {
    const int port = free_port();
    LiveServer answers(LiveServer::answering(port), agent_that_presses("159#", 60.0), srtp("required"));
    ASSERT_TRUE(is_taken_soon(port));
    LiveServer calls(LiveServer::calling(port), agent_that_presses("*0", 6.0), srtp("required"));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(answers.exit_code(), 0) << answers.process().errors();
    EXPECT_THAT(values_of(calls.events(), "digit.heard", "digit"), ElementsAre("1", "5", "9", "#"));
    EXPECT_THAT(values_of(answers.events(), "digit.heard", "digit"), ElementsAre("*", "0"));
    for (LiveServer* const server : {&answers, &calls}) {
        EXPECT_THAT(server->process().output(), HasSubstr("by SRTP:"));
        EXPECT_THAT(server->process().output(), Not(HasSubstr("forged")));
    }
}

} // namespace
} // namespace keytone::test
