// SPDX-License-Identifier: MIT
#include "server/agent/agent_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace keytone::server {
namespace {

TEST(AgentUrl, IsTakenApart) {
    struct Case {
        const char* text;
        bool secure;
        const char* host;
        const char* port;
        const char* target;
        const char* authority;
    };
    for (const Case& url : {
             Case{"ws://127.0.0.1:8765", false, "127.0.0.1", "8765", "/", "127.0.0.1:8765"},
             Case{"wss://agent.example/calls?key=1", true, "agent.example", "443", "/calls?key=1",
                  "agent.example"},
             Case{"ws://agent.example?key=1", false, "agent.example", "80", "/?key=1", "agent.example"},
             Case{"wss://[::1]:8443/x", true, "::1", "8443", "/x", "[::1]:8443"},
             Case{"ws://[2001:db8::1]/", false, "2001:db8::1", "80", "/", "[2001:db8::1]"},
         }) {
        const auto read = parse_agent_url(url.text);
        ASSERT_TRUE(read) << url.text << ": " << read.error();
        EXPECT_EQ(read->secure, url.secure);
        EXPECT_EQ(read->host, url.host);
        EXPECT_EQ(read->port, url.port);
        EXPECT_EQ(read->target, url.target);
        EXPECT_EQ(read->authority(), url.authority);
    }
}

TEST(AgentUrl, IsRefusedWithTheRemedy) {
    struct Case {
        const char* text;
        const char* why;
    };
    for (const Case& url : {
             Case{"", "is no WebSocket URL"},
             Case{"https://agent.example/", "is no WebSocket URL"},
             Case{"ws://", "has no host"},
             Case{"ws:///calls", "has no host"},
             Case{"ws://[::1/", "has no host"},
             Case{"ws://[::1]x/", "has no host"},
             Case{"ws://a:0/", "has no port"},
             Case{"ws://a:65536/", "has no port"},
             Case{"ws://a:/", "has no port"},
             Case{"ws://a:80x/", "has no port"},
             Case{"ws://user:secret@a/", "has a user"},
             Case{"ws://a/#part", "has a fragment"},
             Case{"ws://a/\r\nX: 1", "has a space, a control character"},
             Case{"ws://ä/", "has a space, a control character or a letter beyond ASCII"},
         }) {
        const auto read = parse_agent_url(url.text);
        ASSERT_FALSE(read) << url.text;
        EXPECT_THAT(read.error(), testing::StartsWith(url.why)) << url.text;
    }
}

} // namespace
} // namespace keytone::server
