// SPDX-License-Identifier: MIT
//
// tools/demo and tools/install-deps as a new user runs them: in a path with spaces, as a user who is not
// root, and with a build that fails. The program is built already: a stand-in for cmake copies it to its
// place.
#include "tests/support/background_process.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace keytone::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// How many packages the demo may install on a fresh Debian.
constexpr std::size_t max_demo_packages = 150;

ChildResult run(std::vector<std::string> words, const std::string& folder = KEYTONE_ROOT) {
    return run_child("/usr/bin/env", words, {.folder = folder});
}

/// Whether no program runs any more whose arguments name `text`, or soon none does.
bool are_gone(const std::string& text) {
    const auto is_there = [&] {
        return std::ranges::any_of(fs::directory_iterator("/proc"), [&](const fs::directory_entry& process) {
            std::ifstream arguments(process.path() / "cmdline");
            const std::string words{std::istreambuf_iterator<char>(arguments), {}};
            return words.find(text) != std::string::npos;
        });
    };
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    while (is_there()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
}

class Demo : public testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(tree_);
        for (const char* const name : {"tools", "testdata", "examples", "CMakePresets.json"}) {
            fs::copy(fs::path(KEYTONE_ROOT) / name, tree_ / name, fs::copy_options::recursive);
        }
        fs::copy(KEYTONE_PROGRAM, folder_.path() / "keytone");
        fs::copy(KEYTONE_SERVER, folder_.path() / "keytone-server");
        fs::create_directory(folder_.path() / "bin");
    }
    /// The command that runs the demo, with `script` in the place of cmake.
    std::vector<std::string> command(const std::string& script, const std::vector<std::string>& options) {
        fs::permissions(folder_.write("bin/cmake", "#!/bin/sh\n" + script), fs::perms::all);
        std::vector<std::string> words{"PATH=" + folder_.file("bin") + ":" + std::getenv("PATH"),
                                       "HOME=" + folder_.path().string()};
        if (geteuid() == 0) { // As a user without rights elsewhere.
            fs::permissions(folder_.path(), fs::perms::all);
            EXPECT_EQ(run({"chown", "-R", "65534:65534", folder_.path()}).exit_code, 0);
            words.insert(words.end(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
        }
        words.insert(words.end(), {(tree_ / "tools/demo").string(), "--no-install"});
        words.insert(words.end(), options.begin(), options.end());
        return words;
    }
    ChildResult demo(const std::string& script, const std::vector<std::string>& options = {}) {
        return run(command(script, options), tree_);
    }
    /// A script that copies the programs to where a build puts them.
    [[nodiscard]] std::string stand_in() const {
        return "[ \"$1\" = --build ] || exit 0\n"
               "echo '[1/2] one'; echo '[2/2] two'; mkdir -p build/demo/bin\n"
               "cp '" +
               folder_.file("keytone") + "' '" + folder_.file("keytone-server") + "' build/demo/bin\n";
    }

    TemporaryFolder folder_;
    fs::path tree_ = folder_.path() / "a tree of mine";
};

TEST_F(Demo, TellsACallAndEndsInLinesThatCanBePasted) {
    const auto result = demo(stand_in());
    ASSERT_EQ(result.exit_code, 0) << result.output << result.errors;
    EXPECT_THAT(result.output, HasSubstr("Leg b: keys sent 221      heard in leg-b.wav 221\n"));
    EXPECT_THAT(result.output, HasSubstr("2 of 2 steps\n"));
    const auto pasted = result.output.substr(result.output.find("Try next"));
    const auto again = run({"bash", "-euc", pasted.substr(pasted.find("\n\n"))}, "/");
    EXPECT_EQ(again.exit_code, 0) << pasted << again.errors;
    EXPECT_THAT(again.output, HasSubstr("\"digits\":\"221\""));
    EXPECT_TRUE(fs::exists(tree_ / "build/demo/call-again/leg-b.wav"));
}

TEST_F(Demo, TellsAWholeCallWithAnAgentAndItsReport) {
    if (run({"/usr/bin/python3", "-c", "import websockets"}).exit_code != 0) {
        GTEST_SKIP() << "python3-websockets is not installed";
    }
    const auto result = demo(stand_in(), {"--live"});
    ASSERT_EQ(result.exit_code, 0) << result.output << result.errors;
    EXPECT_THAT(result.output, HasSubstr("\nThe caller's phone got the key: 1\n"));
    EXPECT_THAT(result.output, HasSubstr("\nThe second phone got the extension: 221, "));
    EXPECT_THAT(result.output, HasSubstr("its signature is right: session.completed, transferred true"));
    const fs::path call = tree_ / "build/demo/call";
    for (const char* const name :
         {"report.json", "recording.wav", "caller/leg-a-heard.wav", "caller/timeline.png", "caller.pcap",
          "second-phone/leg-a-heard.wav", "second-phone/timeline.png", "second-phone.pcap"}) {
        EXPECT_TRUE(fs::exists(call / name)) << name;
    }
    EXPECT_TRUE(are_gone(call.string()));
}

TEST_F(Demo, EndsItsProgramsHoweverItEnds) {
    if (run({"/usr/bin/python3", "-c", "import websockets"}).exit_code != 0) {
        GTEST_SKIP() << "python3-websockets is not installed";
    }
    for (const int signal : {SIGTERM, SIGINT, SIGKILL}) {
        auto words = command(stand_in(), {"--live"});
        words.insert(words.begin(), "/usr/bin/env");
        BackgroundProcess process(words);
        ASSERT_TRUE(process.says("runs, some 15 s", std::chrono::seconds(60))) << process.errors();
        process.signal(signal);
        EXPECT_NE(process.ends(std::chrono::seconds(30)).value_or(0), 0) << signal;
        EXPECT_TRUE(are_gone((tree_ / "build/demo/call").string())) << signal;
    }
}

TEST_F(Demo, PlacesARealCall) {
    const auto result = demo(stand_in(), {"--live", "testdata/scenarios/transfer_extension.jsonl"});
    ASSERT_EQ(result.exit_code, 0) << result.output << result.errors;
    EXPECT_THAT(result.output, HasSubstr("\nKeys that it heard: 221\n"));
    for (const char* const name : {"leg-a.wav", "leg-b-heard.wav", "timeline.png", "packets.pcap"}) {
        EXPECT_TRUE(fs::exists(tree_ / "build/demo/call" / name)) << name;
        EXPECT_THAT(result.output, HasSubstr(std::string("build/demo/call/") + name));
    }
}

TEST_F(Demo, StopsWhereTheBuildFails) {
    ASSERT_EQ(demo(stand_in()).exit_code, 0); // Leaves an old program there.
    const auto result = demo("echo '[1/9] one'; echo 'x.cpp:1:1: error: no'; exit 1\n");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, HasSubstr("x.cpp:1:1: error: no\n"));
    EXPECT_THAT(result.errors, HasSubstr("the build failed in " + tree_.string() + "/build/demo"));
    EXPECT_THAT(result.errors, Not(HasSubstr("[1/9]")));
    EXPECT_THAT(result.output, Not(HasSubstr("leg by leg")));
}

