// SPDX-License-Identifier: MIT
//
// The Debian packages, built from the tree, installed in a fresh Debian and used there. It takes minutes:
// tests/run --all.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
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
                           "keytone-server " KEYTONE_VERSION "\n"
                           "/etc/keytone/server.toml: nothing is wrong with it\n"
                           "/lib/systemd/system/keytone-server.service\n"
                           "/etc/keytone/server.toml\n"
                           "info service.ended\n"
                           "/usr/share/doc/keytone/README.md\n"
                           "/usr/share/doc/libkeytone-dev/examples/media_server.cpp\n");

    if (std::filesystem::exists("/usr/bin/systemd-analyze")) {
        const std::string unit = folder.file("root/lib/systemd/system/keytone-server.service");
        std::ifstream stream(unit);
        std::string text{std::istreambuf_iterator<char>(stream), {}};
        const std::string program = "/usr/bin/keytone-server";
        ASSERT_NE(text.find(program), std::string::npos);
        text.replace(text.find(program), 0, folder.file("root"));
        const auto verified = run_child("/usr/bin/env", {"systemd-analyze", "verify", "--man=no",
                                                         folder.write("keytone-server.service", text)});
        EXPECT_EQ(verified.exit_code, 0) << verified.errors;
        EXPECT_EQ(verified.errors, "");
        // Of 10, the less the better: what the unit leaves open.
        const auto exposure = run_child(
            "/usr/bin/env", {"systemd-analyze", "security", "--offline=true", "--threshold=20", unit});
        EXPECT_EQ(exposure.exit_code, 0) << exposure.output;
    }
    if (std::filesystem::exists("/usr/bin/lintian")) {
        std::vector<std::string> words{"lintian", "--fail-on", "error", "--allow-root"};
        words.insert(words.end(), packages.begin(), packages.end());
        const auto lint = run_child("/usr/bin/env", words);
        EXPECT_EQ(lint.exit_code, 0) << lint.output << lint.errors;
    }
}

} // namespace
} // namespace keytone::test
