// SPDX-License-Identifier: MIT
//
// What a voice agent's functions do on live calls, statement by statement of docs/seeds.md.
#include "tests/support/agent_platform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <list>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class Seeds : public OnThePlatform {};

constexpr const char* may_transfer_quietly =
    R"({"transferEnabled":true,"transferNumber":"+14155551234","transferMessage":"Wait."})";

/// A transfer without a message of its own.
std::string transfer(const std::string& args) {
    return R"([{"type":"based_call","id":"t1","name":"transfer","args":)" + args + "}]";
}

/// Where sounds and keys began and ended, by the sample.
double at(const std::vector<json>& events, const json& values) {
    return event_of(events, values).value("sample", -1.0);
}

TEST_F(Seeds, TransferSaysWhatComesBeforeAndConnectsTheCallerToThatNumber) {
    platform().put_agent("support", may_transfer_quietly,
                         R"([{"type":"based_call","id":"s1","name":"say",
                              "args":["I'll transfer you.",{"exact":true}]},
                             {"type":"based_call","id":"t1","name":"transfer","args":["+1-800-123-4567"]}])");
    std::string presses = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
)";
    for (int i = 5; i < 40; ++i) { // Whenever they are connected.
        presses += R"({"at":)" + std::to_string(0.5 * i) + R"(,"type":"based_call","id":"k)" +
                   std::to_string(i) + R"(","name":"click_ivr","args":["8"]})" + "\n";
    }
    LiveServer caller = platform().call("support", presses);
    const auto human = platform().answered("+18001234567");
    ASSERT_TRUE(human) << platform().story();
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    EXPECT_EQ(keys(caller.events()), "7") << "of the human";
    EXPECT_THAT(human->keys(), MatchesRegex("8+")) << "of the caller";
    const auto events = platform().events(platform().report("support").at("call").at("call_id"));
    const auto said = place_of(events, {{"ev", "action.completed"}, {"id", "s1"}});
    const auto told = place_of(events, {{"ev", "op.completed"}, {"id", "t1/1"}, {"op", "prompt"}});
    const auto dialled = place_of(events, {{"ev", "intent"}, {"do", "dial"}});
    EXPECT_LT(said, told);
    EXPECT_LT(told, dialled) << json(events);
    EXPECT_LT(dialled, events.size()) << json(events);
}

TEST_F(Seeds, AnExtensionIsKeyedAsTonesAfterItsPause) {
    platform().put_agent("pause_default", may_transfer_quietly, transfer(R"(["+1 530 232 1271","271"])"));
    platform().put_agent("pause_of_two", may_transfer_quietly,
                         transfer(R"(["+1 (530) 319-5426",{"extension":"221","pauseSeconds":2}])"));
    platform().put_agent(
        "pause_of_none", may_transfer_quietly,
        transfer(R"(["+15302323297",{"extension":"123","pauseSeconds":0,"message":"Hold on."}])"));
    const int port = free_port();
    auto command = LiveServer::answering(port);
    command.insert(command.end(), {"--trunk", platform().trunk()});
    // Without an area's list of what may be dialled, a number may be one of the country's own.
    LiveServer national(command, R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"t1","name":"transfer","args":["5302321272","272"]}
)");
    ASSERT_TRUE(is_taken_soon(port));
    std::list<LiveServer> callers;
    for (const char* const agent : {"pause_default", "pause_of_two", "pause_of_none"}) {
        callers.emplace_back(platform().calling(agent), stays(20));
    }
    callers.emplace_back(LiveServer::calling(port), stays(20));
    struct Case {
        const char* number;
        const char* extension;
        double pause_s;
    };
    for (const auto& [number, extension, pause_s] :
         {Case{"+15302321271", "271", 1.0}, Case{"+15303195426", "221", 2.0},
          Case{"+15302323297", "123", 0.0}, Case{"5302321272", "272", 1.0}}) {
        const auto call = platform().answered(number);
        ASSERT_TRUE(call) << number << platform().story();
        EXPECT_EQ(call->keys(), extension);
        EXPECT_GT(call->first_key_s(), pause_s - 0.05) << number;
        EXPECT_LT(call->first_key_s(), pause_s + 0.5) << number;
    }
    for (LiveServer& caller : callers) {
        EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
        EXPECT_EQ(keys(caller.events()), "7") << "they are connected";
    }
    EXPECT_EQ(national.exit_code(), 0) << national.process().errors();
    // A message of its own instead of the settings', before it dials.
    const auto events = platform().events(platform().report("pause_of_none").at("call").at("call_id"));
    EXPECT_EQ(event_of(events, {{"ev", "op.started"}, {"id", "t1/1"}}).value("text", ""), "Hold on.");
    EXPECT_LE(at(events, {{"ev", "op.completed"}, {"id", "t1/1"}}),
              at(events, {{"ev", "intent"}, {"do", "dial"}}));
}

