// SPDX-License-Identifier: MIT
#include "engine/io/raw_format.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::io {
namespace {

TEST(RawFormat, IsToldByTheEndingOfAName) {
    const auto sln16 = raw_format_of_name("calls/greeting.sln16");
    ASSERT_TRUE(sln16);
    EXPECT_EQ(sln16->encoding, RawFormat::Encoding::s16le);
    EXPECT_EQ(sln16->rate_hz, 16000);
    EXPECT_EQ(raw_format_of_name("A.UL")->encoding, RawFormat::Encoding::ulaw);
    EXPECT_EQ(raw_format_of_name("a.pcma")->encoding, RawFormat::Encoding::alaw);
    EXPECT_EQ(raw_format_of_name("a.gsm")->encoding, RawFormat::Encoding::gsm);
    EXPECT_EQ(raw_format_of_name("a.sln")->rate_hz, 8000);
    for (const char* const name : {"a.wav", "a", "sln", "a.sln/b", "", ".", "a.sln7"}) {
        EXPECT_FALSE(raw_format_of_name(name)) << name;
    }
}

TEST(RawFormat, IsReadAsEncodingAndRate) {
    for (const std::string& name : raw_encoding_names()) {
        EXPECT_TRUE(parse_raw_format(name + "@8000")) << name;
    }
    EXPECT_EQ(parse_raw_format("s16be@44100")->encoding, RawFormat::Encoding::s16be);
    EXPECT_EQ(parse_raw_format("s16be@44100")->rate_hz, 44100);
    for (const char* const text : {"", "ulaw", "ulaw@", "@8000", "mp3@8000", "ulaw@8k", "ulaw@-8000",
                                   "ulaw@0", "ulaw@99999999999", "ulaw@8000 "}) {
        EXPECT_FALSE(parse_raw_format(text)) << text;
    }
}

} // namespace
} // namespace keytone::io
