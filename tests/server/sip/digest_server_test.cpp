// SPDX-License-Identifier: MIT
//
// Answers to challenges, right and wrong. Those of independent clients are in tests/interop.
#include "server/sip/digest_server.hpp"

#include <chrono>
#include <string>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using Verdict = DigestServer::Verdict;

constexpr DigestServer::Time start{1000s};

std::string hex_of(const DigestKey& key) {
    std::string text;
    for (const unsigned byte : key) {
        text += "0123456789abcdef"[byte / 16];
        text += "0123456789abcdef"[byte % 16];
    }
    return text;
}

std::string nonce_of(const std::string& challenge) {
    const std::string mark = "nonce=\"";
    const auto begin = challenge.find(mark) + mark.size();
    return challenge.substr(begin, challenge.find('"', begin) - begin);
}

/// What a client answers: RFC 7616, 3.4.1. Its URI and its cnonce are such that digest_key(), MD5 of
/// `…:keytone:…`, makes each sum.
struct Answer {
    std::string user = "ada";
    std::string password = "s3cret";
    std::string count = "00000001";
    std::string qop = "auth";
    std::string realm = "keytone";
    std::string method = "INVITE";

    [[nodiscard]] std::string to(const std::string& nonce) const {
        const std::string changes = hex_of(digest_key(method, "100"));
        const std::string sum = hex_of(
            digest_key(hex_of(digest_key(user, password)) + ":" + nonce + ":" + count, qop + ":" + changes));
        return "Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" + nonce +
               "\", uri=\"keytone:100\", response=\"" + sum + "\", cnonce=\"keytone\", qop=" + qop +
               ", nc=" + count + ", algorithm=MD5";
    }
};

class Challenged : public testing::Test {
  protected:
    Verdict judge(const std::string& authorization, std::chrono::seconds later = 1s) {
        return server.judge(authorization, "INVITE", start + later).verdict;
    }

    DigestServer server{{{"ada", digest_key("ada", "s3cret")}}};
    std::string nonce = nonce_of(server.challenge(false, start));
};

TEST(DigestKey, IsTheSumOfNameRealmAndPassword) {
    const auto key = digest_key("ada", "s3cret"); // md5sum
    EXPECT_EQ(hex_of(key), "ec487e99eb6bdc68bc9f07201c7c4d17");
    EXPECT_EQ(read_digest_key(hex_of(key)), key);
    for (const char* const text : {"", "0123", "0123456789abcdef0123456789abcdeg",
                                   "0123456789abcdef0123456789abcdef0", "+123456789abcdef0123456789abcde-"}) {
        EXPECT_FALSE(read_digest_key(text)) << text;
    }
}

TEST_F(Challenged, WhoKnowsThePasswordIsAccepted) {
    const auto judgement = server.judge(Answer{}.to(nonce), "INVITE", start + 1s);
    EXPECT_EQ(judgement.verdict, Verdict::accepted);
    EXPECT_EQ(judgement.user, "ada");
}

TEST_F(Challenged, WhoDoesNotIsRefused) {
    EXPECT_EQ(judge(Answer{.password = "guess"}.to(nonce)), Verdict::refused);
    EXPECT_EQ(judge(Answer{.user = "bob"}.to(nonce)), Verdict::refused);
    EXPECT_EQ(judge(Answer{.user = ""}.to(nonce)), Verdict::refused);
    EXPECT_EQ(judge(Answer{.method = "BYE"}.to(nonce)), Verdict::refused);
    std::string cut = Answer{}.to(nonce);
    cut.erase(cut.find("response=\"") + 10, 2);
    EXPECT_EQ(judge(cut), Verdict::refused);
}

TEST_F(Challenged, WhatIsNoAnswerToOursIsAskedAgain) {
    for (const char* const text :
         {"", "Basic YWRhOnMzY3JldA==", "Digest", "Digest username=\"ada\"", "\x01\x02"}) {
        EXPECT_EQ(judge(text), Verdict::unasked) << text;
    }
    EXPECT_EQ(judge(Answer{.realm = "elsewhere"}.to(nonce)), Verdict::unasked);
}

TEST_F(Challenged, AnAnswerCountsOnce) {
    const std::string answer = Answer{}.to(nonce);
    EXPECT_EQ(judge(answer), Verdict::accepted);
    EXPECT_EQ(judge(answer), Verdict::stale);
    EXPECT_EQ(judge(Answer{.count = "00000003"}.to(nonce)), Verdict::accepted);
    EXPECT_EQ(judge(Answer{.count = "00000002"}.to(nonce)), Verdict::stale);
    EXPECT_EQ(judge(Answer{.count = "00000000"}.to(nonce)), Verdict::stale);
    EXPECT_EQ(judge(Answer{.count = "4"}.to(nonce)), Verdict::refused); // RFC 7616, 3.4: eight digits
    EXPECT_EQ(judge(Answer{.qop = ""}.to(nonce)), Verdict::refused);
}

TEST_F(Challenged, ANonceLivesAMinute) {
    EXPECT_EQ(judge(Answer{}.to(nonce), 60s), Verdict::accepted);
    EXPECT_EQ(judge(Answer{.count = "00000002"}.to(nonce), 61s), Verdict::stale);
    EXPECT_EQ(judge(Answer{.password = "guess"}.to(nonce), 61s), Verdict::refused);
}

TEST_F(Challenged, ANonceOfSomebodyElseIsStale) {
    const DigestServer other{{{"ada", digest_key("ada", "s3cret")}}};
    EXPECT_EQ(judge(Answer{}.to(nonce_of(other.challenge(false, start)))), Verdict::stale);
    std::string changed = nonce;
    changed[15] = changed[15] == '0' ? '1' : '0'; // its time
    EXPECT_EQ(judge(Answer{}.to(changed)), Verdict::stale);
    EXPECT_EQ(judge(Answer{}.to("x")), Verdict::stale);
}

TEST_F(Challenged, EachChallengeIsAnother) {
    const std::string challenge = server.challenge(false, start);
    EXPECT_NE(nonce_of(challenge), nonce);
    EXPECT_EQ(challenge.find("stale"), std::string::npos);
    EXPECT_NE(server.challenge(true, start).find(", stale=true"), std::string::npos);
}

// Beyond that, the nonces used first count as old: no answer is accepted twice.
TEST_F(Challenged, NoMoreIsRememberedThanThereIsRoomFor) {
    ASSERT_EQ(judge(Answer{}.to(nonce)), Verdict::accepted);
    for (std::size_t i = 0; i < DigestServer::most_used; ++i) {
        const auto time = start + std::chrono::milliseconds(1 + i);
        ASSERT_EQ(server.judge(Answer{}.to(nonce_of(server.challenge(false, time))), "INVITE", time).verdict,
                  Verdict::accepted);
    }
    EXPECT_EQ(judge(Answer{.count = "00000002"}.to(nonce), 20s), Verdict::stale);
}

} // namespace
} // namespace keytone::server
