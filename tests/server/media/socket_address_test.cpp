// SPDX-License-Identifier: MIT
#include "server/media/socket_address.hpp"

#include <gtest/gtest.h>

namespace keytone::server {
namespace {

TEST(SocketAddress, GoesToTheSystemAndBack) {
    for (const char* const host : {"192.0.2.1", "2001:db8::1", "::1", "0.0.0.0"}) {
        const auto address = SocketAddress::parse(host, 5004);
        ASSERT_TRUE(address) << host;
        sockaddr_storage system{};
        EXPECT_GT(address->write(system), 0U);
        EXPECT_EQ(SocketAddress::from(system), *address);
        EXPECT_EQ(address->port(), 5004);
    }
}

TEST(SocketAddress, IsWrittenAsInUrls) {
    EXPECT_EQ(SocketAddress::parse("192.0.2.1", 5004)->text(), "192.0.2.1:5004");
    EXPECT_EQ(SocketAddress::parse("2001:db8::1", 5004)->text(), "[2001:db8::1]:5004");
    EXPECT_EQ(SocketAddress().text(), "no address");
}

TEST(SocketAddress, LooksUpNoName) {
    for (const char* const host : {"", "localhost", "192.0.2", "192.0.2.256", "[::1]", "::1%lo"}) {
        EXPECT_FALSE(SocketAddress::parse(host, 1)) << host;
    }
}

TEST(SocketAddress, IsReadAsItIsWritten) {
    for (const char* const text : {"192.0.2.1:5004", "[2001:db8::1]:5004", "0.0.0.0:0"}) {
        const auto address = SocketAddress::parse_with_port(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->text(), text);
    }
    EXPECT_EQ(SocketAddress::parse("192.0.2.1", 1)->host().size(), 4U);
    EXPECT_EQ(SocketAddress::parse("::1", 1)->host().size(), 16U);
    EXPECT_TRUE(SocketAddress().host().empty());
    for (const char* const text :
         {"", "192.0.2.1", "192.0.2.1:", "192.0.2.1:70000", "192.0.2.1:5x", "sip:5060"}) {
        EXPECT_FALSE(SocketAddress::parse_with_port(text)) << text;
    }
}

TEST(SocketAddress, TellsHostsFromPorts) {
    const auto a = *SocketAddress::parse("192.0.2.1", 1);
    EXPECT_TRUE(a.same_host(*SocketAddress::parse("192.0.2.1", 2)));
    EXPECT_FALSE(a.same_host(*SocketAddress::parse("192.0.2.2", 1)));
    EXPECT_FALSE(a.same_host({}));
    EXPECT_EQ(a.with_port(2), *SocketAddress::parse("192.0.2.1", 2));
    EXPECT_FALSE(SocketAddress().is_set());
}

} // namespace
} // namespace keytone::server
