// SPDX-License-Identifier: MIT
//
// Agents as a PUT sets them, and who of them has a call.
#include "server/profiles/agent_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace keytone::server {
namespace {

using nlohmann::json;
using testing::HasSubstr;

AgentProfile put(const std::string& body, const std::optional<StoredAgent>& old = {},
                 const AgentConfig& usual = {}) {
    auto merged = merge_agent(old, "ann", body, usual, 2000);
    EXPECT_TRUE(merged) << merged.error().message;
    return merged ? *std::move(merged) : AgentProfile{};
}

ApiFault fault(const std::string& body, const std::optional<StoredAgent>& old = {}) {
    const auto merged = merge_agent(old, "ann", body, {}, 2000);
    EXPECT_FALSE(merged) << body;
    return merged ? ApiFault{} : merged.error();
}

std::string characters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += "ä"; // two bytes
    }
    return text;
}

TEST(Agent, HasDefaultsForWhatWasNotSet) {
    const json agent = json::parse(agent_object(put("{}")));
    EXPECT_EQ(agent, json::parse(R"({"id":"ann","name":"ann","transferEnabled":false,"transferNumber":null,
        "transferMessage":null,"transfer_instructions":null,"endCallEnabled":true,"endCallMessage":null,
        "end_call_instructions":null,"allow":[],"on_machine":"bridge","machine_message":null,"agentUrl":null,"shape":"keytone","rate":8000,"authToken":null,
        "numbers":[],"grace":5,"answer_after":5,
        "message":"I am sorry, I cannot go on with this call. Goodbye.","mute_keys":false,"record":true,"max_calls":null,
        "calls_per_minute":null,"createdAt":"1970-01-01T00:00:02.000Z",
        "updatedAt":"1970-01-01T00:00:02.000Z"})"));
}

TEST(Agent, MayKeepBothSidesKeysFromEachOther) {
    const AgentProfile muted = put(R"({"mute_keys":true})");
    EXPECT_TRUE(muted.config.mute_keys);
    EXPECT_TRUE(put(R"({"grace":7})", muted.stored).config.mute_keys);
    EXPECT_FALSE(put(R"({"mute_keys":null})", muted.stored).config.mute_keys);
}

TEST(Agent, ChangesOnlyTheKeysThatAreNamed) {
    const AgentProfile first = put(
        R"({"transferEnabled":true,"transferNumber":"+14155551234","name":"Ann","grace":7,"message":"Bye."})");
    EXPECT_TRUE(first.config.settings.transfer_enabled);
    AgentProfile next = put(R"({"transferMessage":"Let me connect you.","grace":null})", first.stored);
    EXPECT_EQ(next.config.settings.transfer_number, "+14155551234");
    EXPECT_EQ(next.config.settings.transfer_message, "Let me connect you.");
    EXPECT_EQ(next.stored.name, "Ann");
    EXPECT_EQ(next.config.grace, std::chrono::seconds(5)) << "null resets";
    EXPECT_EQ(next.config.message, "Bye.");
    next = put(R"({"transferMessage":"","message":""})", next.stored);
    EXPECT_EQ(next.config.settings.transfer_message, "") << "so does an empty text,";
    EXPECT_EQ(next.config.message, "") << "but for the message that is said when an agent is gone";
    // Read again from the store it is the same.
    const auto again = read_agent(next.stored, {});
    ASSERT_TRUE(again);
    EXPECT_EQ(agent_object(*again), agent_object(next));
}

