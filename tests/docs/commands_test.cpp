// SPDX-License-Identifier: MIT
//
// Every command of every document works: in order, in a folder of the document's own, with the built
// programs. A document's fenced blocks are commands unless their tag says otherwise; where a block shows what
// a command prints (lines after `$ ...`), that is what it must print. What is not run is listed in `exempt`,
// with the reason.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {
namespace {

namespace fs = std::filesystem;

struct Exempt {
    std::string_view begin; ///< How the command begins.
    std::string_view reason;
};
constexpr std::array exempt{
    Exempt{"cmake ", "builds what is being tested"},
    Exempt{"export PKG_CONFIG_PATH=", "of an installation that is not there"},
    Exempt{"echo /opt/keytone/lib ", "the same"},
    Exempt{"tests/run", "builds, and runs this test"},
    Exempt{"tests/lint", "minutes, and no matter of what is built"},
    Exempt{".ci/run", "a quarter of an hour; runs this test"},
    Exempt{"tools/demo", "builds; what it runs is run below, as keytone simulate"},
    Exempt{"bench/report", "measurements: minutes"},
    Exempt{"tools/install-deps ", "installs"},
    Exempt{"apt-get install ", "installs"},
    Exempt{"curl ", "asks a service that is not there; the tests server/api do"},
    Exempt{"python3 examples/webhook/", "runs until it is ended; the test install/demo does it"},
    Exempt{"kill $(jobs -p)", "ends what is not run here"},
    Exempt{"/usr/bin/python3 examples/agent/", "runs until it is ended; the test interop/agent does it"},
    Exempt{"node examples/agent/", "the same"},
    Exempt{"baresip ", "a telephone, for a person"},
    Exempt{"keytone-server ", "needs a telephone; interop tests bring some"},
    Exempt{"keytone play ", "needs a loudspeaker"},
    Exempt{"keytone monitor ", "needs a microphone"},
    Exempt{"build/release/bin/keytone_", "measurements: minutes, and only in one preset"},
    Exempt{"KEYTONE_SIMD=baseline build/release/bin/keytone_", "the same"},
    Exempt{"taskset -c 0 build/release/bin/keytone_", "the same"},
};

/// Tags of blocks that are no commands. The samples in C and C++ are run by the test docs/samples.
constexpr std::array<std::string_view, 5> no_commands{"c", "cpp", "cmake", "json", "text"};

struct Command {
    int line;
    std::string words;
    std::string shown; ///< Its output as the document shows it; empty where it shows none.
};

struct Document {
    std::string path; ///< Path from the root of the tree.
    std::vector<Command> commands;
    std::vector<std::string> mistakes;
};

std::ostream& operator<<(std::ostream& out, const Document& document) {
    return out << document.path;
}

bool is_exempt(const Command& command) {
    return std::ranges::any_of(exempt,
                               [&](const Exempt& entry) { return command.words.starts_with(entry.begin); });
}

/// Reads the commands of one block.
void take_block(const std::vector<std::string>& lines, int first_line, std::vector<Command>& commands) {
    const bool console = std::ranges::any_of(lines, [](const auto& line) { return line.starts_with("$ "); });
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const int number = first_line + static_cast<int>(i);
        if (console && lines[i].starts_with("$ ")) {
            commands.push_back({number, lines[i].substr(2), ""});
        } else if (console) {
            if (!commands.empty()) {
                commands.back().shown += lines[i] + "\n";
            }
        } else if (!lines[i].empty() && !lines[i].starts_with("#")) {
            commands.push_back({number, lines[i], ""});
        }
    }
}

Document read_document(std::istream& text, std::string path) {
    Document document{std::move(path), {}, {}};
    std::string tag;
    std::vector<std::string> block;
    int begun = 0;
    int number = 0;
    for (std::string line; std::getline(text, line);) {
        ++number;
        if (begun == 0 && line.starts_with("```")) {
            begun = number;
            tag = line.substr(3);
            block.clear();
        } else if (line == "```") {
            if (tag.empty() || tag == "console" || tag == "sh") {
                take_block(block, begun + 1, document.commands);
            } else if (std::ranges::find(no_commands, tag) == no_commands.end()) {
                document.mistakes.push_back("line " + std::to_string(begun) + ": is a block of " + tag +
                                            " commands?");
            }
            begun = 0;
        } else if (begun != 0) {
            block.push_back(line);
        }
    }
    if (begun != 0) {
        document.mistakes.push_back("line " + std::to_string(begun) + ": a block without an end");
    }
    return document;
}

