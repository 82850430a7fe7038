// SPDX-License-Identifier: MIT
//
// Calls with sipp, an independent program: as a caller of `keytone-server answer`, and as the phone that
// `keytone-server call` calls. Each scenario in sipp/ states what sipp sends, and what it accepts.
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The agent does nothing: the far side ends the call.
constexpr const char* stays = R"({"v":1,"call":"c","rate":8000}
)";
/// The agent ends the call soon after the answer.
constexpr const char* ends_soon = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"type":"based_call","id":"b1","name":"end_call","args":[{"mode":"immediate"}]}
)";
constexpr const char* with_password = R"([sip]
listen = "127.0.0.1:0"
user = "ada"
password = "s3cret"
session_timer = 90
)";
constexpr const char* no_packet = "Leg a by RTP:    0 packets in";

class WithSipp : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto problem = Sipp::problem(); !problem.empty()) {
            GTEST_SKIP() << problem;
        }
    }
};

/// The states of leg a, in order.
std::vector<std::string> states(const LiveServer& server) {
    return values_of(server.events(), "leg.changed", "state");
}

class Callers : public WithSipp, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(, Callers,
                         testing::Values("caller_basic", "caller_hold", "caller_update", "caller_timer",
                                         "caller_timer_of_proxy", "caller_options_within",
                                         "caller_late_offer", "caller_refers", "caller_refuses_change"),
                         [](const auto& row) { return std::string(row.param); });

TEST_P(Callers, AreAnsweredAndHangUp) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays);
    Sipp caller = Sipp::calling(GetParam(), port);
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_THAT(states(server), ElementsAre("answered", "ended"));
    EXPECT_EQ(values_of(server.events(), "session.completed", "call").size(), 1U);
    EXPECT_THAT(server.process().output(), Not(HasSubstr(no_packet))); // sipp echoes the packets
}

TEST_F(WithSipp, KeysByInfoAreHeard) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays);
    EXPECT_EQ(Sipp::calling("caller_info", port).exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_THAT(values_of(server.events(), "digit.heard", "digit"), ElementsAre("5", "#"));
}

TEST_F(WithSipp, KeysGoOutByInfo) {
    const int port = free_port();
    Sipp phone = Sipp::phone("phone_hears_info", port, {.options = {"-m", "1"}});
    LiveServer server(LiveServer::calling(port), R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.2,"type":"based_call","id":"k1","name":"click_ivr","args":["42",{"sensitive":true}]}
{"at":1.2,"type":"based_call","id":"e1","name":"end_call","args":[]}
)",
                      "[rtp]\nkeys = \"info\"\n");
    EXPECT_EQ(phone.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
}

TEST_F(WithSipp, ACallerByTcpIsAnswered) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays);
    Sipp caller = Sipp::calling("caller_basic", port, {.options = {"-t", "t1"}});
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
}

TEST_F(WithSipp, TheAgentHangsUp) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), ends_soon);
    Sipp caller = Sipp::calling("caller_waits", port);
    EXPECT_EQ(caller.exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
}

TEST_F(WithSipp, ASecondCallerIsBusy) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays);
    Sipp first = Sipp::calling("caller_waits", port);
    ASSERT_TRUE(server.process().says("answers", 10s)) << server.process().output();
    EXPECT_EQ(Sipp::calling("caller_refused", port, {.words = {{"STATUS", "486"}}}).exit_code(), 0);
    server.process().signal(SIGTERM);
    EXPECT_EQ(first.exit_code(), 0); // keytone hung up.
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
}

TEST_F(WithSipp, ACallerFromElsewhereIsRefused) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays,
                      "[sip]\ncallers = [\"192.0.2.0/24\", \"2001:db8::/32\"]\n");
    EXPECT_EQ(Sipp::calling("caller_refused", port, {.words = {{"STATUS", "403"}}}).exit_code(), 0);
    server.process().signal(SIGTERM);
    EXPECT_NE(server.exit_code(), 0);
    EXPECT_THAT(server.process().errors(), HasSubstr("no call came in"));
}

constexpr const char* with_users = R"([sip]
callers = ["192.0.2.0/24"]
[sip.users]
ada = "s3cret"
bob = "ha1:02e1b7775fdd96e66ecf6d1667d40a7d"
)";

struct UserCase {
    const char* name;
    const char* scenario;
    const char* user;
    const char* password;
};

