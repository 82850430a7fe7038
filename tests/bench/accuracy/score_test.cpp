// SPDX-License-Identifier: MIT
#include "bench/accuracy/score.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone::accuracy {
namespace {

// Keys of 50 ms, one every 100 ms.
const std::vector<SentKey> sent{{'1', 0.20, 0.25}, {'2', 0.30, 0.35}, {'3', 0.40, 0.45}};

Score scored(const std::vector<HeardKey>& heard) {
    return score(sent, heard);
}

TEST(Score, EveryKeyOnce) {
    const Score all = scored({{'1', 0.23}, {'2', 0.33}, {'3', 0.48}});
    EXPECT_EQ(all, (Score{.sent = 3, .hits = 3}));
    EXPECT_TRUE(all.perfect());
    EXPECT_EQ(all.hit_percent(), 100.0);
}

TEST(Score, AKeyMissed) {
    const Score score = scored({{'1', 0.23}, {'3', 0.43}});
    EXPECT_EQ(score, (Score{.sent = 3, .hits = 2, .missed = 1}));
    EXPECT_TRUE(score.clean());
    EXPECT_FALSE(score.perfect());
    EXPECT_NEAR(score.accepted_percent(), 66.667, 0.001);
}

TEST(Score, AnotherKeyInstead) {
    const Score score = scored({{'1', 0.23}, {'5', 0.33}, {'3', 0.43}});
    EXPECT_EQ(score, (Score{.sent = 3, .hits = 2, .wrong = 1}));
    EXPECT_FALSE(score.clean());
    EXPECT_EQ(score.accepted_percent(), 100.0);
}

TEST(Score, AKeyTwice) {
    EXPECT_EQ(scored({{'1', 0.23}, {'2', 0.33}, {'2', 0.36}, {'3', 0.43}}),
              (Score{.sent = 3, .hits = 3, .extra = 1}));
}

TEST(Score, AnotherKeyBesides) {
    const Score after = scored({{'1', 0.23}, {'2', 0.33}, {'8', 0.36}, {'3', 0.43}});
    const Score before = scored({{'1', 0.23}, {'8', 0.33}, {'2', 0.36}, {'3', 0.43}});
    EXPECT_EQ(after, (Score{.sent = 3, .hits = 3, .extra = 1}));
    EXPECT_EQ(before, after);
}

TEST(Score, ReportsOfNoKey) {
    EXPECT_EQ(scored({{'9', 0.1}, {'1', 0.23}, {'2', 0.33}, {'3', 0.43}, {'3', 0.60}}),
              (Score{.sent = 3, .hits = 3, .extra = 2}));
    // In time, but only for the key before.
    EXPECT_EQ(scored({{'1', 0.23}, {'2', 0.399}, {'2', 0.401}}), (Score{.sent = 3, .hits = 2, .wrong = 1}));
}

TEST(Score, TooLateIsMissedAndExtra) {
    EXPECT_EQ(scored({{'1', 0.23}, {'2', 0.33}, {'3', 0.54}}),
              (Score{.sent = 3, .hits = 2, .missed = 1, .extra = 1}));
}

TEST(Score, NothingSentOrHeard) {
    EXPECT_EQ(score({}, std::vector<HeardKey>{{'1', 0.1}, {'2', 0.2}}), (Score{.extra = 2}));
    EXPECT_EQ(scored({}), (Score{.sent = 3, .missed = 3}));
    EXPECT_EQ(score({}, {}).hit_percent(), 0.0);
}

TEST(Score, AddsUp) {
    Score sum = scored({{'1', 0.23}, {'5', 0.33}});
    sum += scored({{'1', 0.23}, {'2', 0.33}, {'2', 0.34}});
    EXPECT_EQ(sum, (Score{.sent = 6, .hits = 3, .missed = 2, .wrong = 1, .extra = 1}));
}

} // namespace
} // namespace keytone::accuracy
