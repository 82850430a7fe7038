// SPDX-License-Identifier: MIT
#include "server/sip/address_range.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace keytone::server {
namespace {

TEST(AddressRange, IsRead) {
    struct Row {
        const char* text;
        AddressRange read;
    };
    const std::vector<Row> rows{
        {"192.0.2.0/24", {"192.0.2.0", 24}},
        {"192.0.2.7", {"192.0.2.7", 32}},
        {"0.0.0.0/0", {"0.0.0.0", 0}},
        {"2001:db8::/32", {"2001:db8::", 32}},
        {"::1", {"::1", 128}},
    };
    for (const Row& row : rows) {
        const auto read = read_address_range(row.text);
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(*read, row.read) << row.text;
    }
}

TEST(AddressRange, SaysWhatIsWrong) {
    const std::string no_address = ": is no address: write 192.0.2.0/24 or 2001:db8::/32";
    struct Row {
        std::string text;
        std::string error;
    };
    const std::vector<Row> rows{
        {"", no_address},
        {"/8", "/8" + no_address},
        {"phone.example", "phone.example" + no_address},
        {"192.0.2/24", "192.0.2/24" + no_address},
        {"192.0.2.256", "192.0.2.256" + no_address},
        {" 192.0.2.1", " 192.0.2.1" + no_address},
        {"192.0.2.0/33", "192.0.2.0/33: has no number of bits behind the slash: 0 to 32"},
        {"192.0.2.0/-1", "192.0.2.0/-1: has no number of bits behind the slash: 0 to 32"},
        {"192.0.2.0/", "192.0.2.0/: has no number of bits behind the slash: 0 to 32"},
        {"192.0.2.0/8x", "192.0.2.0/8x: has no number of bits behind the slash: 0 to 32"},
        {"2001:db8::/129", "2001:db8::/129: has no number of bits behind the slash: 0 to 128"},
        {std::string("10.0.0.0\0/8", 11), "an address holds a control character: leave it out"},
        {"10.0.0.0\n", "an address holds a control character: leave it out"},
    };
    for (const Row& row : rows) {
        const auto read = read_address_range(row.text);
        ASSERT_FALSE(read) << row.text;
        EXPECT_EQ(read.error(), row.error);
    }
}

sockaddr_storage address(const std::string& text) {
    sockaddr_storage room{};
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        std::memcpy(&room, &v4, sizeof v4);
    } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        std::memcpy(&room, &v6, sizeof v6);
    }
    return room;
}

TEST(AddressRange, Contains) {
    struct Row {
        const char* range;
        const char* asked;
        bool is_in;
    };
    const std::vector<Row> rows{
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"10.0.0.0/7", "11.255.255.255", true},
        {"10.0.0.0/7", "12.0.0.0", false},
        {"0.0.0.0/0", "255.255.255.255", true},
        {"0.0.0.0/0", "::1", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"192.0.2.0/24", "::ffff:192.0.2.9", true}, // By an IPv6 socket.
        {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"::1", "::1", true},
        {"::/0", "127.0.0.1", false},
        {"::/0", "no address", false},
    };
    for (const Row& row : rows) {
        const auto range = read_address_range(row.range);
        ASSERT_TRUE(range) << range.error();
        const sockaddr_storage asked = address(row.asked);
        EXPECT_EQ(contains(*range, reinterpret_cast<const sockaddr&>(asked)), row.is_in)
            << row.range << " " << row.asked;
    }
}

} // namespace
} // namespace keytone::server
