// SPDX-License-Identifier: MIT
#include "tests/support/child_process.hpp"
#include "tests/support/key_sequence.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/ulaw_bytes.hpp"
#include "tests/support/wav_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::test {
namespace {

using testing::HasSubstr;

ChildResult detect_wav(const std::string& file) {
    return run_child(KEYTONE_EXAMPLE, {file});
}

TEST(DetectWav, PrintsTheDigitsOf16BitFiles) {
    const TemporaryFolder folder;
    for (const int rate_hz : {8000, 16000, 44100}) {
        const auto samples = to_pcm16(key_sequence("0123456789*#ABCD", rate_hz));
        const auto result = detect_wav(folder.write("call.wav", wav_bytes(rate_hz, 1, samples)));
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        EXPECT_EQ(result.output, "0123456789*#ABCD\n") << rate_hz;
    }
}

TEST(DetectWav, PrintsTheDigitsOfMuLawFiles) {
    const TemporaryFolder folder;
    const auto codes = to_ulaw(to_pcm16(key_sequence("777#", 8000)));
    const auto result = detect_wav(folder.write("call.wav", detail::wav(7, 8, 8000, 1, codes)));
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(result.output, "777#\n");
}

TEST(DetectWav, SkipsChunksThatItDoesNotKnow) {
    const TemporaryFolder folder;
    std::string bytes = wav_bytes(8000, 1, to_pcm16(key_sequence("5", 8000)));
    bytes.insert(12, std::string("LIST\3\0\0\0abc\0", 12)); // an odd length is padded
    const auto result = detect_wav(folder.write("call.wav", bytes));
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(result.output, "5\n");
}

TEST(DetectWav, SaysWhyNot) {
    const TemporaryFolder folder;
    EXPECT_EQ(detect_wav(folder.file("none.wav")).exit_code, 2);
    for (const std::string& bytes :
         {std::string(), std::string("RIFF"), std::string(100, '\0'),
          wav_bytes(8000, 2, to_pcm16(Signal(10))), wav_bytes(8000, 1, to_pcm16(Signal(10))).substr(0, 30)}) {
        const auto result = detect_wav(folder.write("bad.wav", bytes));
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_THAT(result.errors, HasSubstr("no WAV file"));
    }
    const auto rate = detect_wav(folder.write("rate.wav", wav_bytes(11000, 1, to_pcm16(Signal(10)))));
    EXPECT_EQ(rate.exit_code, 1);
    EXPECT_THAT(rate.errors, HasSubstr("8000"));
}

} // namespace
} // namespace keytone::test
