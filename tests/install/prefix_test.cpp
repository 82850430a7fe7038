// SPDX-License-Identifier: MIT
//
// The installation works for projects outside the tree: tests/install/consumers/, each built as by a user,
// run, and checked by its output.
#include "tests/support/installation.hpp"

#include <algorithm>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>

namespace keytone::test {
namespace {

const std::string consumers = KEYTONE_ROOT "/tests/install/consumers/";

class Prefix : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (KEYTONE_INSTALLS != 0 && KEYTONE_SANITIZER_INTERCEPTS == 0) {
            installation = std::make_unique<Installation>();
        }
    }
    static void TearDownTestSuite() { installation.reset(); }
    void SetUp() override {
        if (installation == nullptr) {
            GTEST_SKIP() << "this build installs nothing, or its users would need a sanitizer too";
        }
    }

    /// Configures and builds a consumer in work().
    [[nodiscard]] ChildResult build(const std::string& consumer, std::vector<std::string> options) const {
        options.insert(options.begin(), {KEYTONE_CMAKE, "-S", consumers + consumer, "-B", work(), "-G",
                                         "Ninja", "-DCMAKE_PREFIX_PATH=" + installation->prefix(),
                                         "-DCMAKE_C_COMPILER=" KEYTONE_C_COMPILER});
        if (consumer != "c") {
            options.push_back("-DCMAKE_CXX_COMPILER=" KEYTONE_CXX_COMPILER);
        }
        ChildResult result = run_tool(options);
        return result.exit_code != 0 ? result : run_tool({KEYTONE_CMAKE, "--build", work(), "-j", "2"});
    }
    [[nodiscard]] std::string work() const { return folder_.file("build"); }
    /// The output of a program in work(). It finds libkeytone where it was linked.
    [[nodiscard]] std::string output_of(const std::string& program) const {
        const auto result = run_child(work() + "/" + program, {}, {.folder = work()});
        EXPECT_TRUE(done(result));
        return result.output;
    }
    /// pkg-config's answer, split into words.
    static std::vector<std::string> pkg_config(std::vector<std::string> question) {
        const std::string files = std::filesystem::path(installation->find("keytone.pc")).parent_path();
        question.insert(question.begin(), {"PKG_CONFIG_PATH=" + files, "pkg-config"});
        const auto answer = run_tool(question);
        EXPECT_TRUE(done(answer));
        std::istringstream stream(answer.output);
        return {std::istream_iterator<std::string>(stream), {}};
    }
    /// Compiles one source with pkg-config's options, to the program `consumer` in work().
    void compile(const std::string& compiler, const std::string& source,
                 const std::vector<std::string>& options) {
        std::filesystem::create_directories(work());
        std::vector<std::string> words{compiler, consumers + source, "-o", work() + "/consumer"};
        words.insert(words.end(), options.begin(), options.end());
        EXPECT_TRUE(done(run_tool(words)));
    }

    static std::unique_ptr<Installation> installation;

  private:
    TemporaryFolder folder_;
};

std::unique_ptr<Installation> Prefix::installation;

/// The shared libraries that a program is linked with.
std::vector<std::string> needed_by(const std::string& program) {
    const auto listing = run_tool({"objdump", "-p", program});
    EXPECT_TRUE(done(listing));
    std::istringstream lines(listing.output);
    std::vector<std::string> names;
    for (std::string word; lines >> word;) {
        if (word == "NEEDED" && lines >> word) {
            names.push_back(word);
        }
    }
    return names;
}

void expect_the_standard_library_only(const std::string& program) {
    for (const std::string& name : needed_by(program)) {
        EXPECT_TRUE(name == "libstdc++.so.6" || name == "libm.so.6" || name == "libgcc_s.so.1" ||
                    name == "libc.so.6" || name.starts_with("ld-linux"))
            << name;
    }
}

TEST_F(Prefix, FindPackageGivesCItsLibrariesSharedAndStatic) {
    ASSERT_TRUE(done(
        build("c", {"-DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON", "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON"})));
    EXPECT_EQ(output_of("hear_keytone"), "5#\n");
    EXPECT_EQ(output_of("hear_static"), "5#\n");
    expect_the_standard_library_only(work() + "/hear_static");
}

