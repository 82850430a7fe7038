// SPDX-License-Identifier: MIT
#include "tests/support/temporary_folder.hpp"
#include "tools/console/text_output.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace keytone::tools {
namespace {

using test::TemporaryFolder;

TEST(TextOutput, WritesAFileAndReplacesAnother) {
    const TemporaryFolder folder;
    const std::string text = std::string(100'000, 'x') + '\0' + "\n";
    EXPECT_FALSE(write_text(folder.file("t"), text));
    EXPECT_EQ(folder.read("t"), text);
    EXPECT_FALSE(write_text(folder.file("t"), "short\n"));
    EXPECT_EQ(folder.read("t"), "short\n");
    EXPECT_FALSE(write_text(folder.file("t"), ""));
    EXPECT_EQ(folder.read("t"), "");
    EXPECT_EQ(folder.entries(), 1);
}

TEST(TextOutput, TellsWhyThereIsNoFile) {
    const TemporaryFolder folder;
    const auto missing = write_text(folder.file("none/t"), "x");
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->code, ExitCode::failed);
    EXPECT_EQ(missing->message, folder.file("none/t") + ": no such folder: make it first");
    std::filesystem::create_directory(folder.path() / "d");
    const auto directory = write_text(folder.file("d"), "x");
    ASSERT_TRUE(directory);
    EXPECT_EQ(directory->message, folder.file("d") + ": is a directory: name a file in it");
    EXPECT_EQ(folder.entries(), 1);
}

TEST(TextOutput, TellsAFullDisk) {
    const auto full = write_text("/dev/full", "x");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->message, "/dev/full: the disk is full: make room, or write elsewhere");
}

} // namespace
} // namespace keytone::tools