TEST_F(Demo, StopsWhereItCannotWrite) {
    static_cast<void>(folder_.write("a tree of mine/build", "no folder, as one of another user is none"));
    const auto result = demo(stand_in());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, HasSubstr(tree_.string() + "/build/demo cannot be written by"));
    EXPECT_EQ(result.output, "");
}

TEST(InstallDeps, KnowsItsParts) {
    const auto list = [](const std::string& part) {
        const auto result = run({"tools/install-deps", "--print", part});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        std::istringstream lines(result.output);
        return std::set<std::string>{std::istream_iterator<std::string>(lines), {}};
    };
    const auto library = list("library");
    const auto demo = list("demo");
    const auto build = list("build");
    const auto test = list("test");
    const auto all = list("all");
    EXPECT_TRUE(std::ranges::includes(demo, library));
    EXPECT_TRUE(std::ranges::includes(build, demo));
    EXPECT_TRUE(std::ranges::includes(test, build));
    EXPECT_TRUE(std::ranges::includes(all, test));
    EXPECT_TRUE(std::ranges::includes(all, list("lint")));
    EXPECT_TRUE(list("lint").contains("clang-tidy-22"));
    EXPECT_FALSE(test.contains("clang-tidy-22"));
    // Without an argument: what tests/run and .ci/run need.
    const auto none = run({"tools/install-deps", "--print"});
    std::istringstream lines(none.output);
    const std::set<std::string> usual{std::istream_iterator<std::string>(lines), {}};
    EXPECT_TRUE(std::ranges::includes(usual, test));
    EXPECT_TRUE(std::ranges::includes(usual, list("lint")));
    const auto wrong = run({"tools/install-deps", "everything"});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_THAT(wrong.errors, HasSubstr("everything is neither a part nor an option"));
}

