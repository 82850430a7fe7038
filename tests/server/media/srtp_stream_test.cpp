// SPDX-License-Identifier: MIT
//
// Our SRTP against libsrtp, in both directions.
#include "server/media/srtp_stream.hpp"

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <cstring>
#include <random>
#include <vector>

namespace keytone::server {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Place = std::array<std::uint8_t, max_srtp_packet>;

SrtpKey key(SrtpSuite suite, std::uint8_t first) {
    SrtpKey made{suite, {}};
    for (std::size_t i = 0; i < made.bytes.size(); ++i) {
        made.bytes[i] = static_cast<std::uint8_t>(first + i);
    }
    return made;
}

Bytes rtp(std::uint16_t sequence, std::uint8_t ssrc = 0xFE, std::size_t payload = 160) {
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
                 ssrc};
    packet.resize(12 + payload, 0x55);
    return packet;
}

Bytes report() {
    Bytes bytes{0x81, 201, 0, 7, 0x0B, 0xAD, 0xCA, 0xFE};
    bytes.resize(32, 0x33);
    return bytes;
}

Bytes copy(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

/// libsrtp, for any source.
class Library {
  public:
    Library(const SrtpKey& key, bool sends) {
        static const bool ready = srtp_init() == srtp_err_status_ok;
        EXPECT_TRUE(ready);
        SrtpKey copied = key;
        srtp_policy_t policy{};
        key.suite == SrtpSuite::aes_cm_128_hmac_sha1_80
            ? srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp)
            : srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        policy.ssrc.type = sends ? ssrc_any_outbound : ssrc_any_inbound;
        policy.key = copied.bytes.data();
        policy.window_size = 64;
        EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
    }
    ~Library() { srtp_dealloc(session_); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    using Function = srtp_err_status_t (*)(srtp_t, void*, int*);
    /// Empty where it refuses.
    Bytes run(Function function, Bytes packet) {
        int size = static_cast<int>(packet.size());
        packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN);
        if (function(session_, packet.data(), &size) != srtp_err_status_ok) {
            return {};
        }
        packet.resize(static_cast<std::size_t>(size));
        return packet;
    }

  private:
    srtp_t session_ = nullptr;
};

class BothSuites : public testing::TestWithParam<SrtpSuite> {
  protected:
    SrtpSender near{key(GetParam(), 1)};
    SrtpReceiver far{key(GetParam(), 1)};
    Place out{};
    Place in{};
};

TEST_P(BothSuites, LibsrtpReadsWhatWeSend) {
    Library library(key(GetParam(), 1), false);
    std::uint16_t sequence = 65'000;
    for (int i = 0; i < 140'000; ++i, ++sequence) { // numbers wrap round
        const Bytes packet = rtp(sequence, 0xFE, static_cast<std::size_t>(i % 200));
        ASSERT_EQ(library.run(srtp_unprotect, copy(near.protect_rtp(packet, out))), packet) << i;
    }
    for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(library.run(srtp_unprotect_rtcp, copy(near.protect_rtcp(report(), out))), report());
    }
}

TEST_P(BothSuites, WeReadWhatLibsrtpSends) {
    Library library(key(GetParam(), 1), true);
    std::uint16_t sequence = 65'000;
    for (int i = 0; i < 140'000; ++i, ++sequence) {
        const Bytes packet = rtp(sequence);
        const auto opened = far.open_rtp(library.run(srtp_protect, packet), in);
        ASSERT_TRUE(opened) << i;
        ASSERT_EQ(copy(*opened), packet);
    }
    for (int i = 0; i < 10; ++i) {
        const auto opened = far.open_rtcp(library.run(srtp_protect_rtcp, report()), in);
        ASSERT_TRUE(opened);
        EXPECT_EQ(copy(*opened), report());
    }
    EXPECT_EQ(far.figures().tampered + far.figures().replayed, 0U);
}

TEST_P(BothSuites, HeadersWithSourcesAndExtensionsStayInClear) {
    Library library(key(GetParam(), 1), false);
    Bytes packet = rtp(7);
    packet[0] = 0x92; // two CSRCs and an extension of one word
    packet[12 + 8 + 2] = 0;
    packet[12 + 8 + 3] = 1;
    const Bytes sent = copy(near.protect_rtp(packet, out));
    EXPECT_TRUE(std::equal(packet.begin(), packet.begin() + 28, sent.begin()));
    EXPECT_EQ(library.run(srtp_unprotect, sent), packet);
    const auto opened = far.open_rtp(sent, in);
    ASSERT_TRUE(opened);
    EXPECT_EQ(copy(*opened), packet);
}