TEST_F(Seeds, WithASipDomainItIsAUserThereAndTheExtensionAHeader) {
    const TemporaryFolder captures;
    struct Pbx {
        Pbx(const TemporaryFolder& folder, const std::string& name)
            : capture(folder.file(name)), port(free_port()), phone(command(), stays(2)) {}
        [[nodiscard]] std::vector<std::string> command() const {
            auto words = LiveServer::answering(port);
            words.insert(words.end(), {"--pcap", capture});
            return words;
        }
        [[nodiscard]] std::string packets() const {
            std::ifstream stream(capture, std::ios::binary);
            return {std::istreambuf_iterator<char>(stream), {}};
        }
        std::string capture;
        int port;
        LiveServer phone;
    };
    Pbx plain(captures, "plain");
    Pbx told(captures, "told");
    const std::size_t dialled = platform().dialled();
    platform().put_agent("to_pbx", may_transfer_quietly,
                         transfer(R"(["101",{"sipDomain":")" + on_loopback(plain.port) + R"("}])"));
    platform().put_agent("to_desk", may_transfer_quietly,
                         transfer(R"(["frontdesk",{"sipDomain":")" + on_loopback(told.port) +
                                  R"(","extension":"4673","pauseSeconds":1,"message":"Please hold."}])"));
    LiveServer first = platform().call("to_pbx", stays(20));
    LiveServer second = platform().call("to_desk", stays(20));
    for (LiveServer* const party : {&plain.phone, &told.phone, &first, &second}) {
        EXPECT_EQ(party->exit_code(), 0) << party->process().errors() << platform().story();
    }
    EXPECT_THAT(plain.packets(), HasSubstr("INVITE sip:101@127.0.0.1"));
    EXPECT_THAT(plain.packets(), Not(HasSubstr("X-Extension")));
    EXPECT_THAT(told.packets(), HasSubstr("INVITE sip:frontdesk@127.0.0.1"));
    EXPECT_THAT(told.packets(), HasSubstr("X-Extension: 4673"));
    EXPECT_EQ(keys(told.phone.events()), "") << "it was keyed, too";
    EXPECT_EQ(platform().dialled(), dialled) << "the telephone network was asked";
    // The message first, then the pause, then the INVITE.
    const auto events = platform().events(platform().report("to_desk").at("call").at("call_id"));
    EXPECT_EQ(event_of(events, {{"ev", "op.started"}, {"id", "t1/1"}}).value("text", ""), "Please hold.");
    const double message_end = at(events, {{"ev", "op.completed"}, {"id", "t1/1"}});
    const double dialled_at = at(events, {{"ev", "intent"}, {"do", "sip_invite"}});
    EXPECT_NEAR(dialled_at - message_end, 8000.0, 400.0);
    EXPECT_GT(seconds_of_sound(second.file("leg-a-heard.wav")), 0.2) << "the message was not heard";
}