std::vector<Document> all_documents() {
    const fs::path root = KEYTONE_ROOT;
    std::vector<fs::path> paths;
    for (const char* folder : {"", "docs", "engine", "examples", "testdata"}) {
        for (const auto& entry : fs::directory_iterator(root / folder)) {
            if (entry.path().extension() == ".md") {
                paths.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(paths);
    std::vector<Document> documents;
    for (const fs::path& path : paths) {
        std::ifstream file(path);
        documents.push_back(read_document(file, path.lexically_relative(root).string()));
    }
    return documents;
}

class Documents : public testing::TestWithParam<Document> {};

TEST_P(Documents, CommandsDoWhatIsShown) {
    const Document& document = GetParam();
    EXPECT_THAT(document.mistakes, testing::IsEmpty());
    const TemporaryFolder folder;
    for (const char* const name : {"testdata", "examples"}) {
        fs::create_directory_symlink(fs::path(KEYTONE_ROOT) / name, folder.path() / name);
    }
    // Takes the place of a sound card.
    fs::create_directory(folder.path() / "bin");
    fs::permissions(folder.write("bin/aplay", "#!/bin/sh\nexec cat >/dev/null\n"), fs::perms::owner_all);
    const std::string path = "PATH=" + fs::path(KEYTONE_PROGRAM).parent_path().string() + ":" +
                             folder.file("bin") + ":" + std::getenv("PATH");
    for (const Command& command : document.commands) {
        if (is_exempt(command)) {
            continue;
        }
        const auto result = run_child(
            "/usr/bin/env", {path, "LC_ALL=C.UTF-8", "bash", "-e", "-o", "pipefail", "-c", command.words},
            {.folder = folder.path().string()});
        const std::string where = document.path + ":" + std::to_string(command.line) + ": " + command.words;
        EXPECT_EQ(result.exit_code, 0) << where << "\n" << result.errors;
        if (!command.shown.empty()) {
            EXPECT_EQ(result.output, command.shown) << where;
        }
    }
}

std::string name_of(const testing::TestParamInfo<Document>& info) {
    std::string name = info.param.path;
    std::ranges::replace_if(
        name, [](unsigned char character) { return std::isalnum(character) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(, Documents, testing::ValuesIn(all_documents()), name_of);

TEST(Commands, NoExemptionIsLeftOver) {
    const auto documents = all_documents();
    for (const Exempt& entry : exempt) {
        const bool used = std::ranges::any_of(documents, [&](const Document& document) {
            return std::ranges::any_of(document.commands, [&](const Command& command) {
                return command.words.starts_with(entry.begin);
            });
        });
        EXPECT_TRUE(used) << entry.begin << ": no document has it";
    }
}

TEST(Commands, ScriptsThatAreNotRunAreThere) {
    for (const Document& document : all_documents()) {
        for (const Command& command : document.commands) {
            const std::string program = command.words.substr(0, command.words.find(' '));
            if (is_exempt(command) && program.find('/') != std::string::npos &&
                !program.starts_with("build/")) {
                EXPECT_TRUE(fs::exists(fs::path(KEYTONE_ROOT) / program)) << document.path << ": " << program;
            }
        }
    }
}

TEST(Commands, AreFoundInBlocks) {
    std::istringstream text(
        "`a`\n```\n# words\none\n\ntwo  # words\n```\n```console\n$ three\nshown\n\n$ four\n```\n"
        "```cpp\nfive\n```\n```json5\nsix\n```\n```\n");
    const Document document = read_document(text, "");
    ASSERT_EQ(document.commands.size(), 4U);
    EXPECT_EQ(document.commands[0].words, "one");
    EXPECT_EQ(document.commands[0].line, 4);
    EXPECT_EQ(document.commands[1].words, "two  # words");
    EXPECT_EQ(document.commands[2].words, "three");
    EXPECT_EQ(document.commands[2].shown, "shown\n\n");
    EXPECT_EQ(document.commands[3].words, "four");
    EXPECT_EQ(document.commands[3].shown, "");
    EXPECT_EQ(document.mistakes.size(), 2U);
}

} // namespace
} // namespace keytone::test
