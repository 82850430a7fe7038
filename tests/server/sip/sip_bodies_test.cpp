// SPDX-License-Identifier: MIT
#include "server/sip/sip_bodies.hpp"

#include <string>

namespace keytone::server {
namespace {

struct Relay {
    const char* body;
    char key; ///< 0: none.
    double ms;
};

TEST(DtmfRelay, IsRead) {
    const std::vector<Relay> rows{
        {"Signal=5\r\nDuration=160\r\n", '5', 160},
        {"Signal= 5\nDuration= 160", '5', 160},
        {" Signal = # \r\n Duration = 80 \r\n", '#', 80},
        {"Duration=250\r\nSignal=*\r\n", '*', 250},
        {"Signal=d\r\n", 'D', 100},
        {"Signal=1\r\nDuration=0\r\n", '1', 1},
        {"Signal=1\r\nDuration=-5\r\n", '1', 1},
        {"Signal=1\r\nDuration=60000\r\n", '1', 10'000},
        {"Signal=1\r\nDuration=99999999999\r\n", '1', 100},
        {"Signal=1\r\nDuration=x\r\n", '1', 100},
        {"Signal=16\r\nDuration=160\r\n", 0, 0}, // A flash.
        {"Signal=\r\nDuration=160\r\n", 0, 0},
        {"Signal=x\r\n", 0, 0},
        {"Duration=160\r\n", 0, 0},
        {"5", 0, 0},
        {"", 0, 0},
        {"\r\n=\r\n==\r\n", 0, 0},
    };
    for (const Relay& row : rows) {
        const auto read = read_dtmf_relay(row.body);
        ASSERT_EQ(read.has_value(), row.key != 0) << row.body;
        if (read) {
            EXPECT_EQ(read->key.character(), row.key) << row.body;
            EXPECT_EQ(read->length.value, row.ms) << row.body;
        }
    }
}

TEST(DtmfRelay, IsWritten) {
    EXPECT_EQ(write_dtmf_relay({*Key::from_character('#'), Milliseconds{160}}),
              "Signal=#\r\nDuration=160\r\n");
}

struct Fragment {
    std::string body;
    std::optional<int> status;
};

TEST(Sipfrag, IsRead) {
    const std::vector<Fragment> rows{
        {"SIP/2.0 200 OK\r\n", 200},
        {"SIP/2.0 100 Trying", 100},
        {"SIP/2.0 603", 603},
        {"SIP/2.0 503\r\nTo: <sip:a@b>\r\n", 503},
        {"SIP/2.0 2000 OK", std::nullopt},
        {"SIP/2.0 200OK", std::nullopt},
        {"SIP/2.0 20", std::nullopt},
        {"SIP/2.0 2 0", std::nullopt},
        {"SIP/2.0 -20", std::nullopt},
        {"SIP/2.0 099 x", std::nullopt},
        {"SIP/2.0 700 x", std::nullopt},
        {"INVITE sip:a@b SIP/2.0", std::nullopt},
        {" SIP/2.0 200 OK", std::nullopt},
        {"", std::nullopt},
    };
    for (const Fragment& row : rows) {
        EXPECT_EQ(read_sipfrag_status(row.body), row.status) << row.body;
    }
}

} // namespace
} // namespace keytone::server
