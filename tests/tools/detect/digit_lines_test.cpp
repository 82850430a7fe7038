// SPDX-License-Identifier: MIT
#include "tools/detect/digit_lines.hpp"

#include <gtest/gtest.h>

namespace keytone::tools {
namespace {

const HeardDigit digit{
    .channel = 2,
    .rate_hz = 44100,
    .report = {.kind = DtmfReport::Kind::end,
               .key = *Key::from_character('*'),
               .onset = 44101,
               .duration = 4410,
               .low_level = {-10.004},
               .high_level = {-8.126},
               .low_frequency = {941.0049},
               .high_frequency = {1209.25},
               .snr = {38.999}},
};

TEST(TextLine, HoldsThePathAndTheDigits) {
    EXPECT_EQ(text_line("a b.wav", {1, "12#"}), "a b.wav\t12#\n");
    EXPECT_EQ(text_line("a.wav", {1, ""}), "a.wav\t\n");
}

TEST(TextLine, StaysOneLineOfTwoFields) {
    EXPECT_EQ(text_line("a\tb\nc\x1B[2J.wav", {1, "1"}), "a?b?c?[2J.wav\t1\n");
}

TEST(JsonDigitLine, HoldsItsKeysInOrder) {
    EXPECT_EQ(
        json_digit_line("a.wav", digit),
        R"({"file":"a.wav","channel":2,"digit":"*","start_s":1.000023,"duration_s":0.1,"low_dbm0":-10.0,)"
        R"("high_dbm0":-8.13,"low_hz":941.0,"high_hz":1209.25,"snr_db":39.0})"
        "\n");
}

TEST(JsonChannelLine, HoldsItsKeysInOrder) {
    EXPECT_EQ(json_channel_line("a.wav", {2, "12#"}, 3.25),
              "{\"file\":\"a.wav\",\"channel\":2,\"digits\":\"12#\",\"seconds\":3.25}\n");
}

TEST(JsonLines, TakeAnyPath) {
    EXPECT_EQ(json_channel_line("a\"\n\xFF.wav", {1, ""}, 0),
              "{\"file\":\"a\\\"\\n\xEF\xBF\xBD.wav\",\"channel\":1,\"digits\":\"\",\"seconds\":0.0}\n");
}

} // namespace
} // namespace keytone::tools
