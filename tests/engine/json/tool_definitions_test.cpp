// SPDX-License-Identifier: MIT
#include "engine/json/event_json.hpp"
#include "engine/json/tool_definitions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace keytone {
namespace {

using json::tool_definitions;
using json::ToolForm;
using nlohmann::ordered_json;

std::string golden(const std::string& name) {
    std::ifstream stream(std::string(KEYTONE_GOLDEN) + "/" + name + ".json", std::ios::binary);
    EXPECT_TRUE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

AgentSettings all_settings() {
    return {.transfer_enabled = true,
            .transfer_number = "+14155551234",
            .transfer_message = "Let me connect you with a human agent now.",
            .transfer_instructions = "If the caller says \"human\",\ntransfer \xE2\x82\xB9.",
            .allow = {},
            .end_call_enabled = true,
            .end_call_message = "Bye.",
            .end_call_instructions = "On goodbye."};
}

ordered_json definitions(const AgentSettings& settings, ToolForm form = ToolForm::anthropic) {
    return ordered_json::parse(tool_definitions(settings, form));
}

std::vector<std::string> names(const ordered_json& definitions) {
    std::vector<std::string> names;
    for (const auto& definition : definitions) {
        names.push_back(definition.at("name"));
    }
    return names;
}

TEST(ToolDefinitions, AreTheGoldenOnes) {
    EXPECT_EQ(tool_definitions(all_settings(), ToolForm::openai), golden("openai"));
    EXPECT_EQ(tool_definitions(all_settings(), ToolForm::anthropic), golden("anthropic"));
}

TEST(ToolDefinitions, OfferWhatIsEnabled) {
    using Names = std::vector<std::string>;
    AgentSettings settings;
    EXPECT_EQ(names(definitions(settings)), (Names{"click_ivr", "end_call"}));
    settings.end_call_enabled = false;
    EXPECT_EQ(names(definitions(settings)), (Names{"click_ivr"}));
    settings.transfer_enabled = true;
    EXPECT_EQ(names(definitions(settings)), (Names{"click_ivr", "transfer"}));
}

TEST(ToolDefinitions, CarryInstructionsUntouched) {
    AgentSettings settings = all_settings();
    const auto tools = definitions(settings);
    for (const auto& [index, instructions] :
         {std::pair{1, settings.transfer_instructions}, {2, settings.end_call_instructions}}) {
        const std::string description = tools.at(static_cast<std::size_t>(index)).at("description");
        EXPECT_TRUE(description.ends_with("\n\n" + instructions)) << description;
    }
    settings.transfer_instructions = "";
    settings.end_call_instructions = "";
    for (const auto& tool : definitions(settings)) {
        EXPECT_EQ(tool.at("description").get<std::string>().find('\n'), std::string::npos);
    }
}

TEST(ToolDefinitions, SayWhatHappensToMachinesWhereTheModelSaysNothing) {
    AgentSettings settings = all_settings();
    const auto described = [&](const char* property) {
        const auto tools = ordered_json::parse(
            tool_definitions(settings, ToolForm::anthropic, {.wait_for = {}, .on_machine = true}));
        return tools[1]["input_schema"]["properties"][property]["description"].get<std::string>();
    };
    EXPECT_THAT(described("on_machine"), testing::HasSubstr("Left out: bridge."));
    EXPECT_THAT(described("machine_message"), testing::Not(testing::HasSubstr("Left out")));
    settings.on_machine = OnMachine::leave_message;
    settings.machine_message = "Call us.";
    EXPECT_THAT(described("on_machine"), testing::HasSubstr("Left out: leave_message."));
    EXPECT_THAT(described("machine_message"), testing::HasSubstr("Left out: the agent's own words."));
}

TEST(ToolDefinitions, WantANumberWhereNoneIsConfigured) {
    AgentSettings settings = all_settings();
    EXPECT_EQ(definitions(settings)[1]["input_schema"]["required"], ordered_json::array());
    settings.transfer_number = "";
    EXPECT_EQ(definitions(settings)[1]["input_schema"]["required"], ordered_json::array({"phone_number"}));
}

/// The rules of OpenAI's strict mode, for tools that claim to keep them: closed objects, every property
/// required, and only the keywords that the mode supports.
TEST(ToolDefinitions, AreStrictWhereTheyKeepStrictModesRules) {
    for (const auto& tool : definitions(all_settings(), ToolForm::openai)) {
        EXPECT_EQ(tool.at("type"), "function");
        const auto& schema = tool.at("parameters");
        EXPECT_EQ(schema.at("additionalProperties"), false);
        bool keeps = schema.at("required").size() == schema.at("properties").size();
        for (const auto& [name, property] : schema.at("properties").items()) {
            for (const auto& [keyword, value] : property.items()) {
                keeps = keeps && (keyword == "type" || keyword == "description" || keyword == "pattern");
            }
        }
        EXPECT_EQ(tool.at("strict"), keeps) << tool;
    }
}

/// Whether `pattern`, anchored at both ends, matches all of `text`.
bool matches(const std::string& pattern, const char* text) {
    // Not std::regex: g++ 12 has false warnings about it when it instruments for sanitizers (GCC bug 105562).
    regex_t compiled{};
    EXPECT_EQ(regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB), 0) << pattern;
    const bool matched = regexec(&compiled, text, 0, nullptr, 0) == 0;
    regfree(&compiled);
    return matched;
}

TEST(ToolDefinitions, HavePatternsThatLetKeysThroughAndNothingElse) {
    const auto tools = definitions(all_settings());
    const std::string digits = tools[0]["input_schema"]["properties"]["digits"]["pattern"];
    for (const char* good : {"1", "23", "123456789", "1*0", "12w3#", "w1", "WW*"}) {
        EXPECT_TRUE(matches(digits, good)) << good;
    }
    for (const char* bad : {"", "w", "wW", "A", "1,2", "1 2", "+1", "1\n"}) {
        EXPECT_FALSE(matches(digits, bad)) << bad;
    }
}

/// Every parameter that is offered is accepted in an input line.
TEST(ToolDefinitions, DescribeWhatAnInputLineTakes) {
    const ordered_json example = {{"digits", "1"},     {"phone_number", "+15551234567"}, {"extension", "1"},
                                  {"pauseSeconds", 1}, {"sipDomain", "a.com"},           {"message", "x"}};
    for (const auto& tool : definitions(all_settings())) {
        ordered_json input = ordered_json::object();
        for (const auto& [name, property] : tool["input_schema"]["properties"].items()) {
            input[name] = example.at(name);
        }
        const ordered_json line = {
            {"type", "tool_use"}, {"id", "t"}, {"name", tool["name"]}, {"input", input}};
        const auto parsed = json::parse_line(line.dump());
        EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
    }
}

} // namespace
} // namespace keytone
