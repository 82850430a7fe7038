// SPDX-License-Identifier: MIT
//
// What a configuration says; and of each mistake the place, the key and the remedy.
#include "server/program/server_config.hpp"

#include <string>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;

TEST(ServerConfig, IsRead) {
    const auto read = read_server_config(R"([sip]
listen = "192.0.2.1:5060"
from = "sip:keytone@example.com"
trunk = "sip.example:5080"
user = "u"
password = "p"
callers = ["192.0.2.0/24", "2001:db8::/32"]
max_calls = 100
session_timer = 600

[rtp]
address = "198.51.100.1"
ports = "30000-30999"

[dial]
allow = ["+1555*", "sip:*@example.com"]
)",
                                         "keytone.toml");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->sip.address, "192.0.2.1");
    EXPECT_EQ(read->sip.port, 5060);
    EXPECT_EQ(read->from, "sip:keytone@example.com");
    EXPECT_EQ(read->trunk, "sip.example:5080");
    ASSERT_TRUE(read->credentials);
    EXPECT_EQ(read->credentials->user, "u");
    EXPECT_EQ(read->credentials->password, "p");
    EXPECT_THAT(read->sip.callers,
                testing::ElementsAre(AddressRange{"192.0.2.0", 24}, AddressRange{"2001:db8::", 32}));
    EXPECT_EQ(read->sip.max_dialogs, 200U); // A call that is handed on has two.
    EXPECT_EQ(read->sip.session_timer, 600s);
    EXPECT_EQ(read->media_address, "198.51.100.1");
    EXPECT_EQ(read->ports.first, 30'000);
    EXPECT_EQ(read->ports.last, 30'999);
    EXPECT_THAT(read->allowed_targets, testing::ElementsAre("+1555*", "sip:*@example.com"));
}

TEST(ServerConfig, HasDefaults) {
    const auto read = read_server_config("", "keytone.toml");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->sip.address, "127.0.0.1");
    EXPECT_EQ(read->media_address, "127.0.0.1");
    EXPECT_EQ(read->sip.session_timer, 1800s);
    EXPECT_FALSE(read->credentials);
    EXPECT_TRUE(read->sip.callers.empty());
    EXPECT_TRUE(read->allowed_targets.empty());
}

TEST(ServerConfig, HasItsMediaWhereItListens) {
    const auto read = read_server_config("[sip]\nlisten = \"[::1]:0\"\n", "keytone.toml");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->sip.address, "::1");
    EXPECT_EQ(read->media_address, "::1");
}

struct Mistake {
    std::string text;
    std::string error;
};

