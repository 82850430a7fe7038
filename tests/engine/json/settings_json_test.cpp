// SPDX-License-Identifier: MIT
#include "engine/json/settings_json.hpp"
#include "tests/engine/json/json_line.hpp"

namespace keytone {
namespace {

using json::LineFault;
using json::parse_settings;
using test::BadLine;

AgentSettings settings_of(const std::string& text) {
    const auto settings = parse_settings(text);
    EXPECT_TRUE(settings) << text << "\n" << (settings ? "" : settings.error().message);
    return settings ? *settings : AgentSettings{};
}

TEST(Settings, OfThePlatformsTransferExample) {
    const auto settings = settings_of(R"({
    "transferEnabled": true,
    "transferNumber": "+14155551234",
    "transferMessage": "Let me connect you with a human agent now.",
    "transfer_instructions": "If the caller asks to speak to a human, agent, supervisor, manager, or representative, transfer the call. If the caller becomes visibly upset, raises their voice, or repeatedly expresses frustration, transfer the call. If the caller has a billing or refund question that requires account access you do not have, transfer the call."
  })");
    EXPECT_TRUE(settings.transfer_enabled);
    EXPECT_EQ(settings.transfer_number, "+14155551234");
    EXPECT_EQ(settings.transfer_message, "Let me connect you with a human agent now.");
    EXPECT_THAT(settings.transfer_instructions, testing::EndsWith("you do not have, transfer the call."));
    EXPECT_TRUE(settings.end_call_enabled);
}

TEST(Settings, OfThePlatformsEndCallExample) {
    const auto settings = settings_of(R"({
    "endCallEnabled": true,
    "endCallMessage": "Thank you for calling. Have a great day!",
    "end_call_instructions": "When the caller says goodbye, says they have to go, or otherwise indicates the conversation is over, end the call. If the caller has not spoken for an extended period and is unlikely to respond, end the call."
  })");
    EXPECT_TRUE(settings.end_call_enabled);
    EXPECT_EQ(settings.end_call_message, "Thank you for calling. Have a great day!");
    EXPECT_THAT(settings.end_call_instructions, testing::StartsWith("When the caller says goodbye"));
    EXPECT_FALSE(settings.transfer_enabled);
}

TEST(Settings, HaveDefaults) {
    for (
        const char* text :
        {"{}",
         R"({"transferEnabled":null,"transferNumber":null,"transferMessage":null,"endCallEnabled":null,)"
         R"("transfer_instructions":null,"endCallMessage":null,"end_call_instructions":null})",
         R"({"transferNumber":"","transferMessage":"","transfer_instructions":"","end_call_instructions":""})"}) {
        const auto settings = settings_of(text);
        EXPECT_FALSE(settings.transfer_enabled);
        EXPECT_TRUE(settings.end_call_enabled);
        EXPECT_EQ(settings.transfer_number + settings.transfer_message + settings.transfer_instructions +
                      settings.end_call_message + settings.end_call_instructions,
                  "");
    }
    EXPECT_FALSE(settings_of(R"({"endCallEnabled":false})").end_call_enabled);
}

TEST(Settings, SayWhomTheAgentMayTransferTo) {
    const auto settings = parse_settings(
        R"({"transferNumber":"+14155551234","allow":["transferNumber","+49","sip:example.com"]})");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->allow, (std::vector<std::string>{"transferNumber", "+49", "sip:example.com"}));
    EXPECT_EQ(parse_settings(R"({"allow":"+49"})").error().key, "/allow");
    EXPECT_EQ(parse_settings(R"({"allow":["+49",49]})").error().key, "/allow/1");
    EXPECT_EQ(parse_settings(R"({"allow":["49"]})").error().key, "/allow");
}

TEST(Settings, CountUnicodeCharacters) {
    std::string message;
    for (int i = 0; i < 500; ++i) {
        message += "\\ud83d\\ude00";
    }
    EXPECT_EQ(settings_of(R"({"transferMessage":")" + message + "\"}").transfer_message.size(), 2000U);
}

class BadSettings : public testing::TestWithParam<BadLine> {};

