// SPDX-License-Identifier: MIT
//
// `tools/demo --live` with the build that it does: several sources in one, where two names may meet.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace keytone::test {
namespace {

namespace fs = std::filesystem;

TEST(LiveDemo, BuildsAndTellsAWholeCall) {
    const TemporaryFolder folder;
    const fs::path tree = folder.path() / "a tree of mine";
    fs::create_directory(tree);
    for (const fs::directory_entry& entry : fs::directory_iterator(KEYTONE_ROOT)) {
        if (entry.path().filename() != "build" && entry.path().filename() != ".git") {
            fs::copy(entry.path(), tree / entry.path().filename(), fs::copy_options::recursive);
        }
    }
    const auto result = run_child("/usr/bin/env", {"tools/demo", "--live", "--no-install"}, {.folder = tree});
    EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
    for (const char* const line :
         {"The page:        http://127.0.0.1:", "keytone -> the caller: 200 OK (to INVITE)\n",
          "the prompt is over", "the caller gets the key 1: ", "keytone says: \"Please hold the line.\"\n",
          "the second phone gets the key 2: ", "both phones are connected",
          "the caller hears the second phone's voice\n", "the second phone -> keytone: BYE\n",
          "its signature is right: session.completed, transferred true",
          "\nThe caller's phone got the key: 1\n", "\nThe second phone got the extension: 221, "}) {
        EXPECT_NE(result.output.find(line), std::string::npos) << line << "\n" << result.output;
    }
}

} // namespace
} // namespace keytone::test
