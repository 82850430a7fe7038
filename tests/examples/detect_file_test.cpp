// SPDX-License-Identifier: MIT
#include "tests/support/child_process.hpp"
#include "tests/support/key_sequence.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wav_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::test {
namespace {

using testing::HasSubstr;

ChildResult detect_file(const std::string& file) {
    return run_child(KEYTONE_EXAMPLE, {file});
}

TEST(DetectFile, PrintsTheDigits) {
    const TemporaryFolder folder;
    for (const int rate_hz : {8000, 16000, 44100, 48000}) {
        const auto samples = to_pcm16(key_sequence("12025550143#*AD", rate_hz));
        const auto result = detect_file(folder.write("call.wav", wav_bytes(rate_hz, 1, samples)));
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        EXPECT_EQ(result.output, "12025550143#*AD\n") << rate_hz;
    }
}

TEST(DetectFile, SaysWhyNot) {
    const TemporaryFolder folder;
    const auto missing = detect_file(folder.file("none.wav"));
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_THAT(missing.errors, HasSubstr("none.wav"));
    const auto stereo = detect_file(folder.write("stereo.wav", wav_bytes(8000, 2, to_pcm16(Signal(320)))));
    EXPECT_EQ(stereo.exit_code, 1);
    EXPECT_THAT(stereo.errors, HasSubstr("one channel"));
}

} // namespace
} // namespace keytone::test