TEST_P(BothSuites, AnotherKeyDoesNotReadIt) {
    const Bytes sent = copy(near.protect_rtp(rtp(7), out));
    ASSERT_EQ(sent.size(), rtp(7).size() + (GetParam() == SrtpSuite::aes_cm_128_hmac_sha1_80 ? 10U : 4U));
    SrtpReceiver other(key(GetParam(), 2));
    EXPECT_FALSE(other.open_rtp(sent, in));
    EXPECT_EQ(other.figures().tampered, 1U);
    EXPECT_TRUE(far.open_rtp(sent, in));
}

TEST_P(BothSuites, EveryChangedBitIsNoticed) {
    ASSERT_TRUE(far.open_rtp(copy(near.protect_rtp(rtp(6), out)), in));
    const Bytes sent = copy(near.protect_rtp(rtp(7), out));
    for (std::size_t bit = 0; bit < 8 * sent.size(); ++bit) {
        Bytes forged = sent;
        forged[bit / 8] = static_cast<std::uint8_t>(forged[bit / 8] ^ 1U << bit % 8);
        EXPECT_FALSE(far.open_rtp(forged, in)) << bit;
    }
    EXPECT_TRUE(far.open_rtp(sent, in));
    const Bytes told = copy(near.protect_rtcp(report(), out));
    for (std::size_t bit = 0; bit < 8 * told.size(); ++bit) {
        Bytes forged = told;
        forged[bit / 8] = static_cast<std::uint8_t>(forged[bit / 8] ^ 1U << bit % 8);
        EXPECT_FALSE(far.open_rtcp(forged, in)) << bit;
    }
    EXPECT_TRUE(far.open_rtcp(told, in));
}

TEST_P(BothSuites, APacketIsReadOnceAndOutOfTurnToo) {
    std::vector<Bytes> sent;
    for (std::uint16_t number = 0; number < 200; ++number) {
        sent.push_back(copy(near.protect_rtp(rtp(static_cast<std::uint16_t>(65'450 + number)), out)));
    }
    std::mt19937 random(7);
    for (std::size_t i = 0; i + 20 <= sent.size(); i += 20) {
        std::vector<Bytes> some(sent.begin() + static_cast<std::ptrdiff_t>(i),
                                sent.begin() + static_cast<std::ptrdiff_t>(i) + 20);
        std::shuffle(some.begin() + (i == 0 ? 1 : 0), some.end(), random);
        for (const Bytes& packet : some) {
            EXPECT_TRUE(far.open_rtp(packet, in));
            EXPECT_FALSE(far.open_rtp(packet, in));
        }
    }
    EXPECT_EQ(far.figures().replayed, 200U);
    EXPECT_FALSE(far.open_rtp(sent[10], in)); // long ago
    EXPECT_EQ(far.figures().tampered, 0U);
    const Bytes told = copy(near.protect_rtcp(report(), out));
    EXPECT_TRUE(far.open_rtcp(told, in));
    EXPECT_FALSE(far.open_rtcp(told, in));
}

// A sender without the key cannot take the place of one that has it, whatever SSRC it uses.
TEST_P(BothSuites, OfManySourcesOnlyThoseWithTheKeyAreHeard) {
    ASSERT_TRUE(far.open_rtp(copy(near.protect_rtp(rtp(1), out)), in));
    SrtpSender stranger(key(GetParam(), 9));
    for (std::uint16_t i = 0; i < 200; ++i) {
        EXPECT_FALSE(far.open_rtp(copy(stranger.protect_rtp(rtp(i, static_cast<std::uint8_t>(i)), out)), in));
    }
    EXPECT_TRUE(far.open_rtp(copy(near.protect_rtp(rtp(2), out)), in));
    SrtpSender again(key(GetParam(), 1)); // a phone that begins anew
    EXPECT_TRUE(far.open_rtp(copy(again.protect_rtp(rtp(900, 0x11), out)), in));
    EXPECT_TRUE(far.open_rtp(copy(near.protect_rtp(rtp(3), out)), in));
}

TEST_P(BothSuites, ShortAndLongOnesAreRefused) {
    for (const std::size_t size : {0U, 1U, 4U, 8U, 11U, 12U, 15U, 21U, 3000U}) {
        EXPECT_FALSE(far.open_rtp(Bytes(size, 0x9F), in)) << size;
        EXPECT_FALSE(far.open_rtcp(Bytes(size, 0x80), in)) << size;
    }
    EXPECT_TRUE(near.protect_rtp(Bytes(2045, 0x80), out).empty());
    EXPECT_TRUE(near.protect_rtp(Bytes(3, 0x80), out).empty());
    EXPECT_TRUE(near.protect_rtcp(Bytes(2045, 0x80), out).empty());
}

INSTANTIATE_TEST_SUITE_P(Srtp, BothSuites,
                         testing::Values(SrtpSuite::aes_cm_128_hmac_sha1_80,
                                         SrtpSuite::aes_cm_128_hmac_sha1_32));

} // namespace
} // namespace keytone::server
