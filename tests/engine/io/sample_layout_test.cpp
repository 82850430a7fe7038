// SPDX-License-Identifier: MIT
#include "engine/io/sample_layout.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <ostream>
#include <string>
#include <vector>

namespace keytone::io {
namespace {

using Encoding = SampleLayout::Encoding;
using Bytes = std::vector<std::uint8_t>;

struct Case {
    const char* name;
    Encoding encoding;
    bool big_endian;
    Bytes bytes;   ///< of a sample,
    double value;  ///< what it is,
    Bytes half;    ///< the half of it,
    Bytes nothing; ///< and silence.
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
    return out << each.name;
}

template <class Number>
Bytes bytes_of(Number number) {
    Bytes bytes(sizeof(Number));
    std::memcpy(bytes.data(), &number, sizeof(Number));
    return bytes;
}

class Layout : public testing::TestWithParam<Case> {};

TEST_P(Layout, ReadsAndScales) {
    const auto& [name, encoding, big_endian, bytes, value, half, nothing] = GetParam();
    const SampleLayout layout{encoding, big_endian, 0};
    ASSERT_EQ(layout.sample_bytes(), bytes.size());
    EXPECT_DOUBLE_EQ(layout.value(bytes), value);
    Bytes scaled = bytes;
    layout.scale(scaled, 2, 4);
    EXPECT_EQ(scaled, half);
    scaled = bytes;
    layout.scale(scaled, 0, 4);
    EXPECT_EQ(scaled, nothing);
    EXPECT_EQ(layout.value(scaled), encoding == Encoding::alaw ? 8.0 / 32768.0 : 0.0);
}

INSTANTIATE_TEST_SUITE_P(
    All, Layout,
    testing::Values(
        Case{"u8", Encoding::unsigned_8, false, {192}, 0.5, {160}, {128}},
        Case{"s8", Encoding::signed_8, false, {0xC0}, -0.5, {0xE0}, {0}},
        Case{"s16le", Encoding::signed_16, false, {0x00, 0xC0}, -0.5, {0x00, 0xE0}, {0, 0}},
        Case{"s16be", Encoding::signed_16, true, {0x40, 0x00}, 0.5, {0x20, 0x00}, {0, 0}},
        Case{"s24le",
             Encoding::signed_24,
             false,
             {2, 0, 0x40},
             0.5 + 2.0 / 8388608.0,
             {1, 0, 0x20},
             {0, 0, 0}},
        Case{"s24be", Encoding::signed_24, true, {0xC0, 0, 0}, -0.5, {0xE0, 0, 0}, {0, 0, 0}},
        Case{"s32le", Encoding::signed_32, false, {0, 0, 0, 0x80}, -1.0, {0, 0, 0, 0xC0}, {0, 0, 0, 0}},
        Case{"f32", Encoding::float_32, false, bytes_of(-0.25F), -0.25, bytes_of(-0.125F), bytes_of(0.0F)},
        Case{"f64", Encoding::float_64, false, bytes_of(0.75), 0.75, bytes_of(0.375), bytes_of(0.0)},
        Case{"ulaw", Encoding::ulaw, false, {0x80}, 32124.0 / 32768.0, {0x90}, {0xFF}},
        Case{"alaw", Encoding::alaw, false, {0xAA}, 32256.0 / 32768.0, {0xBA}, {0xD5}}),
    [](const auto& tested) { return std::string(tested.param.name); });

} // namespace
} // namespace keytone::io