class Users : public WithSipp, public testing::WithParamInterface<UserCase> {};
INSTANTIATE_TEST_SUITE_P(, Users,
                         testing::Values(UserCase{"WithAPassword", "caller_authenticates", "ada", "s3cret"},
                                         UserCase{"WithTheSumOfOne", "caller_authenticates", "bob",
                                                  "letmein"},
                                         UserCase{"WithAnother", "caller_guesses", "ada", "letmein"},
                                         UserCase{"WhoAreNobody", "caller_guesses", "eve", "s3cret"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_P(Users, CallFromAnywhere) {
    const UserCase& row = GetParam();
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays, with_users);
    EXPECT_EQ(Sipp::calling(row.scenario, port, {.words = {{"USER", row.user}, {"PASSWORD", row.password}}})
                  .exit_code(),
              0);
    if (row.scenario == std::string_view("caller_authenticates")) {
        EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
        EXPECT_THAT(states(server), ElementsAre("answered", "ended"));
    } else {
        server.process().signal(SIGTERM);
        EXPECT_NE(server.exit_code(), 0);
        EXPECT_THAT(server.process().errors(), HasSubstr("no call came in"));
    }
}

/// Sends each text as a datagram; answers are ignored.
void send_datagrams(int port, const std::vector<std::string>& texts) {
    const int number = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(port));
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (const std::string& text : texts) {
        EXPECT_EQ(sendto(number, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&place),
                         sizeof place),
                  static_cast<ssize_t>(text.size()));
    }
    close(number);
}

std::string invite_with(std::string_view lines) {
    return "INVITE sip:keytone@127.0.0.1 SIP/2.0\r\n"
           "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n" +
           std::string(lines) + "\r\n\r\n";
}

TEST_F(WithSipp, WhatIsMalformedIsRefusedOrDroppedAndTheNextCallIsAnswered) {
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), stays);
    for (const char* const scenario : {"caller_contact_broken", "caller_contact_none", "caller_route_broken",
                                       "caller_body_broken", "caller_no_codec", "caller_options"}) {
        EXPECT_EQ(Sipp::calling(scenario, port).exit_code(), 0) << scenario;
    }
    const std::string dialog = "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:b@127.0.0.1>\r\nCall-ID: 1\r\n";
    send_datagrams(
        port, {"", std::string("\0\0\0\0", 4), "\r\n\r\n", "INVITE\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
               "SIP/2.0 -1 \r\n\r\n", std::string(60'000, 'A'), std::string(8'000, '\xFF'), invite_with(""),
               invite_with(dialog), invite_with(dialog + "CSeq: 99999999999999999999 INVITE"),
               invite_with(dialog + "CSeq: 1 INVITE\r\nContact: <sip:>\r\nContent-Length: -5"),
               invite_with(dialog + "CSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1\r\nContent-Length: 99999"),
               invite_with(dialog + "CSeq: 1 BYE\r\nContact: <sip:a@[::>"),
               invite_with(dialog + "CSeq: 1 INVITE\r\nSession-Expires: -1;refresher=\r\nContact: *")});
    EXPECT_EQ(Sipp::calling("caller_basic", port).exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
}

/// The phone's response decides the result of the call.
struct PhoneCase {
    const char* name;
    const char* scenario;
    std::map<std::string, std::string> words;
    const char* agent;
    const char* config;
    const char* failure;     ///< Empty: there was a call.
    const char* calls = "1"; ///< How many calls sipp takes.
};

