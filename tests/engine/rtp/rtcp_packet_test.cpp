// SPDX-License-Identifier: MIT
#include "engine/rtp/rtcp_packet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace keytone {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr RtcpSenderInfo info{0x83AA'7E80'8000'0000U, 12345, 100, 16'000};
constexpr RtcpReportBlock block{0x0A0B'0C0D, 64, -3, 0x0001'0002, 17, 0x7E80'8000, 65'536};

Bytes write(const RtcpReport& report) {
    std::array<std::uint8_t, max_rtcp_size> out{};
    const std::size_t size = write_rtcp(report, out);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(RtcpPacket, IsParsedAsItIsWritten) {
    for (const bool sends : {false, true}) {
        for (const bool receives : {false, true}) {
            for (const std::string_view cname : {"", "a", "ab", "abc", "key@tone"}) {
                RtcpReport report{
                    .ssrc = 0x1122'3344, .sender = {}, .block = {}, .cname = cname, .bye = sends};
                if (sends) {
                    report.sender = info;
                }
                if (receives) {
                    report.block = block;
                }
                const Bytes bytes = write(report);
                ASSERT_EQ(bytes.size() % 4, 0U);
                const auto compound = parse_rtcp(bytes);
                ASSERT_TRUE(compound) << int(compound.error());
                EXPECT_EQ(compound->ssrc, 0x1122'3344U);
                EXPECT_EQ(compound->sender, report.sender);
                EXPECT_EQ(compound->block_count, receives ? 1U : 0U);
                EXPECT_EQ(compound->cname, cname);
                EXPECT_EQ(compound->bye, sends);
                if (receives) {
                    ASSERT_NE(compound->about(block.ssrc), nullptr);
                    EXPECT_EQ(*compound->about(block.ssrc), block);
                    EXPECT_EQ(compound->about(1), nullptr);
                }
            }
        }
    }
}

TEST(RtcpPacket, TheLongestFits) {
    const std::string cname(300, 'x');
    const Bytes bytes = write({1, info, block, cname, true});
    EXPECT_LE(bytes.size(), max_rtcp_size);
    const auto compound = parse_rtcp(bytes);
    ASSERT_TRUE(compound);
    EXPECT_EQ(compound->cname, std::string(255, 'x'));
}

// RFC 3550, 6.4.1: 24 bits with a sign.
TEST(RtcpPacket, TheCumulativeLossIsCutToItsBits) {
    for (const auto& [said, written] :
         std::vector<std::pair<std::int32_t, std::int32_t>>{{0, 0},
                                                            {-1, -1},
                                                            {0x7FFFFF, 0x7FFFFF},
                                                            {0x800000, 0x7FFFFF},
                                                            {-0x800000, -0x800000},
                                                            {-0x800001, -0x800000}}) {
        RtcpReportBlock lossy = block;
        lossy.cumulative_lost = said;
        const Bytes bytes = write({1, {}, lossy, "a"});
        EXPECT_EQ(parse_rtcp(bytes)->blocks[0].cumulative_lost, written);
    }
}

TEST(RtcpPacket, TheBytesAreThoseOfTheFormat) {
    EXPECT_EQ(write({0x01020304, {}, {}, "ab", true}),
              (Bytes{0x80, 201, 0, 1, 1, 2, 3, 4,                             //
                     0x81, 202, 0, 3, 1, 2, 3, 4, 1, 2, 'a', 'b', 0, 0, 0, 0, //
                     0x81, 203, 0, 1, 1, 2, 3, 4}));
}

// Each length of a valid packet, in memory of exactly that size: a sanitizer reports a read beyond it.
TEST(RtcpPacket, OfAnyOtherLengthIsRefused) {
    const Bytes whole = write({1, info, block, "key@tone", true});
    std::size_t parsed = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const Bytes bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto compound = parse_rtcp(bytes);
        parsed += compound ? 1U : 0U;
        if (!compound) {
            EXPECT_TRUE(compound.error() == RtcpRefusal::too_short ||
                        compound.error() == RtcpRefusal::beyond_end);
        }
    }
    EXPECT_EQ(parsed, 2U) << "cut behind a whole packet it is one still";
}

TEST(RtcpPacket, IsRefusedForWhatIsWrongWithIt) {
    const Bytes whole = write({1, info, block, "key@tone", true});
    const auto refusal = [&](std::size_t at, std::uint8_t value) {
        Bytes bytes = whole;
        bytes[at] = value;
        const auto compound = parse_rtcp(bytes);
        return compound ? std::optional<RtcpRefusal>() : compound.error();
    };
    EXPECT_EQ(refusal(0, 0x41), RtcpRefusal::wrong_version);
    EXPECT_EQ(refusal(1, 202), RtcpRefusal::wrong_first);
    EXPECT_EQ(refusal(0, 0xA1), RtcpRefusal::wrong_padding);
    EXPECT_EQ(refusal(0, 0x82), RtcpRefusal::wrong_count);
    EXPECT_EQ(refusal(3, 200), RtcpRefusal::beyond_end);
    EXPECT_EQ(refusal(61, 100), RtcpRefusal::wrong_count) << "an item longer than its packet";
}

TEST(RtcpPacket, MayBePaddedAtItsEnd) {
    Bytes bytes = write({1, {}, {}, "a", true});
    bytes[bytes.size() - 8] |= 0x20U;
    bytes[bytes.size() - 5] += 1;
    bytes.insert(bytes.end(), {0, 0, 0, 4});
    const auto compound = parse_rtcp(bytes);
    ASSERT_TRUE(compound);
    EXPECT_TRUE(compound->bye);
    bytes.back() = 16;
    EXPECT_EQ(parse_rtcp(bytes).error(), RtcpRefusal::wrong_padding);
}

TEST(RtcpPacket, OfRandomBytesStaysWithinThem) {
    std::mt19937_64 random(3550);
    const Bytes whole = write({1, info, block, "key@tone", true});
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = whole;
        for (int change = 0; change < 3; ++change) {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        }
        bytes.resize(random() % (bytes.size() + 1));
        if (const auto compound = parse_rtcp(bytes)) {
            ASSERT_LE(compound->block_count, RtcpCompound::max_blocks);
            ASSERT_LE(compound->cname.size(), bytes.size());
            ASSERT_TRUE(std::ranges::all_of(compound->cname, [](char) { return true; }));
        }
    }
}

} // namespace
} // namespace keytone
