// SPDX-License-Identifier: MIT
//
// keytone simulate, the program itself. The results of calls are tested in tests/scenarios/.
#include "tests/support/audio_file.hpp"
#include "tests/support/keytone_program.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace keytone {
namespace {

using test::FailedWith;
using test::is_svg;
using test::keytone_program;
using test::PictureFile;
using test::read_audio;
using test::Succeeded;
using test::TemporaryFolder;
using testing::HasSubstr;

const std::string header = R"({"v":1,"call":"c1","rate":8000,"rate_b":16000})"
                           "\n";
const std::string short_call = header + R"({"at":0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"b1","name":"click_ivr","args":["5"]}
)";
const std::vector<std::string> outputs{"events.jsonl", "leg-a-heard.wav", "leg-a.wav",    "leg-b-heard.wav",
                                       "leg-b.wav",    "recording.jsonl", "timeline.png", "timeline.svg"};

TEST(Simulate, LeavesTheCallInItsFolder) {
    const TemporaryFolder folder;
    const auto result =
        keytone_program({"simulate", folder.write("call.jsonl", short_call), "-o", folder.file("deep/call")});
    EXPECT_THAT(result, Succeeded());
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "deep/call")) {
        names.push_back(entry.path().filename());
    }
    EXPECT_THAT(names, testing::UnorderedElementsAreArray(outputs));
    const auto leg_a = read_audio(folder.file("deep/call/leg-a.wav"));
    const auto leg_b = read_audio(folder.file("deep/call/leg-b.wav"));
    EXPECT_EQ(leg_a.rate_hz, 8000);
    EXPECT_EQ(leg_b.rate_hz, 16000);
    ASSERT_EQ(leg_a.channels.size(), 1U);
    EXPECT_EQ(leg_b.channels.at(0).size(), 2 * leg_a.channels[0].size());
    const auto heard = keytone_program({"detect", folder.file("deep/call/leg-a.wav")});
    EXPECT_THAT(heard.output, HasSubstr("5"));
    EXPECT_GT(PictureFile(folder.file("deep/call/timeline.png")).width(), 500);
    EXPECT_TRUE(is_svg(folder.read("deep/call/timeline.svg")));
}

TEST(Simulate, TellsTheCallInWords) {
    const TemporaryFolder folder;
    const auto result =
        keytone_program({"simulate", folder.write("call.jsonl", short_call), "-o", folder.file("out")});
    EXPECT_THAT(result, Succeeded());
    EXPECT_TRUE(result.output.starts_with("   0.000 s  a  answers\n"
                                          "   0.100 s  a  the agent asks for click_ivr (b1)\n"
                                          "   0.100 s  a  presses 5, the last until 0.300 s\n"))
        << result.output;
    EXPECT_THAT(result.output, HasSubstr(folder.file("out/timeline.png")));
}

TEST(Simulate, PrintsTheEventsAsJson) {
    const TemporaryFolder folder;
    const auto result = keytone_program(
        {"simulate", "--json", folder.write("call.jsonl", short_call), "-o", folder.file("out")});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, folder.read("out/events.jsonl"));
    std::istringstream lines(result.output);
    int count = 0;
    for (std::string line; std::getline(lines, line);) {
        EXPECT_EQ(nlohmann::json::parse(line).at("seq"), ++count);
    }
    EXPECT_GT(count, 5);
}

TEST(Simulate, ReadsStandardInput) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"simulate", "-", "-o", folder.file("out")}, {.input = short_call}),
                Succeeded());
    EXPECT_NE(folder.read("out/events.jsonl"), "");
    EXPECT_THAT(
        keytone_program({"simulate", "-", "-o", folder.file("out")}, {.input = header + "{\"end\":-1}"}),
        FailedWith(1, "standard input:2: /end: is out of range: give 0.1 to 3600"));
}

TEST(Simulate, LooksForSoundsBesideTheScenario) {
    const TemporaryFolder folder;
    const std::string call = short_call + R"({"at":0.2,"leg":"a","play":"menu.wav"})"
                                          "\n";
    std::filesystem::create_directory(folder.path() / "sounds");
    EXPECT_THAT(keytone_program({"render", "7", "-o", folder.file("sounds/menu.wav")}), Succeeded());
    const std::string path = folder.write("call.jsonl", call);
    EXPECT_THAT(keytone_program({"simulate", path, "-o", folder.file("out")}), FailedWith(1, "menu.wav"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out"));
    const auto elsewhere =
        keytone_program({"simulate", path, "-o", folder.file("out"), "--prompts", folder.file("sounds")});
    EXPECT_THAT(elsewhere, Succeeded());
    EXPECT_THAT(elsewhere.output, HasSubstr("hears the key 7"));
    std::filesystem::copy_file(folder.path() / "sounds/menu.wav", folder.path() / "menu.wav");
    EXPECT_THAT(keytone_program({"simulate", "call.jsonl", "-o", "out"}, {.folder = folder.path()}),
                Succeeded());
}

/// The command that the last line of the output suggests.
std::vector<std::string> once_more(const std::string& output, const std::string& folder) {
    const std::string begin = "Once more:       keytone ";
    std::istringstream words(output.substr(output.find(begin) + begin.size()));
    std::vector<std::string> arguments;
    for (std::string word; words >> word;) {
        arguments.push_back(word == "FOLDER" ? folder : word);
    }
    return arguments;
}

TEST(Simulate, SaysHowToRunTheCallOnceMore) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"render", "7", "-o", folder.file("menu.wav")}), Succeeded());
    const std::string call = short_call + R"({"at":0.2,"leg":"a","play":"menu.wav"})"
                                          "\n";
    const auto first =
        keytone_program({"simulate", folder.write("call.jsonl", call), "-o", folder.file("out")});
    EXPECT_THAT(first, Succeeded());
    EXPECT_THAT(keytone_program(once_more(first.output, folder.file("again"))), Succeeded());
    for (const char* const name :
         {"leg-a.wav", "leg-b.wav", "leg-a-heard.wav", "events.jsonl", "recording.jsonl"}) {
        EXPECT_EQ(folder.read(std::string("out/") + name), folder.read(std::string("again/") + name)) << name;
    }
    EXPECT_THAT(keytone_program({"detect", folder.file("out/leg-a-heard.wav")}).output, HasSubstr("7"));
}

