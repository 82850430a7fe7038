// SPDX-License-Identifier: MIT
//
// keytone tools, the program itself.
#include "tests/support/keytone_program.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace keytone {
namespace {

using test::FailedWith;
using test::keytone_program;
using test::Succeeded;
using test::TemporaryFolder;

constexpr const char* settings = R"({"transferEnabled":true,"transferNumber":"+14155551234"})";

TEST(Tools, PrintsTheDefinitionsOfAFile) {
    const TemporaryFolder folder;
    const auto result =
        keytone_program({"tools", folder.write("agent.json", settings), "--for", "anthropic"});
    EXPECT_THAT(result, Succeeded());
    const auto tools = nlohmann::json::parse(result.output);
    ASSERT_EQ(tools.size(), 3U);
    EXPECT_EQ(tools[1]["name"], "transfer");
    EXPECT_TRUE(tools[1].contains("input_schema"));
}

TEST(Tools, ReadsStandardInput) {
    const auto result = keytone_program({"tools", "-", "--for=openai"}, {.input = "{}\n"});
    EXPECT_THAT(result, Succeeded());
    const auto tools = nlohmann::json::parse(result.output);
    ASSERT_EQ(tools.size(), 2U);
    EXPECT_EQ(tools[0]["type"], "function");
    EXPECT_EQ(tools[0]["strict"], true);
}

TEST(Tools, OffersToWaitOnlyWhenAskedTo) {
    const auto tools_for = [](const std::vector<std::string>& options) {
        std::vector<std::string> arguments{"tools", "-", "--for", "openai"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const auto result = keytone_program(arguments, {.input = settings});
        EXPECT_THAT(result, Succeeded());
        return nlohmann::json::parse(result.output);
    };
    for (const auto& tool : tools_for({})) {
        EXPECT_FALSE(tool["parameters"]["properties"].contains("wait_for"));
    }
    const auto tools = tools_for({"--wait-for", "prompt_end,silence"});
    EXPECT_EQ(tools[0]["parameters"]["properties"]["wait_for"]["enum"],
              nlohmann::json({"prompt_end", "silence"}));
    EXPECT_EQ(tools[0]["parameters"]["properties"]["silence"]["maximum"], 5.0);
    EXPECT_FALSE(tools_for({"--wait-for", "beep"})[0]["parameters"]["properties"].contains("silence"));
    EXPECT_EQ(tools[0]["strict"], false) << "not every parameter is required any more";
    EXPECT_TRUE(tools[1]["parameters"]["properties"].contains("wait_for"));
    EXPECT_FALSE(tools[2]["parameters"]["properties"].contains("wait_for"));
    EXPECT_THAT(keytone_program({"tools", "-", "--for", "openai", "--wait-for", "speech"}, {.input = "{}"}),
                FailedWith(2, "prompt_end"));
}

TEST(Tools, OffersWhomTheModelMayDialOnly) {
    const auto transfer_for = [](const std::vector<std::string>& allowed) {
        std::vector<std::string> arguments{"tools", "-", "--for", "anthropic"};
        for (const std::string& whom : allowed) {
            arguments.insert(arguments.end(), {"--allow", whom});
        }
        const auto result = keytone_program(arguments, {.input = settings});
        EXPECT_THAT(result, Succeeded());
        return nlohmann::json::parse(result.output)[1]["input_schema"]["properties"];
    };
    EXPECT_TRUE(transfer_for({}).contains("sipDomain"));
    const auto own = transfer_for({"transferNumber"});
    EXPECT_EQ(own["phone_number"]["enum"], nlohmann::json({"+14155551234"}));
    EXPECT_FALSE(own.contains("sipDomain"));
    const auto prefixes = transfer_for({"+49", "+4420"});
    EXPECT_THAT(prefixes["phone_number"]["description"].get<std::string>(),
                testing::HasSubstr("begin with +49 or +4420 and +14155551234"));
    EXPECT_FALSE(prefixes.contains("sipDomain"));
    const auto domains = transfer_for({"sip:example.com", "sip:example.org:5061"});
    EXPECT_EQ(domains["sipDomain"]["enum"], nlohmann::json({"example.com", "example.org:5061"}));
    EXPECT_THAT(keytone_program({"tools", "-", "--for", "openai", "--allow", "example.com"}, {.input = "{}"}),
                FailedWith(2, "sip:example.com"));
}

TEST(Tools, HelpHasExamples) {
    const auto help = keytone_program({"tools", "--help"});
    EXPECT_THAT(help, Succeeded());
    EXPECT_THAT(help.output, testing::HasSubstr("keytone tools agent.json --for openai"));
    EXPECT_THAT(help.output, testing::HasSubstr("transfer_instructions"));
}

TEST(Tools, ReportsSettingsThatAreWrong) {
    const TemporaryFolder folder;
    for (const auto& [text, words] :
         {std::pair<std::string, std::string>{R"({"transferEnabled":true})",
                                              "agent.json: /transferNumber: is missing"},
          {R"({"transferTriggers":[]})", "agent.json: /transferTriggers: was removed"},
          {"", "agent.json: the JSON text: is empty"},
          {"{\"transfer\n\":1}", "agent.json: the JSON text: is not JSON at byte"},
          {std::string(100'000, ' '), "agent.json: has more than 65536 bytes"}}) {
        const auto result = keytone_program({"tools", folder.write("agent.json", text), "--for", "openai"});
        EXPECT_THAT(result, FailedWith(1, words));
        EXPECT_EQ(result.output, "");
    }
    EXPECT_THAT(keytone_program({"tools", "-", "--for", "openai"}, {.input = "{"}),
                FailedWith(1, "standard input: the JSON text: is not JSON"));
}

TEST(Tools, ReportsAFileThatCannotBeRead) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"tools", folder.file("none.json"), "--for", "openai"}),
                FailedWith(1, "none.json: no such file"));
    EXPECT_THAT(keytone_program({"tools", folder.path(), "--for", "openai"}),
                FailedWith(1, "is a directory: name a file in it"));
    EXPECT_THAT(keytone_program({"tools", folder.file("no\nne"), "--for", "openai"}),
                FailedWith(1, "no?ne: no such file"));
}

TEST(Tools, WantsAnApiItKnows) {
    EXPECT_THAT(keytone_program({"tools", "-", "--for", "gemini"}),
                FailedWith(2, "--for: 'gemini' is not offered: use openai or anthropic"));
    EXPECT_THAT(keytone_program({"tools", "-"}), FailedWith(2, "--for is required"));
    EXPECT_THAT(keytone_program({"tools", "--for", "openai"}), FailedWith(2, "SETTINGS is required"));
}

TEST(Tools, ReportsAStandardOutputThatIsFull) {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    EXPECT_THAT(keytone_program({"tools", "-", "--for", "openai"}, {.input = "{}", .output = full}),
                FailedWith(1, "cannot write standard output"));
    close(full);
}

} // namespace
} // namespace keytone