TEST_F(Prefix, TheComponentDspNeedsNothing) {
    ASSERT_TRUE(done(build("cpp", {"-DCOMPONENT=dsp", "-DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON",
                                   "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON"})));
    EXPECT_EQ(output_of("consumer"), "7\n");
    expect_the_standard_library_only(work() + "/consumer");
}

TEST_F(Prefix, TheComponentEngineNeedsHeadersOnly) {
    ASSERT_TRUE(done(build("cpp", {"-DCOMPONENT=engine", "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON"})));
    EXPECT_EQ(output_of("consumer"), "9\n");
    expect_the_standard_library_only(work() + "/consumer");
}

TEST_F(Prefix, TheComponentJsonNeedsNoMore) {
    ASSERT_TRUE(done(build("cpp", {"-DCOMPONENT=json", "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON"})));
    EXPECT_EQ(output_of("consumer"), "taken\n");
    expect_the_standard_library_only(work() + "/consumer");
}

TEST_F(Prefix, TheComponentIoReadsAndWritesFiles) {
    ASSERT_TRUE(done(build("cpp", {"-DCOMPONENT=io", "-DCMAKE_DISABLE_FIND_PACKAGE_Flite=ON"})));
    EXPECT_EQ(output_of("consumer"), "123\n");
}

TEST_F(Prefix, TheComponentPromptsSpeaks) {
    ASSERT_TRUE(done(build("cpp", {"-DCOMPONENT=prompts"})));
    EXPECT_EQ(output_of("consumer"), "spoken\n");
}

TEST_F(Prefix, TheComponentDevicesLooksForThem) {
    ASSERT_TRUE(done(build("cpp", {"-DCOMPONENT=devices"})));
    EXPECT_EQ(output_of("consumer"), "looked\n");
}

TEST_F(Prefix, AComponentThatIsNoneIsRefused) {
    const auto refused = build("cpp", {"-DCOMPONENT=fax"});
    EXPECT_NE(refused.exit_code, 0);
    EXPECT_NE(refused.errors.find("fax"), std::string::npos) << refused.errors;
}

TEST_F(Prefix, PkgConfigServesCSharedAndStatic) {
    auto shared = pkg_config({"--cflags", "--libs", "keytone"});
    shared.push_back("-Wl,-rpath," +
                     std::filesystem::path(installation->find("libkeytone.so")).parent_path().string());
    compile(KEYTONE_C_COMPILER, "c/hear.c", shared);
    EXPECT_EQ(output_of("consumer"), "5#\n");
    EXPECT_EQ(std::ranges::count(needed_by(work() + "/consumer"), "libkeytone.so.0"), 1);

    auto all_static = pkg_config({"--cflags", "--libs", "--static", "keytone"});
    all_static.emplace_back("-static");
    compile(KEYTONE_C_COMPILER, "c/hear.c", all_static);
    EXPECT_EQ(output_of("consumer"), "5#\n");
    EXPECT_TRUE(needed_by(work() + "/consumer").empty());
}

TEST_F(Prefix, PkgConfigServesEachComponent) {
    const std::vector<std::pair<std::string, std::string>> components{
        {"dsp", "7\n"},  {"engine", "9\n"},       {"json", "taken\n"},
        {"io", "123\n"}, {"prompts", "spoken\n"}, {"devices", "looked\n"}};
    for (const auto& [component, printed] : components) {
        auto options = pkg_config({"--cflags", "--libs", "keytone-" + component});
        options.emplace_back("-std=c++20");
        compile(KEYTONE_CXX_COMPILER, "cpp/" + component + ".cpp", options);
        EXPECT_EQ(output_of("consumer"), printed) << component;
    }
}

TEST_F(Prefix, HeadersStandBehindThoseOfTheirUser) {
    // A server's own dsp/ is found, and keytone's does not hide it.
    std::filesystem::create_directories(work() + "/server/dsp");
    std::ofstream(work() + "/server/dsp/keys.hpp") << "#define OWN 1\n";
    std::ofstream(work() + "/server/main.cpp")
        << "#include <keytone/dsp/dtmf_detector.hpp>\n"
           "#include <dsp/keys.hpp>\n"
           "static_assert(OWN == 1);\n"
           "keytone::SampleRate rate = keytone::SampleRate::narrowband();\n";
    auto words = pkg_config({"--cflags", "keytone-dsp"});
    words.insert(words.begin(),
                 {KEYTONE_CXX_COMPILER, "-std=c++20", "-fsyntax-only", work() + "/server/main.cpp"});
    words.push_back("-I" + work() + "/server");
    EXPECT_TRUE(done(run_tool(words)));
    // Until the next version: the names from before, as they were included.
    auto options = pkg_config({"--cflags", "--libs", "keytone-dsp"});
    options.emplace_back("-std=c++20");
    compile(KEYTONE_CXX_COMPILER, "cpp/old_names.cpp", options);
    EXPECT_EQ(output_of("consumer"), "both\n");
}

