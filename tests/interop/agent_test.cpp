// SPDX-License-Identifier: MIT
//
// Agents by other people's WebSockets on live calls: Python's `websockets`. The service dials them; another
// keytone-server is the caller, and a third one the phone that a transfer dials.
#include "tests/support/live_agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

INSTANTIATE_TEST_SUITE_P(LiveAgent, OfEitherShape, testing::Values("keytone", "twilio"),
                         [](const auto& tested) { return tested.param; });

TEST_P(OfEitherShape, PressesSpeaksAndTransfersWithAnExtension) {
    Agent agent(agent_port_, GetParam(), "walks");
    const int phone_port = free_port();
    AgentService service(agent_port_, GetParam(), may_transfer, trunk(phone_port));
    LiveServer phone(LiveServer::answering(phone_port), stays(4));
    ASSERT_TRUE(is_taken_soon(phone_port));
    LiveServer calls = caller(service, stays(20));
    EXPECT_TRUE(agent.says("\"spoken\"")) << agent.errors() << service.process().errors();
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.stop(), 0);
    EXPECT_EQ(keys(calls.events()), "1");
    EXPECT_EQ(keys(phone.events()), "221");
    EXPECT_NEAR(seconds_of_tone(calls.file("leg-a-heard.wav"), 440.0), 1.0, 0.15);
    const double spoke = agent.said("spoken").at(0).at("time").get<double>() -
                         agent.said("speaks").at(0).at("time").get<double>();
    // The mark comes back when the last sample leaves, in a packet whose 20 ms are then still to be heard.
    EXPECT_GT(spoke, 0.97);
    EXPECT_LT(spoke, 1.2);
    // Handed over: its part is over, and its socket closed.
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
    EXPECT_GT(agent.said("closed").at(0).at("heard").get<int>(), 8000);
    EXPECT_THAT(agent.frames("ev", "session.completed"), testing::SizeIs(1));
    EXPECT_EQ(agent.frames("event", "stop").size(), GetParam() == "twilio" ? 1U : 0U);
}

TEST_P(OfEitherShape, EndsTheCallAfterWhatItSaid) {
    Agent agent(agent_port_, GetParam(), "ends");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.stop(), 0);
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.2) << "goodbye was not heard";
    EXPECT_THAT(agent.frames("ev", "action.completed"), Not(IsEmpty())) << agent.errors();
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
}

TEST_P(OfEitherShape, IsToldWhenTheCallerHangsUp) {
    Agent agent(agent_port_, GetParam(), "waits");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(1));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\"")) << agent.errors();
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
    EXPECT_EQ(agent.frames("event", "stop").size(), GetParam() == "twilio" ? 1U : 0U);
    EXPECT_EQ(agent.frames("ev", "session.completed").size(), GetParam() == "keytone" ? 1U : 0U);
    EXPECT_EQ(service.stop(), 0);
    EXPECT_THAT(service.messages("agent.gone"), IsEmpty());
}

// As Twilio does: the stream is over, and with it the call.
TEST_F(LiveAgent, OfTwiliosThatClosesItsSocketEndsTheCall) {
    Agent agent(agent_port_, "twilio", "closes");
    AgentService service(agent_port_, "twilio", "grace = 1\n");
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_THAT(service.messages("agent.there"), testing::SizeIs(1)); // not dialled again
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_LT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.35) << "it says more than the agent did";
}

TEST_F(LiveAgent, OfTwiliosIsToldOfKeysAndMayPressThem) {
    Agent agent(agent_port_, "twilio", "echoes_keys");
    AgentService service(agent_port_, "twilio");
    LiveServer calls = caller(service, agent_that_presses("5#", 5.0));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(agent.frames("event", "dtmf").size(), 2U) << agent.errors();
    EXPECT_EQ(keys(calls.events()), "5#");
}

// A voicemail answers: it is left what the agent's settings say, which the transfer does not mention.
TEST_F(LiveAgent, LeavesTheMessageOfItsSettingsOnAMachine) {
    Agent agent(agent_port_, "keytone", "hands_over");
    const int phone_port = free_port();
    AgentService service(agent_port_, "keytone",
                         std::string(may_transfer) + "on_machine = \"leave_message\"\n" +
                             "machine_message = \"Please call Ann back.\"\n",
                         trunk(phone_port));
    auto answering = LiveServer::answering(phone_port);
    answering.insert(answering.end(), {"--prompts", KEYTONE_ROOT "/testdata/scenarios"});
    LiveServer phone(answering, R"({"v":1,"call":"machine","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"type":"based_call","id":"s1","name":"say","args":["You have reached Smith and Sons. We are closed. Please leave a message after the tone."]}
{"at":0.4,"type":"based_call","id":"s2","name":"say","args":["",{"prompt":"beep.wav"}]}
{"end":60}
)");
    ASSERT_TRUE(is_taken_soon(phone_port));
    LiveServer calls = caller(service, stays(40));
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\"")) << agent.errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_THAT(values_of(agent.frames("ev", "action.completed"), "action.completed", "code"),
                testing::Contains("message_left"))
        << agent.errors();
    EXPECT_GT(seconds_of_sound(phone.file("leg-a-heard.wav")), 0.5) << "the message";
}

// Caller and phone are connected; both press keys as tones, of which the other has none.
TEST_F(LiveAgent, MayKeepKeysFromTheOtherSideAfterATransfer) {
    for (const bool mutes : {false, true}) {
        const int agent_port = free_port();
        Agent agent(agent_port, "keytone", "hands_over");
        const int phone_port = free_port();
        const std::string tones = "\n[rtp]\nkeys = \"inband\"\n";
        AgentService service(agent_port, "keytone",
                             std::string(may_transfer) + (mutes ? "mute_keys = true\n" : ""),
                             trunk(phone_port) + tones);
        const auto presses = [](const char* at, const char* digits, const char* end) {
            return std::string(R"({"v":1,"call":"k","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":)") + at + R"(,"type":"based_call","id":"k1","name":"click_ivr","args":[")" +
                   digits + R"("]}
{"at":)" + end + R"(,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";
        };
        LiveServer phone(LiveServer::answering(phone_port), presses("3.0", "369", "6.0"), tones);
        ASSERT_TRUE(is_taken_soon(phone_port));
        LiveServer calls = caller(service, presses("7.0", "147", "20.0"), {}, tones);
        EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
        EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
        EXPECT_EQ(service.stop(), 0);
        EXPECT_EQ(keys(calls.events()), mutes ? "" : "369");
        EXPECT_EQ(keys(phone.events()), mutes ? "" : "147");
    }
}

TEST_F(LiveAgent, MayTalkAtSixteenKilohertz) {
    Agent agent(agent_port_, "keytone", "walks");
    AgentService service(agent_port_, "keytone", "rate = 16000\n");
    LiveServer calls = caller(service, stays(5));
    EXPECT_TRUE(agent.says("\"spoken\"")) << agent.errors() << service.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_NEAR(seconds_of_tone(calls.file("leg-a-heard.wav"), 440.0), 1.0, 0.15);
    ASSERT_TRUE(agent.says("\"closed\""));
    EXPECT_GT(agent.said("closed").at(0).at("heard").get<double>(), 4 * 32'000);
}

} // namespace
} // namespace keytone::test