TEST_F(Seeds, EndCallWaitsForWhatIsSaidAndElseForNothing) {
    platform().put_agent("order", "{}", R"([{"type":"based_call","id":"s1","name":"say",
        "args":["Thank you for your order! Goodbye.",{"exact":true}]},
        {"type":"based_call","id":"e1","name":"end_call","args":[]}])");
    platform().put_agent("question", "{}", R"([{"type":"based_call","id":"s1","name":"say",
        "args":["Anything else?"]},{"until":{"ev":"digit.heard","digit":"2"}},
        {"type":"based_call","id":"e1","name":"end_call","args":[]}])");
    LiveServer order = platform().call("order", stays(20));
    LiveServer question = platform().call("question", agent_that_presses("2", 20.0));
    EXPECT_EQ(order.exit_code(), 0) << order.process().errors();
    EXPECT_EQ(question.exit_code(), 0) << question.process().errors();
    const json report = platform().report("order");
    EXPECT_EQ(report.at("call").at("status"), "completed");
    EXPECT_EQ(report.at("call").at("transferred"), false);
    const auto said = platform().events(report.at("call").at("call_id"));
    const double length =
        at(said, {{"ev", "op.completed"}, {"id", "s1/1"}}) - at(said, {{"ev", "op.started"}, {"id", "s1/1"}});
    EXPECT_GT(length, 8000.0);
    EXPECT_LT(place_of(said, {{"ev", "op.completed"}, {"id", "s1/1"}}),
              place_of(said, {{"ev", "intent"}, {"do", "hangup"}}));
    EXPECT_GT(seconds_of_sound(order.file("leg-a-heard.wav")), 0.3 * length / 8000.0);
    // Where nothing waits it ends at once.
    const auto asked = platform().events(platform().report("question").at("call").at("call_id"));
    const double taken = std::max(at(asked, {{"ev", "action.accepted"}, {"id", "e1"}}),
                                  at(asked, {{"ev", "op.completed"}, {"id", "s1/1"}}));
    const double ended = at(asked, {{"ev", "intent"}, {"do", "hangup"}});
    EXPECT_GE(ended, taken);
    EXPECT_LT(ended - taken, 0.7 * 8000.0);
}

TEST_F(Seeds, ClickIvrPressesItsKeysAtOnceAndAfterWhatIsSaid) {
    platform().put_agent("ivr", "{}", R"([
        {"type":"based_call","id":"x1","name":"click_ivr","args":["12a"]},
        {"type":"based_call","id":"x2","name":"click_ivr","args":["1-2"]},
        {"type":"based_call","id":"x3","name":"click_ivr","args":[""]},
        {"type":"based_call","id":"k1","name":"click_ivr","args":["23"]},
        {"until":{"ev":"action.completed","id":"k1"}},
        {"type":"based_call","id":"s1","name":"say","args":["Let me select English for you."]},
        {"type":"based_call","id":"k2","name":"click_ivr","args":["1"]},
        {"type":"based_call","id":"k3","name":"click_ivr","args":["123456789",{"tone_ms":60,"gap_ms":60}]},
        {"type":"based_call","id":"k4","name":"click_ivr","args":["1*0#"]},
        {"type":"based_call","id":"e1","name":"end_call","args":[]}])");
    LiveServer caller = platform().call("ivr", stays(20));
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    EXPECT_EQ(keys(caller.events()), "2311234567891*0#");
    const auto events = platform().events(platform().report("ivr").at("call").at("call_id"));
    for (const char* const id : {"x1", "x2", "x3"}) {
        EXPECT_EQ(event_of(events, {{"ev", "action.rejected"}, {"id", id}}).value("code", ""),
                  "invalid_digits");
    }
    EXPECT_THAT(event_of(events, {{"ev", "action.rejected"}, {"id", "x1"}}).value("message", ""),
                HasSubstr("0-9 * #"));
    const double asked = at(events, {{"ev", "action.accepted"}, {"id", "k1"}});
    const double begun = at(events, {{"ev", "tone.completed"}, {"id", "k1/1"}});
    EXPECT_GE(begun, asked);
    EXPECT_LT(begun - asked, 0.1 * 8000.0);
    EXPECT_LE(at(events, {{"ev", "op.completed"}, {"id", "s1/1"}}),
              at(events, {{"ev", "tone.completed"}, {"id", "k2/1"}}));
}

} // namespace
} // namespace keytone::test
