// SPDX-License-Identifier: MIT
#include "server/media/socket_address.hpp"
#include "server/reports/webhook_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone::server {
namespace {

sockaddr_storage at(const std::string& address) {
    sockaddr_storage place{};
    const auto parsed = SocketAddress::parse(address, 443);
    EXPECT_TRUE(parsed) << address;
    parsed->write(place);
    return place;
}

bool may(const WebhookPolicy& policy, const std::string& address, bool is_https = true) {
    const sockaddr_storage place = at(address);
    return may_call(policy, reinterpret_cast<const sockaddr&>(place), is_https);
}

TEST(WebhookTarget, IsAPublicAddress) {
    for (const char* const address : {"8.8.8.8", "93.184.216.34", "100.63.255.255", "172.32.0.1", "192.0.1.1",
                                      "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8"}) {
        EXPECT_TRUE(may({}, address)) << address;
    }
}

TEST(WebhookTarget, IsNoOtherAddress) {
    for (const char* const address : {"0.0.0.0",
                                      "10.0.0.1",
                                      "100.64.0.1",
                                      "127.0.0.1",
                                      "127.255.255.255",
                                      "169.254.169.254",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.0.0.1",
                                      "192.168.1.1",
                                      "198.18.0.1",
                                      "203.0.113.1",
                                      "224.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "fe80::1",
                                      "fc00::1",
                                      "fd12::1",
                                      "ff02::1",
                                      "::ffff:10.0.0.1",
                                      "::ffff:127.0.0.1",
                                      "64:ff9b::a00:1",
                                      "2002:a00:1::1",
                                      "2001:0:a00:1::1",
                                      "2001:db8::1"}) {
        EXPECT_FALSE(may({}, address)) << address;
        WebhookPolicy policy;
        policy.allow_http = true; // does not concern https
        EXPECT_FALSE(may(policy, address)) << address;
    }
}

TEST(WebhookTarget, IsAPrivateAddressThatIsAllowed) {
    WebhookPolicy policy;
    policy.allowed = {{"10.1.0.0", 16}, {"fd12::", 16}};
    EXPECT_TRUE(may(policy, "10.1.2.3"));
    EXPECT_TRUE(may(policy, "fd12::3"));
    EXPECT_FALSE(may(policy, "10.2.2.3"));
    EXPECT_FALSE(may(policy, "10.1.2.3", false)) << "not by http";
}

TEST(WebhookTarget, IsNoPrivateAddressInAnySpelling) {
    for (const char* const url :
         {"https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.Localhost./",
          "https://127.0.0.1./", "https://127.1/", "https://0x7f000001/"}) {
        EXPECT_THAT(fault_of_webhook_url(url, WebhookPolicy{}).value_or(""),
                    testing::HasSubstr("is an address that is not public"))
            << url;
    }
    EXPECT_EQ(fault_of_webhook_url("https://x.example./", WebhookPolicy{}), std::nullopt);
}

TEST(WebhookTarget, IsTheLoopbackByHttpIfThatIsAllowed) {
    WebhookPolicy policy;
    EXPECT_FALSE(may(policy, "127.0.0.1", false));
    policy.allow_http = true;
    EXPECT_TRUE(may(policy, "127.0.0.1", false));
    EXPECT_TRUE(may(policy, "::1", false));
    EXPECT_FALSE(may(policy, "8.8.8.8", false));
    EXPECT_FALSE(may(policy, "10.0.0.1", false));
}

TEST(WebhookTarget, HasAnUrlThatCanBeCalled) {
    for (const char* const url :
         {"https://x.example", "https://x.example:8443/a/b?c=d", "https://[2606::1]/"}) {
        EXPECT_EQ(fault_of_webhook_url(url, false), std::nullopt) << url;
    }
    for (const char* const url : {"http://127.0.0.1:80/x", "http://localhost/x", "http://[::1]/"}) {
        EXPECT_EQ(fault_of_webhook_url(url, true), std::nullopt) << url;
        EXPECT_THAT(fault_of_webhook_url(url, false).value_or(""),
                    testing::HasSubstr("--allow-http-webhooks"));
    }
    const auto fault = [](const std::string& url) { return fault_of_webhook_url(url, true).value_or(""); };
    EXPECT_EQ(fault("http://x.example"), "is not https: write https://host/path");
    EXPECT_EQ(fault("ftp://x.example"), "is not https: write https://host/path");
    EXPECT_EQ(fault("file:///etc/passwd"), "is not https: write https://host/path");
    EXPECT_EQ(fault("x.example/y"), "is no URL: write https://host/path");
    EXPECT_EQ(fault(""), "is no URL: write https://host/path");
    EXPECT_EQ(fault("https://x.example/\r\nX-A: 1"), "is no URL: write https://host/path");
    EXPECT_EQ(fault("https://x.example/\xc3\xa4"), "is no URL: write https://host/path");
    EXPECT_THAT(fault("https://u:p@x.example/"), testing::HasSubstr("leave it out"));
    EXPECT_THAT(fault("https://x.example/#a"), testing::HasSubstr("#fragment"));
    EXPECT_THAT(fault("https://x.example/" + std::string(3000, 'a')), testing::HasSubstr("shorten it"));
}

} // namespace
} // namespace keytone::server
