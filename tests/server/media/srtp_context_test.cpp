// SPDX-License-Identifier: MIT
//
// The vectors of RFC 3711 are libsrtp's own tests; these are what we ask of it.
#include "server/media/srtp_context.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone::server {
namespace {

using Kind = SrtpContext::Kind;
using Fault = SrtpContext::Fault;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t ssrc = 0x0BADCAFE;

SrtpKey key(SrtpSuite suite, std::uint8_t first) {
    SrtpKey made{suite, {}};
    for (std::size_t i = 0; i < made.bytes.size(); ++i) {
        made.bytes[i] = static_cast<std::uint8_t>(first + i);
    }
    return made;
}

Bytes rtp(std::uint16_t sequence) {
    Bytes packet{0x80,
                 0,
                 static_cast<std::uint8_t>(sequence >> 8U),
                 static_cast<std::uint8_t>(sequence),
                 0,
                 0,
                 0,
                 1,
                 0x0B,
                 0xAD,
                 0xCA,
                 0xFE};
    packet.resize(12 + 160, 0x55);
    return packet;
}

Bytes copy(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

class BothSuites : public testing::TestWithParam<SrtpSuite> {
  protected:
    std::unique_ptr<SrtpContext> near = SrtpContext::make(key(GetParam(), 1), ssrc);
    std::unique_ptr<SrtpContext> far = SrtpContext::make(key(GetParam(), 1), ssrc);
};

TEST_P(BothSuites, WhatIsEncryptedIsReadByTheSameKeyAlone) {
    ASSERT_TRUE(near && far);
    const Bytes sent = copy(near->protect(Kind::rtp, rtp(7)));
    const std::size_t tag = GetParam() == SrtpSuite::aes_cm_128_hmac_sha1_80 ? 10 : 4;
    ASSERT_EQ(sent.size(), rtp(7).size() + tag);
    EXPECT_NE(Bytes(sent.begin() + 12, sent.begin() + 172), Bytes(160, 0x55));
    const auto other = SrtpContext::make(key(GetParam(), 2), ssrc);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->open(Kind::rtp, sent).fault, Fault::tampered);
    const auto opened = far->open(Kind::rtp, sent);
    EXPECT_EQ(opened.fault, Fault::none);
    EXPECT_EQ(copy(opened.bytes), rtp(7));
}

TEST_P(BothSuites, EveryChangedBitIsNoticed) {
    ASSERT_TRUE(near && far);
    const Bytes sent = copy(near->protect(Kind::rtp, rtp(7)));
    for (std::size_t bit = 0; bit < 8 * sent.size(); ++bit) {
        Bytes forged = sent;
        forged[bit / 8] = static_cast<std::uint8_t>(forged[bit / 8] ^ 1U << bit % 8);
        EXPECT_NE(far->open(Kind::rtp, forged).fault, Fault::none) << bit;
    }
    EXPECT_EQ(far->open(Kind::rtp, sent).fault, Fault::none);
}

TEST_P(BothSuites, APacketIsReadOnceAndOutOfTurnToo) {
    ASSERT_TRUE(near && far);
    const Bytes first = copy(near->protect(Kind::rtp, rtp(1)));
    const Bytes second = copy(near->protect(Kind::rtp, rtp(2)));
    EXPECT_EQ(far->open(Kind::rtp, second).fault, Fault::none);
    EXPECT_EQ(far->open(Kind::rtp, first).fault, Fault::none);
    EXPECT_EQ(far->open(Kind::rtp, first).fault, Fault::replayed);
    EXPECT_EQ(far->open(Kind::rtp, second).fault, Fault::replayed);
}

// Numbers wrap round every 22 minutes; what stands above them is not in the packet.
TEST_P(BothSuites, NumbersWrapRound) {
    ASSERT_TRUE(near && far);
    std::uint16_t sequence = 65'000;
    for (int i = 0; i < 140'000; ++i, ++sequence) {
        const auto opened = far->open(Kind::rtp, near->protect(Kind::rtp, rtp(sequence)));
        ASSERT_EQ(opened.fault, Fault::none) << i;
        ASSERT_EQ(opened.bytes.size(), 172U);
    }
}

TEST_P(BothSuites, ReportsAreEncryptedWithATagOf80Bits) {
    ASSERT_TRUE(near && far);
    Bytes report{0x81, 201, 0, 7, 0x0B, 0xAD, 0xCA, 0xFE};
    report.resize(32, 0x33);
    const Bytes sent = copy(near->protect(Kind::rtcp, report));
    ASSERT_EQ(sent.size(), report.size() + 4 + 10); // its index, its tag
    EXPECT_NE(Bytes(sent.begin() + 8, sent.begin() + 32), Bytes(24, 0x33));
    const auto opened = far->open(Kind::rtcp, sent);
    EXPECT_EQ(opened.fault, Fault::none);
    EXPECT_EQ(copy(opened.bytes), report);
    EXPECT_EQ(far->open(Kind::rtcp, sent).fault, Fault::replayed);
}

TEST_P(BothSuites, ShortAndLongOnesAreRefused) {
    ASSERT_TRUE(far);
    for (const std::size_t size : {0U, 1U, 11U, 12U, 15U, 3000U}) {
        EXPECT_NE(far->open(Kind::rtp, Bytes(size, 0x80)).fault, Fault::none) << size;
        EXPECT_NE(far->open(Kind::rtcp, Bytes(size, 0x80)).fault, Fault::none) << size;
    }
    EXPECT_TRUE(near->protect(Kind::rtp, Bytes(2040, 0x80)).empty());
}

INSTANTIATE_TEST_SUITE_P(SrtpContext, BothSuites,
                         testing::Values(SrtpSuite::aes_cm_128_hmac_sha1_80,
                                         SrtpSuite::aes_cm_128_hmac_sha1_32));

} // namespace
} // namespace keytone::server
