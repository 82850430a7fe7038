// SPDX-License-Identifier: MIT
//
// Agents that are wrong, flood, vanish and come back, on live calls; and those whose certificate is wrong.
#include "tests/support/child_process.hpp"
#include "tests/support/live_agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>

namespace keytone::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(LiveAgent, OfEitherShape, testing::Values("keytone", "twilio"),
                         [](const auto& tested) { return tested.param; });

TEST_P(OfEitherShape, GetsOneErrorForEachWrongFrameAndGoesOn) {
    Agent agent(agent_port_, GetParam(), "errs");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\"")) << agent.errors();
    const auto refused = agent.said("all refused");
    ASSERT_EQ(refused.size(), 1U) << agent.errors();
    EXPECT_EQ(agent.frames(GetParam() == "twilio" ? "event" : "ev", "error").size(),
              refused.at(0).at("count").get<std::size_t>());
    EXPECT_EQ(keys(calls.events()), "7");
    EXPECT_EQ(service.stop(), 0);
}

TEST_P(OfEitherShape, WhoSendsTenMegabytesIsClosedWith1009AndMayComeBack) {
    Agent agent(agent_port_, GetParam(), "sends_too_much");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    ASSERT_TRUE(agent.says("\"closed\"")) << agent.errors();
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1009);
    EXPECT_THAT(service.messages("agent.gone"), ElementsAre(HasSubstr("1009")));
    EXPECT_THAT(service.messages("agent.there"), testing::SizeIs(2));
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
}

TEST_P(OfEitherShape, WhoFloodsHasToWaitAndIsPlayedWithoutAGap) {
    Agent agent(agent_port_, GetParam(), "floods");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(8));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.stop(), 0);
    const auto taken = agent.said("taken");
    ASSERT_FALSE(taken.empty());
    EXPECT_GE(taken.back().at("seconds").get<int>(), 30);
    EXPECT_LT(taken.back().at("seconds").get<int>(), 1500);
    EXPECT_GT(seconds_of_tone(calls.file("leg-a-heard.wav"), 440.0), 6.5);
}

TEST_P(OfEitherShape, WhoComesBackInTimeGoesOn) {
    auto first = std::make_unique<Agent>(agent_port_, GetParam(), "waits");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    ASSERT_TRUE(service.says("agent.there") && service.says("\"answered\""));
    first->die();
    ASSERT_TRUE(service.says("agent.gone"));
    Agent second(agent_port_, GetParam(), "ends");
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_THAT(service.messages("agent.given_up"), IsEmpty());
    if (GetParam() == "keytone") {
        EXPECT_TRUE(second.says("\"closed\""));
        EXPECT_EQ(second.frames("ev", "call.began").at(0).at("again"), true);
    }
}

TEST_P(OfEitherShape, WhoDoesNotComeBackLeavesAMessageAndTheCallEnds) {
    Agent agent(agent_port_, GetParam(), "waits");
    AgentService service(agent_port_, GetParam(), "grace = 1\nendCallEnabled = false\n");
    LiveServer calls = caller(service, stays(20));
    ASSERT_TRUE(service.says("\"answered\""));
    agent.die();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_THAT(service.messages("agent.given_up"), testing::SizeIs(1));
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 1.0) << "the message was not heard";
}

TEST_P(OfEitherShape, WhoIsNeverThereIsWaitedForAndGivenUp) {
    AgentService service(agent_port_, GetParam(), "answer_after = 1\ngrace = 1\nmessage = \"Sorry.\"\n");
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_THAT(service.messages("agent.gone"), ElementsAre(HasSubstr("no connection to 127.0.0.1")));
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.1);
}

TEST_P(OfEitherShape, WhoDiesDuringATransferDoesNotStopIt) {
    Agent agent(agent_port_, GetParam(), "walks");
    const int phone_port = free_port();
    AgentService service(agent_port_, GetParam(), std::string(may_transfer) + "grace = 0\n",
                         trunk(phone_port));
    LiveServer calls = caller(service, stays(20));
    ASSERT_TRUE(agent.says("\"t1\"")) << agent.errors();
    agent.die();
    LiveServer phone(LiveServer::answering(phone_port), stays(4));
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_EQ(keys(phone.events()), "221");
}

// The certificate is checked, and so is the name in it.
TEST_F(LiveAgent, ByTlsIsWhoItsCertificateSays) {
    const TemporaryFolder folder;
    const auto made =
        run_child("/usr/bin/openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                                       "/CN=agent", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                                       folder.file("key.pem"), "-out", folder.file("ca.pem")});
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    const auto both = run_child("/usr/bin/cat", {folder.file("key.pem"), folder.file("ca.pem")});
    const std::string chain = folder.write("chain.pem", both.output);
    Agent agent(agent_port_, "keytone", "ends", {chain});
    const std::string ca = "ca = \"" + folder.file("ca.pem") + "\"\n";
    const std::string hasty = "answer_after = 0\ngrace = 1\n";
    struct Case {
        std::string host;
        std::string config;
        bool is_right;
    };
    for (const Case& tls : {Case{"127.0.0.1", ca, true}, Case{"localhost", ca + hasty, false},
                            Case{"127.0.0.1", hasty, false}}) {
        AgentService service(agent_port_, "keytone", tls.config, "",
                             "wss://" + tls.host + ":" + std::to_string(agent_port_) + "/");
        LiveServer calls = caller(service, stays(20));
        EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
        EXPECT_EQ(service.stop(), 0);
        if (tls.is_right) {
            EXPECT_THAT(service.messages("agent.gone"), IsEmpty()) << service.process().errors();
        } else {
            EXPECT_THAT(service.messages("agent.gone"), ElementsAre(HasSubstr("no TLS with"))) << tls.host;
            EXPECT_THAT(service.messages("agent.there"), IsEmpty());
        }
    }
}

} // namespace
} // namespace keytone::test
