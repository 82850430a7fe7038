// SPDX-License-Identifier: MIT
#include "tests/support/child_process.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/ulaw_bytes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::test {
namespace {

TEST(MediaServer, SendsEveryKeyOfEveryCall) {
    const TemporaryFolder folder;
    const auto result = run_child(KEYTONE_EXAMPLE, {folder.path().string()});
    EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
    EXPECT_EQ(result.output, "100 calls, 875 keys, 0 wrong\n"); // 100 times 8, and 25 extensions of 3
    // SpanDSP hears the same keys in what was sent.
    for (int call = 0; call < 100; ++call) {
        const auto two_digits = [](int number) {
            return std::to_string(number / 10) + std::to_string(number % 10);
        };
        const std::string name = two_digits(call);
        EXPECT_EQ(spandsp_digits(from_ulaw(folder.read(name + "a.ul"))),
                  name + "1*0#" + two_digits(99 - call));
        EXPECT_EQ(spandsp_digits(from_ulaw(folder.read(name + "b.ul"))), call % 4 == 0 ? "2" + name : "");
    }
}

TEST(MediaServer, SaysThatItCannotWrite) {
    const TemporaryFolder folder;
    EXPECT_EQ(run_child(KEYTONE_EXAMPLE, {folder.file("none")}).exit_code, 1);
}

} // namespace
} // namespace keytone::test