TEST_F(Prefix, AddSubdirectoryIsOptimisedWithoutABuildType) {
    const TemporaryFolder build;
    ASSERT_TRUE(done(
        run_tool({KEYTONE_CMAKE, "-S", consumers + "subdirectory", "-B", build.path(), "-G", "Ninja",
                  "-DKEYTONE=" KEYTONE_ROOT, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                  "-DCMAKE_C_COMPILER=" KEYTONE_C_COMPILER, "-DCMAKE_CXX_COMPILER=" KEYTONE_CXX_COMPILER})));
    std::istringstream commands(build.read("compile_commands.json"));
    int sources = 0;
    for (std::string line; std::getline(commands, line);) {
        if (line.find("\"command\"") != std::string::npos &&
            line.find("keytone_dsp.dir") != std::string::npos) {
            ++sources;
            EXPECT_NE(line.find(" -O2"), std::string::npos) << line;
        }
    }
    EXPECT_GT(sources, 10);
}

TEST_F(Prefix, AddSubdirectoryBuildsItAndInstallsNothingOfIt) {
    ASSERT_TRUE(done(build("subdirectory", {"-DKEYTONE=" KEYTONE_ROOT, "-DCMAKE_CXX_FLAGS=-O0"})));
    EXPECT_EQ(output_of("consumer"), "7\n");
    const TemporaryFolder empty;
    EXPECT_TRUE(done(run_tool({KEYTONE_CMAKE, "--install", work(), "--prefix", empty.path()})));
    EXPECT_EQ(empty.entries(), 1);
    EXPECT_TRUE(std::filesystem::exists(empty.file("bin/consumer")));
}

TEST_F(Prefix, EveryHeaderCompilesAlone) {
    std::vector<std::string> headers;
    const std::string root = std::filesystem::path(installation->find("keytone.h")).parent_path();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().extension() == ".hpp") {
            headers.push_back(entry.path());
        }
    }
    EXPECT_GT(headers.size(), 60U);
    const auto check = [&](std::size_t first) {
        std::vector<std::string> words{
            KEYTONE_CXX_COMPILER, "-std=c++20", "-fsyntax-only", "-w", "-I", root + "/..", "-x", "c++"};
        for (std::size_t i = first; i < headers.size(); i += 2) {
            words.push_back(headers[i]);
        }
        return run_tool(words);
    };
    auto other_half = std::async(std::launch::async, check, 1U);
    EXPECT_TRUE(done(check(0)));
    EXPECT_TRUE(done(other_half.get()));
}

TEST_F(Prefix, DocumentsExamplesAndScenariosAreThere) {
    for (const char* const name :
         {"share/doc/keytone/README.md", "share/doc/keytone/embedding.md",
          "share/keytone/scenarios/transfer_extension.jsonl", "share/doc/libkeytone-dev/README.md",
          "share/doc/libkeytone-dev/examples/media_server.cpp",
          "share/doc/libkeytone-dev/examples/hear.py"}) {
        EXPECT_TRUE(std::filesystem::exists(installation->prefix() + "/" + name)) << name;
    }
    const auto played =
        run_tool({KEYTONE_PROGRAM, "simulate",
                  installation->prefix() + "/share/keytone/scenarios/wait_beep.jsonl", "-o", work()});
    EXPECT_TRUE(done(played));
}

TEST_F(Prefix, NothingNamesTheTreeItWasBuiltIn) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(installation->prefix())) {
        const auto extension = entry.path().extension();
        if (extension == ".cmake" || extension == ".pc" || extension == ".1" || extension == ".fish") {
            std::ifstream file(entry.path());
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            EXPECT_EQ(text.find(KEYTONE_ROOT), std::string::npos) << entry.path();
        }
    }
}

} // namespace
} // namespace keytone::test