TEST_P(BadSettings, AreRefused) {
    const auto settings = parse_settings(GetParam().line);
    ASSERT_FALSE(settings) << GetParam();
    test::expect_error(settings.error(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BadSettings,
    testing::Values(
        BadLine{R"({"transferTriggers":["CALLER_ASKS_HUMAN","FRUSTRATED"]})", LineFault::unknown_key,
                "/transferTriggers", "was removed: write the conditions into transfer_instructions"},
        BadLine{R"({"transferTriggers":null})", LineFault::unknown_key, "/transferTriggers", "was removed"},
        BadLine{R"({"transfer_enabled":true})", LineFault::unknown_key, "/transfer_enabled",
                "use transferEnabled"},
        BadLine{R"({"transferInstructions":"x"})", LineFault::unknown_key, "/transferInstructions",
                "transfer_instructions"},
        BadLine{R"({"on_machine":"shout"})", LineFault::bad_value, "/on_machine",
                "use bridge, hangup or leave_message"},
        BadLine{R"({"on_machine":"leave_message"})", LineFault::bad_value, "/machine_message", "is missing"},
        BadLine{R"({"machine_message":")" + std::string(501, 'x') + "\"}", LineFault::out_of_range,
                "/machine_message", "shorten it to 500"},
        BadLine{R"({"transferEnabled":"true"})", LineFault::wrong_type, "/transferEnabled", "without quotes"},
        BadLine{R"({"transferEnabled":1})", LineFault::wrong_type, "/transferEnabled", "true or false"},
        BadLine{R"({"transferEnabled":true})", LineFault::bad_value, "/transferNumber", "is missing"},
        BadLine{R"({"transferEnabled":true,"transferNumber":null})", LineFault::bad_value, "/transferNumber",
                "is missing"},
        BadLine{R"({"transferNumber":14155551234})", LineFault::wrong_type, "/transferNumber", "is a number"},
        BadLine{R"({"transferNumber":"4155551234"})", LineFault::bad_value, "/transferNumber",
                "is not E.164"},
        BadLine{R"({"transferNumber":"+14155551234\n"})", LineFault::bad_value, "/transferNumber",
                "a line end"},
        BadLine{R"({"transferNumber":"+)" + std::string(40, '1') + "\"}", LineFault::bad_value,
                "/transferNumber", "longer than 32"},
        BadLine{R"({"transferMessage":")" + std::string(501, 'x') + "\"}", LineFault::out_of_range,
                "/transferMessage", "has 501 characters: shorten it to 500"},
        BadLine{R"({"endCallMessage":")" + std::string(501, 'x') + "\"}", LineFault::out_of_range,
                "/endCallMessage", "shorten it to 500"},
        BadLine{R"({"transfer_instructions":")" + std::string(2001, 'x') + "\"}", LineFault::out_of_range,
                "/transfer_instructions", "shorten it to 2000"},
        BadLine{R"({"end_call_instructions":")" + std::string(2001, 'x') + "\"}", LineFault::out_of_range,
                "/end_call_instructions", "shorten it to 2000"},
        BadLine{R"({"endCallEnabled":true,"endCallEnabled":false})", LineFault::duplicate_key,
                "/endCallEnabled", "twice"},
        BadLine{"[]", LineFault::wrong_type, "", "is an array"},
        BadLine{"", LineFault::empty, "", "is empty"}, BadLine{"{", LineFault::not_json, "", "is not JSON"},
        BadLine{std::string(70'000, ' '), LineFault::too_long, "", "64 KiB"}));

TEST(Settings, AreWrittenAsTheyAreRead) {
    EXPECT_EQ(json::settings_object({}),
              R"({"transferEnabled":false,"transferNumber":null,"transferMessage":null,)"
              R"("transfer_instructions":null,"endCallEnabled":true,"endCallMessage":null,)"
              R"("end_call_instructions":null,"allow":[],"on_machine":"bridge","machine_message":null})");
    const std::string all =
        R"({"transferEnabled":true,"transferNumber":"+14155551234","transferMessage":"\"Ä\" \\ 1",)"
        R"("transfer_instructions":"a\nb","endCallEnabled":false,"endCallMessage":"c",)"
        R"("end_call_instructions":"d","allow":["transferNumber","+1"],"on_machine":"leave_message",)"
        R"("machine_message":"e"})";
    const auto read = parse_settings(all);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(json::settings_object(*read), all);
}

} // namespace
} // namespace keytone