TEST(Agent, IsRefusedWithKeyAndRemedy) {
    struct Case {
        std::string body;
        const char* code;
        const char* message;
    };
    const Case cases[] = {
        {"", "empty", ""},
        {"[]", "wrong_type", "is no object"},
        {"{", "not_json", ""},
        {R"({"name":"a","name":"b"})", "duplicate_key", "/name"},
        {R"({"transferTriggers":["FRUSTRATED"]})", "unknown_key", "transfer_instructions"},
        {R"({"colour":"red"})", "unknown_key", "/colour: is no setting: use transferEnabled"},
        {R"({"transferEnabled":true})", "bad_value",
         "/transferNumber: is missing, and transferEnabled is true"},
        {R"({"transferEnabled":"yes"})", "wrong_type", "/transferEnabled"},
        {R"({"transferNumber":"4155551234"})", "bad_value", "/transferNumber: is not E.164"},
        {R"({"transferNumber":")" + std::string(33, '1') + "\"}", "bad_value", "longer than 32 characters"},
        {R"({"transferMessage":")" + characters(501) + "\"}", "out_of_range", "has 501 characters"},
        {R"({"endCallMessage":")" + characters(501) + "\"}", "out_of_range", "/endCallMessage: has 501"},
        {R"({"transfer_instructions":")" + characters(2001) + "\"}", "out_of_range", "shorten it to 2000"},
        {R"({"end_call_instructions":")" + characters(2001) + "\"}", "out_of_range", "has 2001 characters"},
        {R"({"message":")" + characters(501) + "\"}", "out_of_range", "/message: has 501"},
        {R"({"name":")" + characters(101) + "\"}", "out_of_range", "/name: has 101"},
        {R"({"name":"a\nb"})", "bad_value", "/name: has a line end"},
        {R"({"agentUrl":"http://x/"})", "bad_value", "/agentUrl: is no WebSocket URL"},
        {R"({"shape":"round"})", "bad_value", "/shape: is not offered: use keytone or twilio"},
        {R"({"rate":11025})", "bad_value", "/rate: is 8000 or 16000"},
        {R"({"shape":"twilio","rate":16000})", "bad_value", "/rate: is 8000 in the shape twilio"},
        {R"({"numbers":"100"})", "wrong_type", "/numbers"},
        {R"({"numbers":["100","1 00"]})", "bad_value", "/numbers/1: is no called number"},
        {R"({"grace":3601})", "out_of_range", "/grace"},
        {R"({"max_calls":-1})", "out_of_range", "/max_calls"},
        {R"({"record":1})", "wrong_type", "/record"},
        {R"({"mute_keys":"yes"})", "wrong_type", "/mute_keys"},
        {R"({"authToken":"a\nb"})", "bad_value", "/authToken"},
    };
    for (const Case& refused : cases) {
        const ApiFault found = fault(refused.body);
        EXPECT_EQ(found.status, 400) << refused.body;
        EXPECT_EQ(found.code, refused.code) << found.message;
        EXPECT_THAT(found.message, HasSubstr(refused.message));
    }
    EXPECT_EQ(fault("{\"name\":\"" + std::string(70'000, 'x') + "\"}").status, 413);
    // Nothing is required while it is off; switching it on asks for it.
    const AgentProfile off = put(R"({"transferEnabled":false})");
    EXPECT_EQ(fault(R"({"transferEnabled":true})", off.stored).code, "bad_value");
    const AgentProfile on = put(R"({"transferEnabled":true,"transferNumber":"+14155551234"})", off.stored);
    EXPECT_THAT(fault(R"({"transferNumber":null})", on.stored).message,
                HasSubstr("transferNumber: is missing"));
    // What is just short enough is taken.
    put(R"({"transferMessage":")" + characters(500) + R"(","transfer_instructions":")" + characters(2000) +
        "\"}");
    for (const char* const id : {"", "a b", "a/b", "../a", "ä"}) {
        EXPECT_FALSE(merge_agent({}, id, "{}", {}, 1)) << id;
    }
    EXPECT_FALSE(merge_agent({}, std::string(65, 'a'), "{}", {}, 1));
}

TEST(Agent, ShowsNoSecret) {
    const AgentProfile first = put(R"({"authToken":"5ecret"})");
    EXPECT_EQ(first.config.auth_token, "5ecret");
    EXPECT_THAT(agent_object(first), HasSubstr(R"("authToken":"set")"));
    EXPECT_THAT(agent_object(first), testing::Not(HasSubstr("5ecret")));
    EXPECT_EQ(put(R"({"authToken":"set"})", first.stored).config.auth_token, "5ecret");
    EXPECT_EQ(put(R"({"authToken":""})", first.stored).config.auth_token, "");
}

TEST(Agent, IsWhereTheConfigurationsIsUnlessItHasAUrl) {
    AgentConfig usual;
    usual.url = *parse_agent_url("ws://127.0.0.1:8765/");
    usual.shape = AgentShape::twilio;
    usual.auth_token = "t";
    usual.grace = std::chrono::seconds(1);
    usual.settings.transfer_enabled = true;
    usual.settings.transfer_number = "+14155551234";
    const AgentProfile plain = put("{}", {}, usual);
    EXPECT_EQ(plain.config.url.text, "ws://127.0.0.1:8765/");
    EXPECT_EQ(plain.config.shape, AgentShape::twilio);
    EXPECT_EQ(plain.config.grace, std::chrono::seconds(1));
    EXPECT_FALSE(plain.config.settings.transfer_enabled) << "but settings are each agent's own";
    const AgentProfile own = put(R"({"agentUrl":"ws://127.0.0.1:9/"})", {}, usual);
    EXPECT_EQ(own.config.url.port, "9");
    EXPECT_EQ(own.config.shape, AgentShape::keytone);
    EXPECT_EQ(own.config.auth_token, "") << "a secret goes to no other program";
}

TEST(AgentDirectory, PicksTheAgentOfACall) {
    AgentConfig usual;
    usual.url = *parse_agent_url("ws://127.0.0.1:8765/");
    AgentDirectory agents(usual);
    EXPECT_EQ(agents.picked_by("sales"), nullptr);
    ASSERT_NE(agents.configured(), nullptr);
    EXPECT_EQ(agents.find("agent"), agents.configured());
    EXPECT_THAT(agents.load({{"sales", "Sales", R"({"name":"Sales","numbers":["+15550100","100"]})", 1, 1},
                             {"agent", "A", "{}", 1, 1},
                             {"broken", "B", R"({"no":"such"})", 1, 1}}),
                testing::ElementsAre(HasSubstr("agent: "), HasSubstr("broken: ")));
    for (const char* const called : {"+15550100", "100", "sales"}) {
        ASSERT_NE(agents.picked_by(called), nullptr) << called;
        EXPECT_EQ(agents.picked_by(called)->stored.name, "Sales");
    }
    EXPECT_EQ(agents.picked_by("101"), nullptr);
    EXPECT_EQ(agents.list().size(), 2U);
    // A change is kept before it counts.
    const auto keeps = [](const StoredAgent&) { return std::optional<ApiFault>(); };
    const auto fails = [](const StoredAgent&) { return std::optional(ApiFault{503, "store", "is full"}); };
    EXPECT_EQ(agents.change("sales", R"({"numbers":["101"]})", 2, fails).error().status, 503);
    EXPECT_EQ(agents.picked_by("101"), nullptr);
    const AgentProfilePtr before = agents.find("sales");
    ASSERT_TRUE(agents.change("sales", R"({"numbers":["101"]})", 2, keeps));
    EXPECT_EQ(agents.picked_by("101")->stored.id, "sales");
    EXPECT_EQ(agents.picked_by("100"), nullptr);
    EXPECT_EQ(before->numbers.size(), 2U) << "a call keeps what it began with";
    EXPECT_EQ(agents.find("sales")->stored.created_ms, 1);
    EXPECT_EQ(agents.change("desk", R"({"numbers":["101"]})", 2, keeps).error().code, "number_taken");
    EXPECT_EQ(agents.change("agent", "{}", 2, keeps).error().code, "configured");
    EXPECT_TRUE(AgentDirectory().change("agent", "{}", 2, keeps));
}

} // namespace
} // namespace keytone::server
