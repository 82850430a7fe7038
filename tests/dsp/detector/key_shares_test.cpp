// SPDX-License-Identifier: MIT
#include "dsp/detector/key_shares.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace keytone {
namespace {

constexpr std::array<float, 2> full{1.0F, 1.0F};
constexpr std::array<float, 2> none{0.0F, 0.0F};
constexpr std::array<float, 2> weak{0.3F, 0.3F};

/// F is a full sub-block, w a weak one, . an empty one, x a lost one; from sub-block 0 on.
KeyShares shares(std::string_view pattern, const DtmfLimits& limits = {}) {
    KeyShares made(limits);
    made.fill();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const auto index = static_cast<std::int64_t>(i);
        if (pattern[i] == 'x') {
            made.set_lost(index);
        } else {
            made.set(index, pattern[i] == 'F' ? full : pattern[i] == 'w' ? weak : none);
        }
    }
    return made;
}

bool pauses(std::string_view pattern, const DtmfLimits& limits = {}) {
    return shares(pattern, limits).has_paused(static_cast<std::int64_t>(pattern.size()) - 1);
}

TEST(KeyShares, PartsKeysByPausesAndNotByInterruptions) {
    EXPECT_FALSE(pauses("FFFFFFFFFF"));
    EXPECT_FALSE(pauses("FFFFFF..FF"));
    EXPECT_FALSE(pauses("FFFFFF...."));
    EXPECT_TRUE(pauses("FFFF......"));
    EXPECT_FALSE(pauses("FFFFxxxxxx")); // what is lost says nothing
    const DtmfLimits danish = *dtmf_profile("danish");
    EXPECT_FALSE(pauses("FFFFFF.....", danish));
    EXPECT_TRUE(pauses("FFFF.......", danish));
}

TEST(KeyShares, KnowsHowMuchSilenceItBridges) {
    for (const std::string pattern : {"FFFFFF", "FFFFwF", "FFwww", "FF.F", "FFF..", "FFFwwwww"}) {
        const auto left = shares(pattern).silence_left(static_cast<std::int64_t>(pattern.size()) - 1);
        const std::string bridged = pattern + std::string(static_cast<std::size_t>(left), '.');
        EXPECT_TRUE(left == 0 || !pauses(bridged)) << pattern;
        EXPECT_TRUE(pauses(bridged + ".")) << pattern;
    }
    EXPECT_EQ(shares("FFFFxF.").silence_left(6), 0); // not known
}

TEST(KeyShares, OneToneMayNotBeMissing) {
    KeyShares one = shares("FFFFFFFFFF");
    for (std::int64_t b = 4; b < 10; ++b) {
        one.set(b, {1.2F, 0.0F});
    }
    EXPECT_TRUE(one.has_paused(9));
    EXPECT_EQ(one.first_empty(0, 9), 4);
}

TEST(KeyShares, KnowsALevelThatCameDown) {
    EXPECT_TRUE(shares("FFFFwwww").has_come_down(7, 4));
    EXPECT_FALSE(shares("FFFFFwww").has_come_down(7, 4));
    EXPECT_FALSE(shares("FFFF....").has_come_down(7, 4));
}

TEST(KeyShares, FindsTheLastFullStretch) {
    const auto [first, end] = shares("..FFFFFF.F..").last_full_stretch(2, 3, 12);
    EXPECT_EQ(first, 2);
    EXPECT_EQ(end, 8);
    KeyShares strange = shares("FFFFFFFF");
    strange.set_strange(7);
    EXPECT_EQ(strange.last_full_stretch(0, 2, 8).end, 7);
}

// Noise that was subtracted may leave less than nothing.
TEST(KeyShares, LessThanNoneIsNone) {
    KeyShares less = shares("FFFFFFFFFF");
    for (std::int64_t b = 4; b < 10; ++b) {
        less.set(b, {-0.3F, -0.01F});
    }
    EXPECT_TRUE(less.has_paused(9));
    EXPECT_EQ(less.first_empty(0, 9), 4);
}

} // namespace
} // namespace keytone