TEST(Simulate, ReportsWhatIsWrongWithAScenario) {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& text) {
        return keytone_program({"simulate", folder.write("call.jsonl", text), "-o", folder.file("out")});
    };
    const std::string path = folder.file("call.jsonl");
    EXPECT_THAT(run("# nothing\n"), FailedWith(1, path + ":1: there is no call"));
    EXPECT_THAT(run(short_call + R"({"leg":"b","answer_after":"soon"})"),
                FailedWith(1, path + ":4: /answer_after: is a string: write a number"));
    EXPECT_THAT(run(short_call + R"({"at":1,"leg":"a","keys":"1x"})"), FailedWith(1, path + ": keys: "));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "out"));
}

TEST(Simulate, ReportsFilesThatCannotBeReadOrWritten) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"simulate", folder.file("none.jsonl"), "-o", folder.file("out")}),
                FailedWith(1, folder.file("none.jsonl") + ": no such file: check the name"));
    const std::string path = folder.write("call.jsonl", short_call);
    // There is a file where the folder should be.
    EXPECT_THAT(keytone_program({"simulate", path, "-o", path}), FailedWith(1, path + ": "));
    EXPECT_EQ(folder.read("call.jsonl"), short_call);
    EXPECT_THAT(keytone_program({"simulate", path, "-o", path + "/deeper"}),
                FailedWith(1, path + "/deeper: "));
    // There is a folder where a file should be.
    std::filesystem::create_directories(folder.path() / "out/events.jsonl");
    EXPECT_THAT(keytone_program({"simulate", path, "-o", folder.file("out")}),
                FailedWith(1, folder.file("out/events.jsonl") + ": is a directory"));
    // The folder of prompts does not exist.
    EXPECT_THAT(keytone_program({"simulate", path, "-o", folder.file("out"), "--prompts", "nope"}),
                FailedWith(1, "--prompts nope: no such folder"));
    // The name is empty.
    EXPECT_THAT(keytone_program({"simulate", path, "-o", ""}),
                FailedWith(1, "output: has no name: give the folder one"));
}

TEST(Simulate, ReportsAStandardOutputThatIsFull) {
    const TemporaryFolder folder;
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    EXPECT_THAT(
        keytone_program({"simulate", folder.write("call.jsonl", short_call), "-o", folder.file("out")},
                        {.output = full}),
        FailedWith(1, "standard output"));
    close(full);
}

TEST(Simulate, KeepsARecordingWithSecretsToItsOwner) {
    const TemporaryFolder folder;
    const auto mode = [&](const std::string& options) {
        const std::string call = header + R"({"at":0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"b1","name":"click_ivr","args":["5",{)" +
                                 options + "}]}\n";
        EXPECT_THAT(keytone_program({"simulate", folder.write("c.jsonl", call), "-o", folder.file("out")}),
                    Succeeded());
        return std::filesystem::status(folder.path() / "out/recording.jsonl").permissions();
    };
    using std::filesystem::perms;
    EXPECT_NE(mode("") & perms::group_read, perms::none);
    EXPECT_EQ(mode(R"("sensitive":true)"), perms::owner_read | perms::owner_write);
    EXPECT_THAT(keytone_program({"simulate", "--help"}).output, HasSubstr("sensitive"));
}

TEST(Simulate, WantsAScenarioAndAFolder) {
    EXPECT_THAT(keytone_program({"simulate"}), FailedWith(2, "SCENARIO is required"));
    EXPECT_THAT(keytone_program({"simulate", "x"}), FailedWith(2, "--output is required"));
    EXPECT_THAT(keytone_program({"simulate", "x", "-o", "y", "--loud"}),
                FailedWith(2, "keytone simulate has no option --loud"));
    const auto help = keytone_program({"simulate", "--help"});
    EXPECT_THAT(help, Succeeded());
    EXPECT_THAT(help.output, HasSubstr("recording.jsonl"));
}

} // namespace
} // namespace keytone
