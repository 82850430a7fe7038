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
