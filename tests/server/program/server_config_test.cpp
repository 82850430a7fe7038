// SPDX-License-Identifier: MIT
//
// What a configuration says; and of each mistake the place, the key and the remedy.
#include "server/program/server_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

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
keys = "info"

[dial]
allow = ["+1555", "sip:*@example.com", "sip:pbx.example:5070"]
max_calls = 7
calls_per_minute = 8

[answer]
scenario = "/etc/keytone/answer.jsonl"
prompts = "/usr/share/prompts"
output = "/var/lib/keytone/calls"
memory_mb = 64

[media]
threads = 3

[log]
format = "json"
level = "warning"

[recordings]
path = "calls"
keep_days = 30
keys = "silence"
[http]
public_url = "https://keytone.example/voice/"
listen = "127.0.0.1:8080"

[store]
path = "keytone.db"
keep_days = 30

[reports]
allow_addresses = ["10.0.0.0/8", "fd00::/8"]
ca_file = "/etc/keytone/ca.pem"
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
    EXPECT_EQ(read->max_placed, 7U);
    EXPECT_EQ(read->placed_per_minute, 8U);
    EXPECT_EQ(read->sip.session_timer, 600s);
    EXPECT_EQ(read->media_address, "198.51.100.1");
    EXPECT_EQ(read->ports.first, 30'000);
    EXPECT_EQ(read->ports.last, 30'999);
    EXPECT_EQ(read->keys, KeysOut::info);
    EXPECT_EQ(read->max_calls, 100U);
    ASSERT_TRUE(read->allowed_targets);
    EXPECT_THAT(*read->allowed_targets,
                testing::ElementsAre("+1555", "sip:example.com", "sip:pbx.example:5070"));
    ASSERT_TRUE(read->answer);
    EXPECT_EQ(read->answer->scenario, "/etc/keytone/answer.jsonl");
    EXPECT_EQ(read->answer->prompts, "/usr/share/prompts");
    EXPECT_EQ(read->answer->output, "/var/lib/keytone/calls");
    EXPECT_EQ(read->answer->memory_mb, 64);
    EXPECT_EQ(read->media_threads, 3U);
    EXPECT_EQ(read->log_format, LogFormat::json);
    EXPECT_EQ(read->log_level, LogLevel::warning);
    ASSERT_TRUE(read->http);
    EXPECT_EQ(read->http->address, "127.0.0.1");
    EXPECT_EQ(read->http->port, 8080);
    EXPECT_EQ(read->store, "keytone.db");
    EXPECT_EQ(read->recordings, "calls");
    EXPECT_EQ(read->keep_recordings_days, 30);
    EXPECT_EQ(read->recorded_keys, RecordedKeys::silence);
    EXPECT_EQ(public_url_of(*read), "https://keytone.example/voice");
    EXPECT_EQ(read->keep_days, 30);
    EXPECT_THAT(read->webhooks.allowed,
                testing::ElementsAre(AddressRange{"10.0.0.0", 8}, AddressRange{"fd00::", 8}));
    EXPECT_EQ(read->webhooks.ca_file, "/etc/keytone/ca.pem");
    EXPECT_FALSE(read->webhooks.allow_http);
}

TEST(ServerConfig, HoldsUsersAndARegistration) {
    const auto read = read_server_config(R"([sip]
trunk = "sip.example:5080"
user = "u"
password = "p"
register = true
register_expires = 600
[sip.users]
ada = "secret"
bob = "ha1:0123456789abcdef0123456789ABCDEF"
)",
                                         "keytone.toml");
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->sip.users.size(), 2U);
    EXPECT_EQ(read->sip.users.at("ada"), digest_key("ada", "secret"));
    EXPECT_EQ(read->sip.users.at("bob"), read_digest_key("0123456789abcdef0123456789abcdef"));
    ASSERT_TRUE(read->sip.registration);
    EXPECT_EQ(read->sip.registration->registrar, "sip:sip.example:5080");
    EXPECT_EQ(read->sip.registration->who, "sip:u@sip.example");
    EXPECT_EQ(read->sip.registration->interval, 600s);
    EXPECT_FALSE(read_server_config("[sip]\nregister = false\n", "keytone.toml")->sip.registration);
}

