// SPDX-License-Identifier: MIT
#include "tests/support/temporary_folder.hpp"
#include "tools/audio_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace keytone::tools {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(AudioFiles, AreWhatAFolderHoldsInTheOrderOfTheirNames) {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "b/c");
    const auto z = folder.write("z.wav", "");
    const auto deep = folder.write("b/c/x.SLN16", "");
    const auto a = folder.write("b/a.mp3", "");
    static_cast<void>(folder.write("notes.txt", ""));
    // A link back to the first folder, which is not followed.
    std::filesystem::create_directory_symlink(folder.path(), folder.path() / "b/loop");
    const auto files = audio_files_below({"first.txt", folder.path(), "-"});
    ASSERT_TRUE(files);
    EXPECT_THAT(*files, ElementsAre("first.txt", a, deep, z, "-"));
}

TEST(AudioFiles, OfAFolderWithoutAnyAreAFailure) {
    const TemporaryFolder folder;
    const auto files = audio_files_below({folder.path()});
    ASSERT_FALSE(files);
    EXPECT_THAT(files.error().message, HasSubstr("holds no audio file"));
}

} // namespace
} // namespace keytone::tools
