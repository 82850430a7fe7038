// SPDX-License-Identifier: MIT
//
// Both shapes of an agent's messages: what is written, what is read, and what is wrong with what.
#include "server/agent/keytone_protocol.hpp"
#include "server/agent/twilio_protocol.hpp"
#include "server/agent/twilio_signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace keytone::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const AgentCallInfo call{"c1", "sip:a\"b@192.0.2.1", "sip:100@192.0.2.2"};

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

json only(const std::vector<AgentFrame>& frames) {
    EXPECT_EQ(frames.size(), 1U);
    return frames.empty() ? json() : json::parse(frames.front().bytes);
}

AgentFault fault_of(const AgentSaid& said) {
    const auto* const fault = std::get_if<AgentFault>(&said);
    EXPECT_NE(fault, nullptr);
    return fault == nullptr ? AgentFault{} : *fault;
}

HeardBlock block_at(SampleIndex begin) {
    HeardBlock block{begin, {}};
    for (std::size_t i = 0; i < block.samples.size(); ++i) {
        block.samples[i] = static_cast<std::int16_t>(100 * static_cast<int>(i) - 8000);
    }
    return block;
}

Outcome key_heard(char digit, Leg leg = Leg::a) {
    return {7, leg, 1600, "", "", false, false, DigitHeard{digit, 1600, 2400, 30.0}};
}

