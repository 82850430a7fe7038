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

TEST(LiveDemo, BuildsAndPlacesACall) {
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
    EXPECT_NE(result.output.find("\nKeys that it heard: 221\n"), std::string::npos) << result.output;
}

} // namespace
} // namespace keytone::test