TEST(ServerConfig, SaysWhatIsWrong) {
    const std::string no_listen =
        "sip.listen is no address and port: write \"127.0.0.1:5060\" or \"[::1]:5060\"";
    const std::vector<Mistake> mistakes{
        {"[spi]\n", "k.toml:1: spi is not known: did you mean sip?"},
        {"[sip]\n\nlisen = 1\n", "k.toml:3: sip.lisen is not known: did you mean sip.listen?"},
        {"[sip]\nzzzzzzzz = 1\n", "k.toml:2: sip.zzzzzzzz is not known: see keytone-server(1)"},
        {"[rtp]\nport = 1\n", "k.toml:2: rtp.port is not known: did you mean rtp.ports?"},
        {"[dial]\nalow = []\n", "k.toml:2: dial.alow is not known: did you mean dial.allow?"},
        {"\"a\\nb\" = 1\n", "k.toml:1: a?b is not known: see keytone-server(1)"},
        {"sip = 1\n", "k.toml:1: sip is no table: write [sip] above its keys"},
        {"[sip]\nlisten = 5060\n", "k.toml:2: sip.listen is no string: put it in quotes"},
        {"[sip]\nlisten = \"5060\"\n", "k.toml:2: " + no_listen},
        {"[sip]\nlisten = \"phone.example:5060\"\n", "k.toml:2: " + no_listen},
        {"[sip]\nlisten = \"127.0.0.1:65536\"\n", "k.toml:2: " + no_listen},
        {"[sip]\nlisten = \"127.0.0.1:x\"\n", "k.toml:2: " + no_listen},
        {"[sip]\nfrom = \"keytone\"\n", "k.toml:2: sip.from is no SIP URI: write sip:user@host"},
        {"[sip]\ntrunk = \"a b\"\n",
         "k.toml:2: sip.trunk is no host: write \"sip.example\" or \"192.0.2.1:5060\""},
        {"[sip]\nuser = \"u\"\n", "k.toml:1: sip.password is missing beside the other: give both"},
        {"[sip]\npassword = \"p\"\n", "k.toml:1: sip.user is missing beside the other: give both"},
        {"[sip]\nuser = \"u\"\npassword = \"p\\r\\nVia: x\"\n",
         "k.toml:3: sip.password has a control character: leave it out"},
        {"[sip]\ncallers = \"192.0.2.0/24\"\n",
         "k.toml:2: sip.callers is no list of strings: write [\"…\", \"…\"]"},
        {"[sip]\ncallers = [\"192.0.2.0/24\", 7]\n",
         "k.toml:2: sip.callers is no list of strings: write [\"…\", \"…\"]"},
        {"[sip]\ncallers = [\"192.0.2.0/24\", \"x\"]\n",
         "k.toml:2: sip.callers: x: is no address: write 192.0.2.0/24 or 2001:db8::/32"},
        {"[sip]\nmax_calls = 0\n", "k.toml:2: sip.max_calls is a whole number from 1 to 10000"},
        {"[sip]\nmax_calls = \"7\"\n", "k.toml:2: sip.max_calls is a whole number from 1 to 10000"},
        {"[sip]\nmax_calls = 7.0\n", "k.toml:2: sip.max_calls is a whole number from 1 to 10000"},
        {"[sip]\nsession_timer = 89\n", "k.toml:2: sip.session_timer is a whole number from 90 to 86400"},
        {"[rtp]\naddress = \"phone.example\"\n", "k.toml:2: rtp.address is no address: write it as a number"},
        {"[rtp]\nsrtp = \"on\"\n", "k.toml:2: rtp.srtp is \"off\", \"offered\" or \"required\""},
        {"[rtp]\nports = \"20000\"\n",
         "k.toml:2: rtp.ports are two numbers from 1024 to 65535: write \"20000-29999\""},
        {"[rtp]\nports = \"29999-20000\"\n",
         "k.toml:2: rtp.ports are two numbers from 1024 to 65535: write \"20000-29999\""},
        {"[rtp]\nports = \"80-1000\"\n",
         "k.toml:2: rtp.ports are two numbers from 1024 to 65535: write \"20000-29999\""},
        {"[dial]\nallow = 1\n", "k.toml:2: dial.allow is no list of strings: write [\"…\", \"…\"]"},
        // The first mistake alone.
        {"[sip]\nmax_calls = 0\nsession_timer = 0\n",
         "k.toml:2: sip.max_calls is a whole number from 1 to 10000"},
    };
    for (const Mistake& mistake : mistakes) {
        const auto read = read_server_config(mistake.text, "k.toml");
        ASSERT_FALSE(read) << mistake.text;
        EXPECT_EQ(read.error(), mistake.error);
    }
}

TEST(ServerConfig, SaysWhereItIsNoToml) {
    for (const std::string text : {"\n[sip\n", "\nsip = \n", "\n[sip]\n[sip]\n", "\n\xFF\n"}) {
        const auto read = read_server_config(text, "k.toml");
        ASSERT_FALSE(read) << text;
        EXPECT_THAT(read.error(), testing::MatchesRegex("k\\.toml:[1-3]: is no TOML: .+")) << text;
    }
}

} // namespace
} // namespace keytone::server