/// The packages that apt would install on an empty Debian; empty where apt knows no archive.
std::set<std::string> brought_by(const std::string& packages, const TemporaryFolder& folder) {
    const auto result = run({"bash", "-c",
                             "apt-get --simulate --no-install-recommends -o Dir::State::Status='" +
                                 folder.write("status", "") + "' install " + packages});
    std::set<std::string> names;
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("Inst ")) {
            names.insert(line.substr(5, line.find(' ', 5) - 5));
        }
    }
    return names;
}

TEST(InstallDeps, BringsLittleForTheDemoAndNoService) {
    if (!fs::exists("/usr/bin/apt-get")) {
        GTEST_SKIP() << "this is no Debian";
    }
    const TemporaryFolder folder;
    // Essential packages, and those that debootstrap's smallest Debian has in addition.
    const auto fresh =
        brought_by("apt adduser base-files base-passwd bash bsdutils coreutils dash debianutils "
                   "diffutils dpkg findutils gcc-12-base grep gzip hostname init-system-helpers "
                   "libc-bin login mawk mount ncurses-base ncurses-bin passwd perl-base sed "
                   "sysvinit-utils tar tzdata util-linux util-linux-extra",
                   folder);
    auto brought = brought_by("$(tools/install-deps --print demo)", folder);
    if (fresh.empty() || brought.empty()) {
        GTEST_SKIP() << "apt knows no archive";
    }
    std::erase_if(brought, [&](const std::string& name) { return fresh.contains(name); });
    EXPECT_GT(brought.size(), 50U);
    EXPECT_LE(brought.size(), max_demo_packages);
    for (const char* const service : {"systemd", "dbus", "dbus-user-session", "pulseaudio", "jackd2", "cron",
                                      "rtkit", "polkitd", "avahi-daemon"}) {
        EXPECT_FALSE(brought.contains(service)) << service;
    }
}

TEST(InstallDeps, TellsErrorsAsAptDoes) {
    if (!fs::exists("/usr/bin/dpkg-query")) {
        GTEST_SKIP() << "this is no Debian";
    }
    const TemporaryFolder folder;
    // Nothing is installed, and apt fails with messages of its own.
    fs::create_directory(folder.path() / "bin");
    const std::string apt = "#!/bin/sh\necho 'Reading package lists...'\n"
                            "echo 'E: Unable to locate package cmake' >&2\nexit 100\n";
    for (const auto& [name, text] :
         {std::pair{"apt-get", apt}, std::pair{"dpkg-query", std::string("#!/bin/sh\nexit 1\n")},
          std::pair{"sudo",
                    std::string("#!/bin/sh\n[ \"$1\" = --non-interactive ] && shift\nexec \"$@\"\n")}}) {
        fs::permissions(folder.write(std::string("bin/") + name, text), fs::perms::all);
    }
    fs::create_directory(folder.path() / "tools");
    fs::copy(KEYTONE_ROOT "/tools/install-deps", folder.path() / "tools/install-deps");
    const auto result =
        run({"PATH=" + folder.file("bin") + ":" + std::getenv("PATH"), "tools/install-deps", "library"},
            folder.path());
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, HasSubstr("install-deps: E: Unable to locate package cmake\n"));
    EXPECT_THAT(result.errors, Not(HasSubstr("Reading package lists")));
    EXPECT_THAT(folder.read("build/install-deps.log"), HasSubstr("Reading package lists"));
}

} // namespace
} // namespace keytone::test
