// SPDX-License-Identifier: MIT
//
// What programs that were linked with an earlier libkeytone rely on is still there: engine/c/keytone.abi, as
// tests/engine/c/abi-dump wrote it. Additions are allowed, and must be recorded there, too.
#include "tests/support/child_process.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

const std::string root = KEYTONE_ROOT;
const std::string library = KEYTONE_LIBRARY;

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

ChildResult run_tool(const std::string& name, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), name);
    return run_child("/usr/bin/env", arguments);
}

/// abidiff's exit code: 0 where everything of `before` is still there.
int changes(const std::string& before, const std::string& after) {
    const ChildResult result = run_tool("abidiff", {"--no-added-syms", before, after});
    if (result.exit_code != 0) {
        std::cout << result.output << result.errors;
    }
    return result.exit_code;
}

std::string dump_of_library() {
    const ChildResult dump = run_child(root + "/tests/engine/c/abi-dump", {library});
    EXPECT_EQ(dump.exit_code, 0) << dump.errors;
    return dump.output;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

TEST(Abi, NothingThatProgramsRelyOnIsGone) {
    const TemporaryFolder folder;
    const auto now = folder.write("now.abi", dump_of_library());
    EXPECT_EQ(changes(root + "/engine/c/keytone.abi", now), 0)
        << "an incompatible change: take it back, or raise the major version and write the dump anew";
}

TEST(Abi, WhatWasAddedIsWrittenDown) {
    const std::string written = read_file(root + "/engine/c/keytone.abi");
    const TemporaryFolder folder;
    const auto now = folder.write("now.abi", dump_of_library());
    EXPECT_EQ(changes(now, root + "/engine/c/keytone.abi"), 0)
        << "tests/engine/c/abi-dump " << library << " > engine/c/keytone.abi";
    EXPECT_EQ(written.find(root), std::string::npos);
}

TEST(Abi, NoOtherSymbolIsSeen) {
    const ChildResult symbols = run_tool("nm", {"-D", "--defined-only", "--format=just-symbols", library});
    ASSERT_EQ(symbols.exit_code, 0) << symbols.errors;
    std::istringstream lines(symbols.output);
    int functions = 0;
    for (std::string line; std::getline(lines, line);) {
        EXPECT_TRUE(line.starts_with("keytone_") || line.starts_with("KEYTONE_0")) << line;
        ++functions;
    }
    EXPECT_GT(functions, 20);
}

TEST(Abi, ItNeedsTheStandardLibraryOnly) {
    if (KEYTONE_SANITIZER_INTERCEPTS != 0) {
        GTEST_SKIP() << "a sanitizer brings its own library";
    }
    const ChildResult needed = run_tool("objdump", {"-p", library});
    ASSERT_EQ(needed.exit_code, 0) << needed.errors;
    std::istringstream lines(needed.output);
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find("NEEDED");
        if (at != std::string::npos) {
            const std::string name = line.substr(line.find_first_not_of(' ', at + 6));
            EXPECT_TRUE(name == "libstdc++.so.6" || name == "libm.so.6" || name == "libgcc_s.so.1" ||
                        name == "libc.so.6" || name.starts_with("ld-linux"))
                << name;
        }
    }
}

// The comparison must be able to fail.
TEST(Abi, TheComparisonSeesALostFunctionAndAMovedMember) {
    const std::string dump = dump_of_library();
    const TemporaryFolder folder;
    const auto before = folder.write("before.abi", dump);
    const auto renamed = folder.write("renamed.abi", replaced(dump, "<elf-symbol name='keytone_version'",
                                                              "<elf-symbol name='keytone_edition'"));
    EXPECT_NE(changes(before, renamed), 0);
    const auto moved = folder.write("moved.abi", replaced(dump, "name='KEYTONE_ERROR_MEMORY' value='2'",
                                                          "name='KEYTONE_ERROR_MEMORY' value='3'"));
    EXPECT_NE(changes(before, moved), 0);
}

} // namespace
} // namespace keytone::test
