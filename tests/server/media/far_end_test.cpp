// SPDX-License-Identifier: MIT
#include "server/media/far_end.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keytone::server {
namespace {

/// The hosts A to F.
SocketAddress at(char name) {
    return *SocketAddress::parse("192.0.2." + std::to_string(name - 'A' + 1), 4000);
}

char name_of(const SocketAddress& address) {
    for (char name = 'A'; name <= 'F'; ++name) {
        if (address == at(name)) {
            return name;
        }
    }
    return '-';
}

/// Packets from each of these, numbered one after the other; each source has its SSRC. Notes what was heard,
/// and where media would go behind each.
struct Packets {
    explicit Packets(FarEnd& far, std::string_view sources, RtpSequence sequence = 65'534) {
        for (const char source : sources) {
            heard += far.admit(at(source), static_cast<std::uint32_t>(source), sequence++) ? source : ' ';
            sent_to += name_of(far.to());
        }
    }

    std::string heard{};
    std::string sent_to{};
};

TEST(FarEnd, ThreePacketsInARowShowIt) {
    FarEnd far(at('A'), true);
    const Packets run(far, "BBBBCBA");
    EXPECT_EQ(run.heard, "  BB B ");
    EXPECT_EQ(run.sent_to, "AABBBBB");
    EXPECT_TRUE(far.locked());
}

TEST(FarEnd, WhatSdpToldOfIsHeardAtOnce) {
    FarEnd far(at('A'), true);
    const Packets run(far, "ABABAAAB");
    EXPECT_EQ(run.heard, "A A AAA ");
    EXPECT_EQ(run.sent_to, "AAAAAAAA");
    EXPECT_TRUE(far.locked());
}

// A phone that still sends to a port's last call comes first.
TEST(FarEnd, WhatSdpToldOfTakesTheCallBack) {
    FarEnd far(at('A'), true);
    const Packets run(far, "BBBBABABABCCCBAA");
    EXPECT_EQ(run.heard, "  BB B BA     AA");
    EXPECT_EQ(run.sent_to, "AABBBBBBAAAAAAAA");
}

TEST(FarEnd, OneSourceIsOneSsrcWhoseNumbersGoOn) {
    FarEnd far({}, true);
    EXPECT_FALSE(far.admit(at('B'), 1, 10));
    EXPECT_FALSE(far.admit(at('B'), 2, 11)); // another SSRC
    EXPECT_FALSE(far.admit(at('B'), 2, 11)); // the same packet again
    EXPECT_FALSE(far.admit(at('B'), 2, 1000));
    EXPECT_FALSE(far.admit(at('B'), 2, 1010)); // some were lost
    EXPECT_FALSE(far.to().is_set());
    EXPECT_TRUE(far.admit(at('B'), 2, 1011));
    EXPECT_EQ(far.to(), at('B'));
}

TEST(FarEnd, AnotherAnswerHasToBeShownAgain) {
    FarEnd far(at('A'), true);
    EXPECT_EQ(Packets(far, "BBB").heard, "  B");
    far.tell(at('A'), true); // nothing new
    EXPECT_EQ(Packets(far, "B").heard, "B");
    far.tell(at('C'), true);
    const Packets run(far, "BBBC");
    EXPECT_EQ(run.heard, "  B ");
    EXPECT_EQ(run.sent_to, "CCBB");
}

TEST(FarEnd, WithoutSymmetryAnyPortOfTheHostIsHeard) {
    FarEnd far(at('A'), false);
    EXPECT_TRUE(far.admit(at('A').with_port(77), 1, 1));
    EXPECT_FALSE(far.admit(at('B'), 1, 2));
    EXPECT_EQ(Packets(far, "BBBB").sent_to, "AAAA");
    EXPECT_FALSE(far.locked());
}

} // namespace
} // namespace keytone::server