/// What each shape refuses in the same way.
void expect_refusals(AgentProtocol& protocol) {
    struct Case {
        std::string text;
        const char* code;
        const char* message;
    };
    for (const Case& wrong : {
             Case{"", "empty", ""},
             Case{"{", "not_json", ""},
             Case{"7", "wrong_type", "is no object"},
             Case{"\xff", "not_utf8", ""},
             Case{std::string(100'000, '['), "too_deep", ""},
             Case{R"({"x":1})", "missing_key", "none of the forms"},
             Case{R"({"type":"based_call","name":"dance","args":[]})", "bad_value", "name"},
             Case{R"({"ev":"leg.ended","leg":"a"})", "bad_value", "is what the server reports"},
             Case{R"({"v":1,"call":"c","rate":8000})", "bad_value", "begins a call"},
             Case{R"({"type":"transfer_request","id":"r1"})", "bad_value", "is not the agent's"},
         }) {
        const AgentFault fault = fault_of(protocol.read_text(wrong.text));
        EXPECT_EQ(fault.code, wrong.code) << wrong.text.substr(0, 80);
        EXPECT_THAT(fault.message, HasSubstr(wrong.message));
    }
}

// ---- keytone's own

TEST(KeytoneProtocol, BeginsWithTheCall) {
    KeytoneProtocol protocol(SampleRate::narrowband(), call);
    EXPECT_EQ(only(protocol.begin(false)), json::parse(R"({"v":1,"ev":"call.began","call":"c1","rate":8000,
        "from":"sip:a\"b@192.0.2.1","to":"sip:100@192.0.2.2"})"));
    EXPECT_EQ(only(protocol.begin(true)).at("again"), true);
    EXPECT_TRUE(protocol.end().empty());
    AgentCallInfo placed = call;
    placed.variables = R"({"name":"Ada \"A\"","tries":[1,2]})";
    EXPECT_EQ(only(KeytoneProtocol(SampleRate::narrowband(), placed).begin(false)).at("variables"),
              json::parse(placed.variables));
}

TEST(KeytoneProtocol, TellsOutcomesMarksAndFaultsAsLines) {
    KeytoneProtocol protocol(SampleRate::narrowband(), call);
    EXPECT_EQ(only(protocol.outcome(key_heard('5'))).at("digit"), "5");
    EXPECT_EQ(json::parse(protocol.mark({"m\n", 4711, false}).bytes),
              json::parse(R"({"v":1,"ev":"mark","call":"c1","leg":"a","name":"m\n","sample":4711})"));
    EXPECT_EQ(json::parse(protocol.mark({"m", 4711, true}).bytes).at("cleared"), true);
    EXPECT_EQ(json::parse(protocol.fault({"not_json", "x"}).bytes),
              json::parse(R"({"v":1,"ev":"error","call":"c1","error":"not_json","message":"x"})"));
}

TEST(KeytoneProtocol, CarriesSamplesBothWays) {
    KeytoneProtocol protocol(SampleRate::narrowband(), call);
    const AgentFrame frame = protocol.heard(block_at(0));
    EXPECT_FALSE(frame.is_text);
    EXPECT_EQ(frame.bytes.size(), 320U);
    EXPECT_EQ(frame.bytes.substr(0, 4), (std::string{'\xc0', '\xe0', '\x24', '\xe1'})); // -8000, -7900
    const AgentSaid said = protocol.read_binary(bytes_of(frame.bytes));
    const auto block = block_at(0);
    EXPECT_THAT(std::get<AgentSpeech>(said).samples, testing::ElementsAreArray(block.samples));
    EXPECT_THAT(fault_of(protocol.read_binary(bytes_of("123"))).message, HasSubstr("half a sample"));
}

TEST(KeytoneProtocol, ConvertsSixteenKilohertz) {
    KeytoneProtocol protocol(*SampleRate::from_hz(16'000), call);
    EXPECT_EQ(only(protocol.begin(false)).at("rate"), 16'000);
    std::size_t bytes = 0;
    std::size_t samples = 0;
    for (int i = 0; i < 10; ++i) {
        const AgentFrame frame = protocol.heard(block_at(160 * i));
        bytes += frame.bytes.size();
        samples += std::get<AgentSpeech>(protocol.read_binary(bytes_of(frame.bytes))).samples.size();
    }
    EXPECT_EQ(bytes, 10U * 640U);
    EXPECT_EQ(samples, 10U * 160U);
}

TEST(KeytoneProtocol, ReadsRequestsMarksAndClear) {
    KeytoneProtocol protocol(SampleRate::narrowband(), call);
    const AgentSaid click =
        protocol.read_text(R"({"type":"based_call","id":"b1","name":"click_ivr","args":["1"]})");
    EXPECT_EQ(std::get<CallEvent>(click).id, "b1");
    EXPECT_TRUE(std::holds_alternative<ClickIvr>(std::get<Request>(std::get<CallEvent>(click).what)));
    EXPECT_EQ(std::get<AgentMark>(protocol.read_text(R"({"ev":"mark","name":"m1"})")).name, "m1");
    EXPECT_TRUE(std::holds_alternative<AgentClear>(protocol.read_text(R"({"ev":"clear"})")));
    EXPECT_EQ(fault_of(protocol.read_text(R"({"ev":"mark"})")).code, "missing_key");
    EXPECT_EQ(fault_of(protocol.read_text(R"({"ev":"mark","name":1})")).code, "wrong_type");
    EXPECT_EQ(fault_of(protocol.read_text(R"({"ev":"mark","name":")" + std::string(257, 'x') + "\"}")).code,
              "out_of_range");
    expect_refusals(protocol);
}

// ---- Twilio's

class Twilio : public testing::Test {
  protected:
    Twilio() { begun_ = protocol_.begin(false); }

    TwilioProtocol protocol_{{"MZ1", "CA1", "AC1"}, call};
    std::vector<AgentFrame> begun_;
};

TEST_F(Twilio, BeginsWithConnectedAndStart) {
    ASSERT_EQ(begun_.size(), 2U);
    EXPECT_EQ(json::parse(begun_[0].bytes),
              json::parse(R"({"event":"connected","protocol":"Call","version":"1.0.0"})"));
    EXPECT_EQ(json::parse(begun_[1].bytes),
              json::parse(R"({"event":"start","sequenceNumber":"1","streamSid":"MZ1",
        "start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],
        "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},
        "customParameters":{"call":"c1","from":"sip:a\"b@192.0.2.1","to":"sip:100@192.0.2.2"}}})"));
}

TEST_F(Twilio, ToldOfVariablesAsStrings) {
    AgentCallInfo placed = call;
    placed.variables = R"({"name":"Ada","age":36,"tags":["a"],"call":"c2","from":null})";
    TwilioProtocol protocol({"MZ1", "CA1", "AC1"}, placed);
    EXPECT_EQ(json::parse(protocol.begin(false)[1].bytes).at("start").at("customParameters"), json::parse(R"({
        "name":"Ada","age":"36","tags":"[\"a\"]",
        "call":"c1","from":"sip:a\"b@192.0.2.1","to":"sip:100@192.0.2.2"})"));
}

TEST_F(Twilio, NumbersItsMediaFromTheFirst) {
    for (int i = 0; i < 3; ++i) {
        const json media = json::parse(protocol_.heard(block_at(8000 + 160 * i)).bytes);
        EXPECT_EQ(media.at("event"), "media");
        EXPECT_EQ(media.at("sequenceNumber"), std::to_string(2 + i));
        EXPECT_EQ(media.at("media").at("track"), "inbound");
        EXPECT_EQ(media.at("media").at("chunk"), std::to_string(1 + i));
        EXPECT_EQ(media.at("media").at("timestamp"), std::to_string(20 * i));
        EXPECT_EQ(media.at("media").at("payload").get<std::string>().size(), 216U);
        EXPECT_EQ(media.size(), 4U);
    }
}

TEST_F(Twilio, TellsMarksKeysAndTheEnd) {
    EXPECT_EQ(json::parse(protocol_.mark({"m", 1, true}).bytes),
              json::parse(R"({"event":"mark","sequenceNumber":"2","streamSid":"MZ1","mark":{"name":"m"}})"));
    EXPECT_EQ(only(protocol_.outcome(key_heard('#'))),
              json::parse(R"({"event":"dtmf","sequenceNumber":"3","streamSid":"MZ1",
                  "dtmf":{"track":"inbound_track","digit":"#"}})"));
    EXPECT_TRUE(protocol_.outcome(key_heard('#', Leg::b)).empty());
    EXPECT_EQ(only(protocol_.end()), json::parse(R"({"event":"stop","sequenceNumber":"4","streamSid":"MZ1",
        "stop":{"accountSid":"AC1","callSid":"CA1"}})"));
}

// Agents of Twilio's look up `event` in each frame.
TEST_F(Twilio, TellsOutcomesOnlyToWhoHasAskedForAFunction) {
    const Outcome outcome{7, Leg::a, 1600, "b1", "click_ivr", false, false, ActionStarted{}};
    EXPECT_TRUE(protocol_.outcome(outcome).empty());
    EXPECT_TRUE(std::holds_alternative<CallEvent>(
        protocol_.read_text(R"({"type":"based_call","id":"b1","name":"click_ivr","args":["1"]})")));
    EXPECT_EQ(only(protocol_.outcome(outcome)).at("ev"), "action.started");
}

TEST_F(Twilio, ReadsMediaMarkAndClear) {
    const AgentSaid speech =
        protocol_.read_text(R"({"event":"media","streamSid":"MZ1","media":{"payload":"/38A\/w=="}})");
    EXPECT_THAT(std::get<AgentSpeech>(speech).samples, testing::ElementsAre(0, 0, -32'124, 0));
    EXPECT_EQ(
        std::get<AgentMark>(protocol_.read_text(R"({"event":"mark","streamSid":"MZ1","mark":{"name":"x"}})"))
            .name,
        "x");
    EXPECT_TRUE(
        std::holds_alternative<AgentClear>(protocol_.read_text(R"({"event":"clear","streamSid":"MZ1"})")));
    expect_refusals(protocol_);
    struct Case {
        const char* text;
        const char* message;
    };
    for (const Case& wrong : {
             Case{R"({"event":"media"})", "/media/payload"},
             Case{R"({"event":"media","media":{"payload":1}})", "/media/payload"},
             Case{R"({"event":"media","media":{"payload":"////"}})", ""}, // is fine
             Case{R"({"event":"media","media":{"payload":"*///"}})", "is no base64"},
             Case{R"({"event":"media","media":{"payload":"//"}})", "is no base64"},
             Case{R"({"event":"media","streamSid":"MZ2","media":{"payload":""}})", "/streamSid"},
             Case{R"({"event":"mark"})", "/mark/name"},
             Case{R"({"event":"hang up"})", "/event"},
             Case{R"({"event":7})", "/event"},
         }) {
        const AgentSaid said = protocol_.read_text(wrong.text);
        if (*wrong.message == '\0') {
            EXPECT_EQ(std::get<AgentSpeech>(said).samples.size(), 3U);
        } else {
            EXPECT_THAT(fault_of(said).message, HasSubstr(wrong.message)) << wrong.text;
        }
    }
    const AgentFault binary = fault_of(protocol_.read_binary(bytes_of("12")));
    EXPECT_EQ(json::parse(protocol_.fault(binary).bytes).at("error").at("code"), "bad_value");
}

TEST_F(Twilio, AStreamThatBeginsAgainHasAnotherName) {
    static_cast<void>(protocol_.heard(block_at(0)));
    const auto again = protocol_.begin(true);
    const json start = json::parse(again.at(1).bytes);
    EXPECT_EQ(start.at("sequenceNumber"), "1");
    EXPECT_NE(start.at("streamSid"), "MZ1");
    EXPECT_EQ(start.at("start").at("callSid"), "CA1");
    const std::string name = TwilioNames::random().call;
    EXPECT_THAT(name, testing::MatchesRegex("CA[0-9a-f]+"));
    EXPECT_EQ(name.size(), 34U);
}

// The example of Twilio's documentation, whose parameters stand behind the URL as they do for a POST.
TEST(TwilioSignature, IsTwiliosOwn) {
    EXPECT_EQ(twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2CallSidCA1234567890ABCDE"
                                        "Caller+14158675309Digits1234From+14158675309To+18005551212"),
              "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
}

} // namespace
} // namespace keytone::server
