// SPDX-License-Identifier: MIT
#include "tests/support/temporary_folder.hpp"
#include "tools/console/text_input.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::tools {
namespace {

TEST(TextInput, ReadsAllOfAFileUpToTheLimit) {
    const test::TemporaryFolder folder;
    const std::string text = std::string(10'000, 'x') + '\0' + "\n";
    const auto read = read_text(folder.write("t", text), text.size());
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, text);
    const auto refused = read_text(folder.file("t"), text.size() - 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::failed);
    EXPECT_EQ(refused.error().message, folder.file("t") + ": has more than 10001 bytes: give a shorter one");
}

TEST(TextInput, ReadsAnEmptyFile) {
    const test::TemporaryFolder folder;
    const auto read = read_text(folder.write("t", ""), 10);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, "");
}

} // namespace
} // namespace keytone::tools
