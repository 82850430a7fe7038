// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_packet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace keytone {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Two contributors, an extension of one word, 3 bytes of payload, 5 of padding.
Bytes full_packet() {
    return {0xB2, 0x80 | 8, 0x12, 0x34, 0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 4, //
            0,    0,        0,    7,    0,    0,    0,    9,                //
            0xBE, 0xDE,     0,    1,    0x10, 0xAA, 0,    0,                //
            11,   22,       33,   0,    0,    0,    0,    5};
}

TEST(RtpPacket, HoldsEveryPartOfIt) {
    const Bytes bytes = full_packet();
    const auto packet = parse_rtp(bytes);
    ASSERT_TRUE(packet);
    EXPECT_TRUE(packet->marker);
    EXPECT_EQ(packet->payload_type, 8);
    EXPECT_EQ(packet->sequence, 0x1234);
    EXPECT_EQ(packet->timestamp, 0xDEADBEEFU);
    EXPECT_EQ(packet->ssrc, 0x01020304U);
    EXPECT_EQ(packet->contributors.size(), 8U);
    EXPECT_TRUE(packet->has_extension);
    EXPECT_EQ(packet->extension_profile, 0xBEDE);
    EXPECT_EQ(packet->extension.size(), 4U);
    EXPECT_EQ(Bytes(packet->payload.begin(), packet->payload.end()), (Bytes{11, 22, 33}));
}

TEST(RtpPacket, IsRefusedForWhatIsWrongWithIt) {
    const auto refusal = [](std::size_t at, std::uint8_t value) {
        Bytes bytes = full_packet();
        bytes[at] = value;
        const auto packet = parse_rtp(bytes);
        return packet ? std::optional<RtpRefusal>() : packet.error();
    };
    EXPECT_EQ(refusal(0, 0x32), RtpRefusal::wrong_version);
    EXPECT_EQ(refusal(0, 0x72), RtpRefusal::wrong_version);
    EXPECT_EQ(refusal(1, 200), RtpRefusal::rtcp);
    EXPECT_EQ(refusal(0, 0xBF), RtpRefusal::csrc_beyond_end);
    EXPECT_EQ(refusal(23, 200), RtpRefusal::extension_beyond_end);
    EXPECT_EQ(refusal(35, 0), RtpRefusal::wrong_padding);
    EXPECT_EQ(refusal(35, 9), RtpRefusal::wrong_padding);
    EXPECT_EQ(refusal(35, 8), std::nullopt) << "padding may leave no payload";
    EXPECT_EQ(refusal(0, 0x92), std::nullopt) << "without padding the last bytes are payload";
}

// Each length of a valid packet, in memory of exactly that size: a sanitizer reports a read beyond it.
TEST(RtpPacket, OfAnyLengthIsParsedOrRefused) {
    const Bytes whole = full_packet();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto packet = parse_rtp(bytes);
        if (size < RtpPacket::header_size) {
            ASSERT_FALSE(packet);
            EXPECT_EQ(packet.error(), RtpRefusal::too_short);
        } else if (size < 28) {
            EXPECT_FALSE(packet) << size;
        }
    }
}

TEST(RtpPacket, OfRandomBytesStaysWithinThem) {
    std::mt19937_64 random(3550);
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes(std::uniform_int_distribution<std::size_t>(0, 80)(random));
        std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
        if (!bytes.empty()) {
            bytes[0] = static_cast<std::uint8_t>(0x80U | (bytes[0] & 0x3FU));
        }
        if (const auto packet = parse_rtp(bytes)) {
            ASSERT_LE(RtpPacket::header_size + packet->contributors.size() + packet->extension.size() +
                          packet->payload.size(),
                      bytes.size());
            ASSERT_TRUE(std::ranges::all_of(packet->payload, [](int byte) { return byte >= 0; }));
        }
    }
}

TEST(RtpPacket, IsWrittenAsItIsParsed) {
    const auto bytes = pack(RtpHeader{true, 101, 0xFFFF, 0x80000001, 0xCAFEBABE});
    EXPECT_EQ(bytes,
              (std::array<std::uint8_t, 12>{0x80, 0xE5, 0xFF, 0xFF, 0x80, 0, 0, 1, 0xCA, 0xFE, 0xBA, 0xBE}));
    const auto packet = parse_rtp(bytes);
    ASSERT_TRUE(packet);
    EXPECT_TRUE(packet->marker);
    EXPECT_EQ(packet->payload_type, 101);
    EXPECT_TRUE(packet->payload.empty());
}

// RFC 5761, 4: payload types 64 to 95 are not used where both share a port.
TEST(RtpPacket, IsToldFromRtcp) {
    EXPECT_TRUE(is_rtcp(Bytes{0x80, 200}));
    EXPECT_TRUE(is_rtcp(Bytes{0x80, 223}));
    EXPECT_FALSE(is_rtcp(Bytes{0x80, 0x80 | 96}));
    EXPECT_FALSE(is_rtcp(Bytes{0x80, 72}));
    EXPECT_FALSE(is_rtcp(Bytes{0x80}));
}

} // namespace
} // namespace keytone
