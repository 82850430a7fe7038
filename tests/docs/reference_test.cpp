// SPDX-License-Identifier: MIT
//
// Doxygen understands every comment of the interfaces: it has no warnings, and in keytone.h everything is
// documented.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace keytone::test {
namespace {

using testing::HasSubstr;

class Reference : public testing::Test {
  protected:
    void SetUp() override {
        if (run_child("/usr/bin/env", {"doxygen", "--version"}).exit_code != 0) {
            GTEST_SKIP() << "doxygen is not installed: tools/install-deps installs it";
        }
    }
    /// Runs Doxygen with docs/Doxyfile.in and further `settings`.
    [[nodiscard]] ChildResult write(const std::string& settings = "") const {
        return run_child(
            "/usr/bin/env",
            {"doxygen", folder_.write("Doxyfile", "@INCLUDE = \"" KEYTONE_DOXYFILE "\"\n"
                                                  "OUTPUT_DIRECTORY = \"" +
                                                      folder_.path().string() + "\"\n" + settings)});
    }
    [[nodiscard]] std::string page(const std::string& name) const { return folder_.read("html/" + name); }
    const TemporaryFolder& folder() const { return folder_; }

  private:
    TemporaryFolder folder_;
};

TEST_F(Reference, HasNothingToWarnOf) {
    const auto result = write();
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.errors, "");
    EXPECT_THAT(page("keytone_8h.html"), HasSubstr("keytone_detector_process"));
    EXPECT_THAT(page("classkeytone_1_1DtmfDetector.html"), HasSubstr("process_lost"));
    EXPECT_THAT(page("classkeytone_1_1Session.html"), HasSubstr("submit"));
    EXPECT_THAT(page("classkeytone_1_1KeyMerger.html"), HasSubstr("hear"));
}

TEST_F(Reference, OfTheCInterfaceIsWhole) {
    const auto result = write("INPUT = \"" KEYTONE_ROOT "/engine/c/keytone/keytone.h\"\nEXTRACT_ALL = NO\n");
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.errors, "");
}

TEST_F(Reference, OfAMistakeFails) {
    const auto header = folder().write("wrong.hpp", "/// See \\ref nothing_of_that_name.\nint x();\n");
    const auto result = write("INPUT = \"" + header + "\"\n");
    EXPECT_NE(result.exit_code, 0);
    EXPECT_THAT(result.errors, HasSubstr("nothing_of_that_name"));
}

} // namespace
} // namespace keytone::test
