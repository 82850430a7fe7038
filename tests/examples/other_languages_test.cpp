// SPDX-License-Identifier: MIT
//
// The examples in Python and JavaScript detect what the program sends, where those languages are installed.
#include "tests/support/keytone_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace keytone::test {
namespace {

/// Onsets to a hundredth of a second.
const auto heard = testing::MatchesRegex("1 at 0.10[0-9]* s\n5 at 0.30[0-9]* s\n# at 0.50[0-9]* s\n");

class OtherLanguages : public testing::Test {
  protected:
    std::string sent(const std::string& name) {
        EXPECT_THAT(keytone_program({"render", "15#", "-o", folder_.file(name), "--lead-ms", "100"}),
                    Succeeded());
        return folder_.file(name);
    }
    static ChildResult run(std::vector<std::string> words) {
        words.insert(words.begin(), "KEYTONE_LIBRARY=" KEYTONE_LIBRARY);
        return run_child("/usr/bin/env", words);
    }

  private:
    TemporaryFolder folder_;
};

TEST_F(OtherLanguages, PythonHearsKeys) {
    if (run({"python3", "-c", "import ctypes"}).exit_code != 0) {
        GTEST_SKIP() << "python3 is not installed";
    }
    const auto result = run({"python3", KEYTONE_ROOT "/examples/hear.py", sent("x.wav")});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, heard);
}

TEST_F(OtherLanguages, NodeHearsKeys) {
    if (run({"node", "-e", "require('koffi')"}).exit_code != 0) {
        GTEST_SKIP() << "node or koffi is not installed";
    }
    const auto result = run({"node", KEYTONE_ROOT "/examples/hear.js", sent("x.sln")});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, heard);
}

} // namespace
} // namespace keytone::test
