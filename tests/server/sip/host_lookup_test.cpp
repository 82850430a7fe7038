// SPDX-License-Identifier: MIT
#include "server/sip/host_lookup.hpp"

namespace keytone::server {
namespace {

constexpr const char* hosts = "127.0.0.1 localhost\n"
                              "# 192.0.2.9 pbx\n"
                              "192.0.2.1\tpbx.example   PBX # 192.0.2.2 trunk\n"
                              "2001:db8::1 pbx.example pbx6\r\n"
                              "not-an-address other\n"
                              "192.0.2.3 last";

struct Row {
    const char* name;
    int family;
    std::optional<std::string> address;
};

TEST(HostLookup, FindsWhatTheFileNames) {
    const std::vector<Row> rows{
        {"pbx.example", AF_INET, "192.0.2.1"},
        {"pbx.example", AF_INET6, "2001:db8::1"},
        {"pbx", AF_INET, "192.0.2.1"},
        {"Pbx.Example.", AF_INET, "192.0.2.1"},
        {"pbx", AF_INET6, std::nullopt},
        {"pbx6", AF_INET6, "2001:db8::1"},
        {"last", AF_INET, "192.0.2.3"},
        {"trunk", AF_INET, std::nullopt},
        {"other", AF_INET, std::nullopt},
        {"192.0.2.1", AF_INET, std::nullopt},
        {"", AF_INET, std::nullopt},
        {"#", AF_INET, std::nullopt},
        {"localhost", AF_INET, "127.0.0.1"},
        {"localhost", AF_INET6, "::1"},
        {"phone.LOCALHOST", AF_INET, "127.0.0.1"},
        {"notlocalhost", AF_INET, std::nullopt},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(address_in_hosts(hosts, row.name, row.family), row.address) << row.name;
    }
    EXPECT_EQ(address_in_hosts("", "localhost", AF_INET), "127.0.0.1");
}

TEST(HostLookup, TakesNoAddressWithANul) {
    EXPECT_EQ(address_in_hosts(std::string_view("192.0.2.1\0 pbx", 14), "pbx", AF_INET), std::nullopt);
}

TEST(HostLookup, RoutesByPortAndTransport) {
    EXPECT_EQ(route_by_hosts(hosts, "sip:100@pbx", AF_INET), "sip:192.0.2.1");
    EXPECT_EQ(route_by_hosts(hosts, "sip:100@pbx:5080;transport=tcp;x=y", AF_INET),
              "sip:192.0.2.1:5080;transport=tcp");
    EXPECT_EQ(route_by_hosts(hosts, "sip:100@pbx6:5080", AF_INET6), "sip:[2001:db8::1]:5080");
    EXPECT_EQ(route_by_hosts(hosts, "sip:100@192.0.2.7", AF_INET), std::nullopt);
    EXPECT_EQ(route_by_hosts(hosts, "sip:100@elsewhere", AF_INET), std::nullopt);
    EXPECT_EQ(route_by_hosts(hosts, "no URI", AF_INET), std::nullopt);
}

} // namespace
} // namespace keytone::server
