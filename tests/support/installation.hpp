// SPDX-License-Identifier: MIT
//
// keytone as installed by `cmake --install`, in a folder of its own. For tests that define KEYTONE_BUILD and
// KEYTONE_CMAKE.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace keytone::test {

/// Runs a program that is found in PATH.
inline ChildResult run_tool(std::vector<std::string> words, const ChildSetup& setup = {}) {
    return run_child("/usr/bin/env", words, setup);
}

/// Whether the child ended with exit code 0.
inline testing::AssertionResult done(const ChildResult& result) {
    return result.exit_code == 0 ? testing::AssertionSuccess()
                                 : testing::AssertionFailure() << "exit code " << result.exit_code << '\n'
                                                               << result.output << result.errors;
}

/// The build that this test belongs to, installed.
class Installation {
  public:
    Installation() {
        const auto installed = run_tool({KEYTONE_CMAKE, "--install", KEYTONE_BUILD, "--prefix", prefix()});
        EXPECT_TRUE(done(installed));
    }

    [[nodiscard]] std::string prefix() const { return folder_.file("prefix"); }
    /// The one file or folder of this name below the prefix.
    [[nodiscard]] std::string find(const std::string& name) const {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(prefix())) {
            if (entry.path().filename() == name) {
                return entry.path().string();
            }
        }
        ADD_FAILURE() << name << " is not installed";
        return "";
    }

  private:
    TemporaryFolder folder_;
};

} // namespace keytone::test