TEST(ServerConfig, HasDefaults) {
    const auto read = read_server_config("", "keytone.toml");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->sip.address, "127.0.0.1");
    EXPECT_EQ(read->media_address, "127.0.0.1");
    EXPECT_EQ(read->sip.session_timer, 1800s);
    EXPECT_FALSE(read->credentials);
    EXPECT_TRUE(read->sip.callers.empty());
    EXPECT_EQ(read->keys, KeysOut::automatic);
    EXPECT_FALSE(read->allowed_targets) << "not an empty list, which allows nobody";
    EXPECT_FALSE(read->answer);
    EXPECT_EQ(read->media_threads, 0U);
    EXPECT_FALSE(read->log_format);
    EXPECT_EQ(read->log_level, LogLevel::info);
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
        {"[rtp]\nsrtp = \"on\"\n", "k.toml:2: rtp.srtp is none of \"off\", \"offered\", \"required\""},
        {"[rtp]\nports = \"20000\"\n",
         "k.toml:2: rtp.ports are two numbers from 1024 to 65535: write \"20000-29999\""},
        {"[rtp]\nports = \"29999-20000\"\n",
         "k.toml:2: rtp.ports are two numbers from 1024 to 65535: write \"20000-29999\""},
        {"[rtp]\nports = \"80-1000\"\n",
         "k.toml:2: rtp.ports are two numbers from 1024 to 65535: write \"20000-29999\""},
        {"[rtp]\nkeys = \"tones\"\n", R"(k.toml:2: rtp.keys is none of "auto", "rfc4733", "inband", "info")"},
        {"[dial]\nmax_calls = -1\n", "k.toml:2: dial.max_calls is a whole number from 0 to 10000"},
        {"[dial]\nallow = 1\n", "k.toml:2: dial.allow is no list of strings: write [\"…\", \"…\"]"},
        {"[dial]\nallow = [\"+1555\", \"1530\"]\n",
         "k.toml:2: dial.allow takes the first digits of numbers and SIP domains: write \"+1530\" or "
         "\"sip:*@pbx.example\""},
        {"[dial]\nallow = [\"sip:7@pbx.example\"]\n",
         "k.toml:2: dial.allow takes the first digits of numbers and SIP domains: write \"+1530\" or "
         "\"sip:*@pbx.example\""},
        {"[answer]\n", "k.toml:1: answer.scenario is missing: name a file, or leave [answer] out"},
        {"[answer]\nscenario = \"\"\n",
         "k.toml:2: answer.scenario is no path: write \"/etc/keytone/answer.jsonl\""},
        {"[answer]\nscenario = \"a\"\nmemory_mb = 0\n",
         "k.toml:3: answer.memory_mb is a whole number from 1 to 1000000"},
        {"[agent]\n",
         "k.toml:1: agent.url is missing: name the agent's socket, such as \"ws://127.0.0.1:8765/\""},
        {"[agent]\nurl = \"http://a/\"\n", "k.toml:2: agent.url is no WebSocket URL: write "
                                           "\"ws://127.0.0.1:8765/\" or \"wss://agent.example/\""},
        {"[agent]\nurl = \"ws://a\"\nshape = \"telnyx\"\n",
         "k.toml:3: agent.shape is none of \"keytone\", \"twilio\""},
        {"[agent]\nurl = \"ws://a\"\nrate = 11025\n", "k.toml:3: agent.rate is 8000 or 16000"},
        {"[agent]\nurl = \"ws://a\"\nshape = \"twilio\"\nrate = 16000\n",
         "k.toml:4: agent.rate is 8000 in the shape twilio: leave it out"},
        {"[agent]\nurl = \"ws://a\"\ngrace = -1\n", "k.toml:3: agent.grace is a whole number from 0 to 3600"},
        {"[agent]\nurl = \"ws://a\"\nmute_keys = \"yes\"\n",
         "k.toml:3: agent.mute_keys is true or false, without quotes"},
        {"[agent]\nurl = \"ws://a\"\ngrase = 5\n",
         "k.toml:3: agent.grase is not known: did you mean agent.grace?"},
        {"[agent]\nurl = \"ws://a\"\nmessage = \"" + std::string(501, 'x') + "\"\n",
         "k.toml:3: agent.message is text of at most 500 characters: shorten it"},
        {"[agent]\nurl = \"ws://a\"\ntransferNumber = 5\n",
         "k.toml:3: agent.transferNumber is a number: write it as a string, in quotes, so that leading zeros "
         "stay"},
        {"[agent]\nurl = \"ws://a\"\ntransferEnabled = true\n",
         "k.toml:1: agent.transferNumber is missing, and transferEnabled is true: give the number to "
         "transfer to, such as +14155551234"},
        {"[agent]\nurl = \"ws://a\"\ntransferTriggers = [\"x\"]\n",
         "k.toml:3: agent.transferTriggers was removed: write the conditions into transfer_instructions, in "
         "plain words"},
        {"[agent]\nurl = \"ws://a\"\nallow = [\"+1\", 2]\n",
         "k.toml:3: agent.allow/1 is no string: write transferNumber, +1415 or sip:example.com"},
        {"[answer]\nscenario = \"a\"\n[agent]\nurl = \"ws://a\"\n",
         "k.toml:3: agent and answer both say who has the calls: leave one of them out"},
        {"[media]\nthreads = 65\n", "k.toml:2: media.threads is a whole number from 1 to 64"},
        {"[log]\nformat = \"xml\"\n", "k.toml:2: log.format is none of \"text\", \"json\""},
        {"[log]\nlevel = \"all\"\n",
         "k.toml:2: log.level is none of \"debug\", \"info\", \"warning\", \"error\""},
        {"[http]\nlisten = \"8080\"\n",
         "k.toml:2: http.listen is no address and port: write \"127.0.0.1:8080\""},
        {"[http]\nlisten = \"127.0.0.1:8080\"\n",
         "k.toml:2: http.listen needs a store, which has the tokens: set store.path"},
        {"[http]\npublic_url = \"keytone.example\"\n",
         "k.toml:2: http.public_url is no URL: write \"https://keytone.example\""},
        {"[http]\npublic_url = \"https:///a\"\n",
         "k.toml:2: http.public_url is no URL: write \"https://keytone.example\""},
        {"[recordings]\npath = \"r\"\n",
         "k.toml:2: recordings.path needs a store, which knows the calls: set store.path"},
        {"[recordings]\nkeep_days = 3\n",
         "k.toml:1: recordings.path is missing: name a folder, or leave [recordings] out"},
        {"[store]\npath = \"k.db\"\n[recordings]\npath = \"r\"\nkeep_days = 0\n",
         "k.toml:5: recordings.keep_days is a whole number from 1 to 3650"},
        {"[store]\npath = \"k.db\"\n[recordings]\npath = \"r\"\nkeys = \"no\"\n",
         "k.toml:5: recordings.keys is none of \"keep\", \"silence\""},
        {"[store]\npath = 1\n", "k.toml:2: store.path is no string: put it in quotes"},
        {"[store]\nkeep_days = 3\n", "k.toml:1: store.path is missing: name a file, or leave [store] out"},
        {"[store]\npath = \"k.db\"\nkeep_days = 0\n",
         "k.toml:3: store.keep_days is a whole number from 1 to 3650"},
        {"[reports]\nallow_addresses = [\"10.0.0.0/99\"]\n",
         "k.toml:2: reports.allow_addresses: 10.0.0.0/99: has no number of bits behind the slash: 0 to 32"},
        {"[sip]\nregister = 1\n", "k.toml:2: sip.register is true or false"},
        {"[sip]\nregister = true\n", "k.toml:2: sip.register needs sip.trunk: name the registrar there"},
        {"[sip]\nregister = true\ntrunk = \"pbx\"\n",
         "k.toml:2: sip.register needs sip.from, which is empty: give a URI"},
        {"[sip]\nregister = true\ntrunk = \"pbx\"\nfrom = \"sip:pbx\"\n",
         "k.toml:2: sip.register needs sip.from, which has no user: write sip:user@host"},
        {"[sip]\nregister_expires = 59\n",
         "k.toml:2: sip.register_expires is a whole number from 60 to 86400"},
        {"[sip]\nusers = [\"ada\"]\n", "k.toml:2: sip.users is no table: write [sip.users] above its names"},
        {"[sip.users]\nada = 1\n", "k.toml:2: sip.users.ada is no string: put it in quotes"},
        {"[sip.users]\nada = \"\"\n", "k.toml:2: sip.users.ada has no password: write one"},
        {"[sip.users]\nada = \"ha1:12\"\n",
         "k.toml:2: sip.users.ada has no 32 hexadecimal digits behind ha1: write MD5 of "
         "\"name:keytone:password\""},
        {"[sip.users]\n'a\"b' = \"x\"\n", "k.toml:2: sip.users.a\"b has a quote, a backslash or a control "
                                          "character in its name: leave it out"},
        // Only the first mistake.
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

