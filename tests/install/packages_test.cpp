// SPDX-License-Identifier: MIT
//
// The Debian packages, built from the tree, installed in a fresh Debian and used there. It takes minutes:
// tests/run --all.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

TEST(Packages, ServeAFreshDebian) {
    const TemporaryFolder folder;
    const std::string build = folder.file("build");
    const auto configured = run_child("/usr/bin/env", {KEYTONE_CMAKE, "--preset", "package", "-B", build},
                                      {.folder = KEYTONE_ROOT});
    ASSERT_EQ(configured.exit_code, 0) << configured.errors;
    const auto built =
        run_child("/usr/bin/env", {KEYTONE_CMAKE, "--build", build, "--target", "package", "-j", "2"});
    ASSERT_EQ(built.exit_code, 0) << built.output << built.errors;

    std::vector<std::string> packages;
    for (const auto& entry : std::filesystem::directory_iterator(build)) {
        if (entry.path().extension() == ".deb") {
            packages.push_back(entry.path());
        }
    }
    ASSERT_EQ(packages.size(), 4U);

    std::vector<std::string> arguments{folder.path()};
    arguments.insert(arguments.end(), packages.begin(), packages.end());
    const auto used = run_child(KEYTONE_ROOT "/tests/install/clean-root", arguments);
    if (used.exit_code == 77) {
        GTEST_SKIP() << used.output;
    }
    EXPECT_EQ(used.exit_code, 0) << used.errors;
    EXPECT_EQ(used.errors, "");
    EXPECT_EQ(used.output, "keytone " KEYTONE_VERSION "\nx.wav\t12#\n5#\n1\n"
                           "/usr/share/doc/keytone/README.md\n"
                           "/usr/share/doc/libkeytone-dev/examples/media_server.cpp\n");

    if (std::filesystem::exists("/usr/bin/lintian")) {
        std::vector<std::string> words{"lintian", "--fail-on", "error", "--allow-root"};
        words.insert(words.end(), packages.begin(), packages.end());
        const auto lint = run_child("/usr/bin/env", words);
        EXPECT_EQ(lint.exit_code, 0) << lint.output << lint.errors;
    }
}

} // namespace
} // namespace keytone::test
