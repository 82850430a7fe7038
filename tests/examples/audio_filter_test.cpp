// SPDX-License-Identifier: MIT
#include "tests/support/child_process.hpp"
#include "tests/support/key_sequence.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tests/support/ulaw_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>

namespace keytone::test {
namespace {

TEST(AudioFilter, TellsTheKeysOfWhatIsReceived) {
    const auto result =
        run_child(KEYTONE_EXAMPLE, {}, {.input = to_ulaw(to_pcm16(key_sequence("12#", 8000)))});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    std::istringstream lines(result.output);
    long due = 500;
    for (const char expected : {'1', '2', '#'}) {
        char key = 0;
        std::string word;
        long at = -1;
        lines >> key >> word >> at >> word;
        EXPECT_EQ(key, expected) << result.output;
        EXPECT_LE(std::labs(at - due), 2) << result.output;
        due += 200;
    }
    EXPECT_EQ((lines >> std::ws).peek(), std::istringstream::traits_type::eof()) << result.output;
}

TEST(AudioFilter, SendsKeysInsteadOfTheVoice) {
    // A signal as loud as a voice, from the first frame until after the keys.
    const auto voice = to_pcm16(white_noise(24000, -15.0, 1));
    const auto result = run_child(KEYTONE_EXAMPLE, {"1*0"}, {.input = to_ulaw(voice)});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    const auto sent = from_ulaw(result.output);
    EXPECT_EQ(sent.size(), voice.size());
    EXPECT_EQ(spandsp_digits(sent), "1*0");
    // Well after the keys, the voice continues unchanged.
    const auto came = from_ulaw(to_ulaw(voice));
    EXPECT_TRUE(std::equal(came.begin() + 16000, came.end(), sent.begin() + 16000));
}

TEST(AudioFilter, SendsAllKeysThoughTheVoiceIsOver) {
    const auto result = run_child(KEYTONE_EXAMPLE, {"5w9"}, {.input = std::string(100, '\xff')});
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(spandsp_digits(from_ulaw(result.output)), "59");
}

TEST(AudioFilter, SendsNothingForWhatIsNoKey) {
    for (const char* digits : {"", "12x", "1\"2"}) {
        const auto result = run_child(KEYTONE_EXAMPLE, {digits});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_EQ(result.output, "");
    }
    EXPECT_EQ(run_child(KEYTONE_EXAMPLE, {"w"}).exit_code, 1) << "a pause alone would never be done";
}

} // namespace
} // namespace keytone::test