TEST(ServerConfig, HasAnAgent) {
    const auto read = read_server_config(R"([agent]
url = "wss://agent.example/calls"
shape = "twilio"
ca = "ca.pem"
grace = 2
answer_after = 0
message = ""
prompts = "prompts"
mute_keys = true
transferEnabled = true
transferNumber = "+15303195426"
transferMessage = "Let me connect \"you\"."
allow = ["+1530", "transferNumber"]
endCallEnabled = false
)",
                                         "k.toml");
    ASSERT_TRUE(read) << read.error();
    ASSERT_TRUE(read->agent);
    EXPECT_TRUE(read->agent->url.secure);
    EXPECT_EQ(read->agent->url.target, "/calls");
    EXPECT_EQ(read->agent->shape, AgentShape::twilio);
    EXPECT_EQ(read->agent->ca, "ca.pem");
    EXPECT_EQ(read->agent->grace, 2s);
    EXPECT_TRUE(read->agent->mute_keys);
    EXPECT_EQ(read->agent->answer_after, 0s);
    EXPECT_EQ(read->agent->message, "");
    EXPECT_EQ(read->agent->prompts, "prompts");
    EXPECT_TRUE(read->agent->settings.transfer_enabled);
    EXPECT_EQ(read->agent->settings.transfer_number, "+15303195426");
    EXPECT_EQ(read->agent->settings.transfer_message, "Let me connect \"you\".");
    EXPECT_THAT(read->agent->settings.allow, testing::ElementsAre("+1530", "transferNumber"));
    EXPECT_FALSE(read->agent->settings.end_call_enabled);
    const auto usual = read_server_config("[agent]\nurl = \"ws://a\"\nrate = 16000\n", "k.toml");
    ASSERT_TRUE(usual && usual->agent) << usual.error();
    EXPECT_EQ(usual->agent->shape, AgentShape::keytone);
    EXPECT_EQ(usual->agent->rate.hz(), 16'000);
    EXPECT_EQ(usual->agent->grace, 5s);
    EXPECT_FALSE(usual->agent->mute_keys);
    EXPECT_TRUE(usual->agent->settings.end_call_enabled);
    EXPECT_FALSE(read_server_config("", "k.toml")->agent);
}

} // namespace
} // namespace keytone::server