class Phones : public WithSipp, public testing::WithParamInterface<PhoneCase> {};
INSTANTIATE_TEST_SUITE_P(
    , Phones,
    testing::Values(
        PhoneCase{"Answer", "phone_basic", {}, ends_soon, "", ""},
        PhoneCase{"HangUp", "phone_hangs_up", {}, stays, "", ""},
        PhoneCase{"PutOnHold", "phone_holds", {}, stays, "", ""},
        PhoneCase{"PlayBeforeTheyAnswer", "phone_early_media", {}, ends_soon, "", ""},
        PhoneCase{"AskForAPassword", "phone_asks_user", {}, ends_soon, with_password, ""},
        PhoneCase{"AskForAPasswordByTwoSums", "phone_asks_twice", {}, ends_soon, with_password, ""},
        PhoneCase{"AskForAPasswordByProxy", "phone_asks_proxy", {}, ends_soon, with_password, ""},
        PhoneCase{"TakeNoPassword", "phone_asks_again", {}, ends_soon, with_password, "refused with 401"},
        PhoneCase{"AskInVain",
                  "phone_challenges",
                  {{"STATUS", "401"}, {"HEADER", "WWW-Authenticate"}},
                  stays,
                  "",
                  "refused with 401"},
        PhoneCase{"AskInVainByProxy",
                  "phone_challenges",
                  {{"STATUS", "407"}, {"HEADER", "Proxy-Authenticate"}},
                  stays,
                  "",
                  "refused with 407"},
        PhoneCase{"AreBusy", "phone_refuses", {{"STATUS", "486"}}, stays, "", "refused with 486"},
        PhoneCase{"Decline", "phone_refuses", {{"STATUS", "603"}}, stays, "", "refused with 603"},
        PhoneCase{"AreNotThere", "phone_refuses", {{"STATUS", "480"}}, stays, "", "refused with 480"},
        PhoneCase{"AreUnknown", "phone_refuses", {{"STATUS", "404"}}, stays, "", "refused with 404"},
        PhoneCase{"SendElsewhere", "phone_redirects", {}, stays, "", "refused with 302"},
        PhoneCase{"AnswerWithoutMedia", "phone_no_media", {}, stays, "", "nobody answered"},
        PhoneCase{"WantALongerTimer", "phone_timer", {}, stays, with_password, "", "2"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_P(Phones, AreCalled) {
    const PhoneCase& row = GetParam();
    const int port = free_port();
    Sipp phone = Sipp::phone(row.scenario, port, {.words = row.words, .options = {"-m", row.calls}});
    LiveServer server(LiveServer::calling(port), row.agent, row.config);
    const bool is_call = std::string_view(row.failure).empty();
    EXPECT_EQ(server.exit_code(), is_call ? 0 : 1) << server.process().errors();
    EXPECT_THAT(server.process().errors(), HasSubstr(row.failure));
    EXPECT_EQ(phone.exit_code(), 0);
    if (is_call) {
        EXPECT_THAT(states(server), testing::IsSupersetOf({"answered"}));
        EXPECT_EQ(values_of(server.events(), "session.completed", "call").size(), 1U);
    }
}

TEST_F(WithSipp, ANameOfTheSystemIsCalledWithoutANameServer) {
    const int port = free_port();
    Sipp phone = Sipp::phone("phone_hangs_up", port, {.options = {"-m", "1"}});
    LiveServer server({"call", "--to", "sip:phone@localhost:" + std::to_string(port)}, stays);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_EQ(phone.exit_code(), 0);
}

TEST_F(WithSipp, EarlyMediaIsTold) {
    const int port = free_port();
    Sipp phone = Sipp::phone("phone_early_media", port, {.options = {"-m", "1"}});
    LiveServer server(LiveServer::calling(port), ends_soon);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    EXPECT_EQ(phone.exit_code(), 0);
    EXPECT_THAT(states(server), testing::IsSupersetOf({"early_media", "answered"}));
}

/// The server's settings, for a registrar at this port.
std::string registered_at(int port) {
    return "[sip]\nlisten = \"127.0.0.1:0\"\ntrunk = \"" + on_loopback(port) +
           "\"\nuser = \"ada\"\npassword = \"s3cret\"\nregister = true\nregister_expires = 120\n";
}

TEST_F(WithSipp, ARegistrationIsRefreshedAndTakenBack) {
    const int port = free_port();
    Sipp registrar = Sipp::phone("registrar", port, {.options = {"-m", "1"}});
    LiveServer server({"answer"}, stays, registered_at(port));
    EXPECT_TRUE(server.process().says("registered at sip:" + on_loopback(port) + " for 2 s", 10s))
        << server.process().errors();
    EXPECT_FALSE(server.process().says("failed", 2500ms)); // Refreshed meanwhile.
    server.process().signal(SIGTERM);
    EXPECT_EQ(registrar.exit_code(), 0);
    EXPECT_NE(server.exit_code(), 0);
}

TEST_F(WithSipp, WhoGivesUpCancels) {
    const int port = free_port();
    Sipp phone = Sipp::phone("phone_rings", port, {.options = {"-m", "1"}});
    LiveServer server(LiveServer::calling(port), stays);
    ASSERT_TRUE(server.process().says("rings", 10s)) << server.process().output();
    server.process().signal(SIGINT);
    EXPECT_EQ(phone.exit_code(), 0); // It got CANCEL, and after that only the ACK.
    EXPECT_EQ(server.exit_code(), -SIGINT) << server.process().errors();
}

} // namespace
} // namespace keytone::test
