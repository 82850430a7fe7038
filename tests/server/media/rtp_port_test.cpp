// SPDX-License-Identifier: MIT
#include "server/media/rtp_port.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace keytone::server {
namespace {

const SocketAddress loopback = *SocketAddress::parse("127.0.0.1", 0);

TEST(RtpPort, RtpIsEvenAndRtcpIsTheNext) {
    const auto port = RtpPort::open(loopback, {});
    ASSERT_TRUE(port) << port.error();
    EXPECT_EQ(port->local().port() % 2, 0);
    for (const Channel channel : {Channel::rtp, Channel::rtcp}) {
        sockaddr_storage bound{};
        socklen_t size = sizeof bound;
        // The system's own type for every family.
        ASSERT_EQ(getsockname(port->socket(channel), reinterpret_cast<sockaddr*>(&bound), &size), 0);
        EXPECT_EQ(SocketAddress::from(bound).port(), port->local().port() + (channel == Channel::rtcp));
    }
}

TEST(RtpPort, ExhaustedPortsAreTold) {
    // As many as are free: other programs may use some.
    constexpr PortRange range{31'001, 31'010};
    std::vector<RtpPort> taken;
    for (int i = 0; i < 5; ++i) {
        auto port = RtpPort::open(loopback, range);
        if (!port) {
            break;
        }
        EXPECT_GE(port->local().port(), 31'002);
        EXPECT_LE(port->local().port(), 31'008);
        taken.push_back(*std::move(port));
    }
    EXPECT_LE(taken.size(), 4U);
    const auto refused = RtpPort::open(loopback, range);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), "no free pair of ports in 31001-31010: widen rtp.ports or end calls");
}

TEST(RtpPort, IsClosedWithItsObject) {
    std::uint16_t number = 0;
    {
        auto port = RtpPort::open(loopback, {});
        ASSERT_TRUE(port);
        const RtpPort moved = *std::move(port);
        number = moved.local().port();
        EXPECT_FALSE(RtpPort::open(loopback, {number, static_cast<std::uint16_t>(number + 1)}));
    }
    EXPECT_TRUE(RtpPort::open(loopback, {number, static_cast<std::uint16_t>(number + 1)}));
}

TEST(RtpPort, AnAddressThatIsNotThisMachinesIsTold) {
    const auto refused = RtpPort::open(*SocketAddress::parse("192.0.2.1", 0), {20'000, 20'001});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), "RTP cannot use 192.0.2.1:20000 (Cannot assign requested address): "
                               "set rtp.address to an address of this machine");
}

TEST(RtpPort, ARangeWithoutAPairHasNone) {
    EXPECT_FALSE(RtpPort::open(loopback, {20'001, 20'002}));
    EXPECT_FALSE(RtpPort::open(loopback, {20'002, 20'000}));
}

TEST(RtpPort, OfIpv6Too) {
    const auto port = RtpPort::open(*SocketAddress::parse("::1", 0), {});
    if (!port) {
        GTEST_SKIP() << "no IPv6 here: " << port.error();
    }
    EXPECT_EQ(port->local().family(), AF_INET6);
}

} // namespace
} // namespace keytone::server
