// SPDX-License-Identifier: MIT
//
// The inner loops for AVX-512, run on an emulated processor: few machines have it. It takes minutes:
// tests/run --all.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::HasSubstr;

int count(const std::string& text, const std::string& part) {
    int found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
        ++found;
    }
    return found;
}

TEST(Avx512, GivesTheSameReportsOnAnEmulatedProcessor) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{folder.path()};
    std::istringstream names(KEYTONE_EMULATED);
    const std::vector<std::string> programs{std::istream_iterator<std::string>(names), {}};
    for (const std::string& program : programs) {
        arguments.push_back(KEYTONE_PROGRAMS "/" + program);
    }
    arguments.insert(arguments.end(), {"--", KEYTONE_ROOT "/testdata"});
    const auto emulated = run_child(KEYTONE_ROOT "/tests/dsp/simd/emulate-icelake", arguments);
    if (emulated.exit_code == 77) {
        GTEST_SKIP() << emulated.output;
    }
    ASSERT_EQ(emulated.exit_code, 0) << emulated.output << emulated.errors;
    for (const char* const flag : {" avx512bw ", " avx512vl ", " avx512_vnni "}) {
        EXPECT_THAT(emulated.output, HasSubstr(flag)) << "the processor does not have it";
    }
    for (const std::string& program : programs) {
        EXPECT_THAT(emulated.output, HasSubstr("exit code of " + program + ": 0\n"));
    }
    // Every kernel's tests ran for both sets; none was left out.
    EXPECT_EQ(count(emulated.output, "/avx512 ("), count(emulated.output, "/baseline ("));
    EXPECT_GT(count(emulated.output, "/avx512 ("), 0);
    EXPECT_EQ(count(emulated.output, "SKIPPED"), 0);
    EXPECT_EQ(count(emulated.output, "this machine does not run"), 0);

    const auto here = run_child(KEYTONE_PROGRAMS "/dsp_simd_reports_program", {});
    ASSERT_EQ(here.exit_code, 0) << here.errors;
    EXPECT_EQ(std::ranges::count(here.output, '\n'), 16 * 2 * 3);
    EXPECT_THAT(emulated.output, HasSubstr("instruction set: avx512\n" + here.output));
}

} // namespace
} // namespace keytone::test
