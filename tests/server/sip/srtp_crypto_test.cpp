// SPDX-License-Identifier: MIT
#include "server/sip/media_description.hpp"
#include "server/sip/srtp_crypto.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone::server {
namespace {

const std::string key_text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"; // bytes 0 to 29
const std::string strong = "AES_CM_128_HMAC_SHA1_80 inline:" + key_text;

TEST(SrtpCrypto, ReadsWhatTelephonesWrite) {
    for (const char* const behind : {"", "|2^31", "|1048576", " WSH=64", "|2^20 WSH=128"}) {
        const auto read = read_crypto("1 " + strong + behind);
        ASSERT_TRUE(read) << behind;
        EXPECT_EQ(read->tag, 1U);
        EXPECT_EQ(read->key.suite, SrtpSuite::aes_cm_128_hmac_sha1_80);
        for (std::size_t i = 0; i < SrtpKey::size; ++i) {
            EXPECT_EQ(read->key.bytes[i], i);
        }
        EXPECT_EQ(write_crypto(*read), "1 " + strong);
    }
    const auto weak = read_crypto("999999999 AES_CM_128_HMAC_SHA1_32 inline:" + key_text);
    ASSERT_TRUE(weak);
    EXPECT_EQ(weak->tag, 999'999'999U);
    EXPECT_EQ(weak->key.suite, SrtpSuite::aes_cm_128_hmac_sha1_32);
}

TEST(SrtpCrypto, TakesNothingElse) {
    for (const std::string& text :
         {std::string(), std::string("1"), "x " + strong, "-1 " + strong, "1000000000 " + strong,
          "1 AES_256_CM_HMAC_SHA1_80 inline:" + key_text, "1 aes_cm_128_hmac_sha1_80 inline:" + key_text,
          "1 AES_CM_128_HMAC_SHA1_80 " + key_text, "1 AES_CM_128_HMAC_SHA1_80 inline:" + key_text.substr(1),
          "1 AES_CM_128_HMAC_SHA1_80 inline:" + key_text.substr(1) + "=", "1 " + strong + "A",
          "1 " + strong + "|2^20|1:4", "1 " + strong + "|1:4", "1 " + strong + ";inline:" + key_text,
          "1 " + strong + " KDR=1", "1 " + strong + " UNENCRYPTED_SRTP",
          "1 " + strong + " UNAUTHENTICATED_SRTP", "1 " + strong + " UNENCRYPTED_SRTCP"}) {
        EXPECT_FALSE(read_crypto(text)) << text;
    }
}

TEST(SrtpCrypto, KeysAreNew) {
    const auto first = new_cryptos();
    const auto second = new_cryptos();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].key.suite, SrtpSuite::aes_cm_128_hmac_sha1_80);
    EXPECT_EQ(first[1].key.suite, SrtpSuite::aes_cm_128_hmac_sha1_32);
    EXPECT_NE(first[0].key.bytes, first[1].key.bytes);
    EXPECT_NE(first[0].key.bytes, second[0].key.bytes);
}

MediaDescription side(SrtpPolicy policy) {
    MediaDescription made;
    made.address = "192.0.2.1";
    made.port = 4000;
    offer_srtp(made, policy);
    return made;
}

/// What arrives of it at a side with that policy.
MediaDescription through_sdp(const MediaDescription& sent, SrtpPolicy policy) {
    auto read = read_session_description(write_session_description(sent, 1, 1), policy);
    EXPECT_TRUE(read) << write_session_description(sent, 1, 1);
    return read ? *read : MediaDescription{};
}

struct Meeting {
    SrtpPolicy offers;
    SrtpPolicy answers;
    bool agree;
    bool secured;
};

// The answer's policy decides, and the offer's when it comes back.
TEST(SrtpCrypto, PoliciesMeet) {
    using enum SrtpPolicy;
    for (const Meeting& meeting : {Meeting{off, off, true, false},
                                   {off, offered, true, false},
                                   {off, required, false, false},
                                   {offered, off, true, false},
                                   {offered, offered, true, true},
                                   {offered, required, true, true},
                                   {required, offered, true, true},
                                   {required, required, true, true}}) {
        const auto own = side(meeting.offers);
        const auto answerer = side(meeting.answers);
        const auto answer = answer_to(through_sdp(own, meeting.answers), answerer);
        ASSERT_EQ(answer.has_value(), meeting.agree);
        if (!answer) {
            continue;
        }
        EXPECT_EQ(answer->savp, meeting.offers == required);
        const auto back = through_sdp(*answer, meeting.offers);
        const auto choice = choose_crypto(own.crypto, back.crypto);
        EXPECT_EQ(choice.has_value(), meeting.secured);
        if (choice) {
            EXPECT_EQ(choice->own.tag, 1U);
            EXPECT_EQ(choice->own.key, own.crypto[0].key);
            EXPECT_EQ(choice->far, answerer.crypto[0].key);
        }
    }
    EXPECT_FALSE(read_session_description(write_session_description(side(required), 1, 1), off));
}

TEST(SrtpCrypto, TheFirstSuiteThatWeHaveIsAnsweredWithItsTag) {
    auto offer = side(SrtpPolicy::required);
    std::swap(offer.crypto[0], offer.crypto[1]);
    offer.crypto[0].tag = 7;
    const auto own = side(SrtpPolicy::offered);
    const auto answer = answer_to(offer, own);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->crypto.size(), 1U);
    EXPECT_EQ(answer->crypto[0].tag, 7U);
    EXPECT_EQ(answer->crypto[0].key, own.crypto[1].key);
}

TEST(SrtpCrypto, SavpWithoutAKeyIsNoStream) {
    auto offer = side(SrtpPolicy::required);
    offer.crypto.clear();
    EXPECT_FALSE(answer_to(offer, side(SrtpPolicy::offered)));
    EXPECT_FALSE(answer_to(offer, side(SrtpPolicy::off)));
}

// Two streams, for phones that know SRTP and for those that do not.
TEST(SrtpCrypto, OfTwoStreamsTheOneThatFitsIsTaken) {
    const std::string both = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
                             "m=audio 4000 RTP/SAVP 0\r\na=crypto:1 " +
                             strong + "\r\nm=audio 4002 RTP/AVP 0\r\n";
    const auto secured = read_session_description(both, SrtpPolicy::offered);
    ASSERT_TRUE(secured) << secured.error();
    EXPECT_EQ(secured->port, 4000);
    EXPECT_EQ(secured->crypto.size(), 1U);
    EXPECT_EQ(secured->refused_behind.size(), 1U);
    const auto plain = read_session_description(both, SrtpPolicy::off);
    ASSERT_TRUE(plain) << plain.error();
    EXPECT_EQ(plain->port, 4002);
    EXPECT_EQ(plain->refused_before.size(), 1U);
}

} // namespace
} // namespace keytone::server
