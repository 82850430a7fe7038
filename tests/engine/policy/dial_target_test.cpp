// SPDX-License-Identifier: MIT
#include "engine/policy/dial_target.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytone {
namespace {

using namespace std::string_literals;

struct NumberRow {
    std::string written;
    std::string digits; ///< Empty: the number is refused.
    bool e164;
};

TEST(DialTarget, TakesSeparatorsOutOfNumbers) {
    const std::vector<NumberRow> rows{
        {"+15551234567", "+15551234567", true},
        {"+1-800-123-4567", "+18001234567", true},
        {"+1 (530) 319.54.26", "+15303195426", true},
        {"(+1) 530 319 5426", "+15303195426", true},
        {" +15303195426 ", "+15303195426", true},
        {"5303195426", "5303195426", false},
        {"(530) 319-5426", "5303195426", false},
        {"911", "911", false},
        {"11", "11", false},
        {"+12345678", "+12345678", true},               // 8 digits
        {"+123456789012345", "+123456789012345", true}, // 15
        {"123456789012345", "123456789012345", false},
        {"+1234567", "", false},          // 7
        {"+1234567890123456", "", false}, // 16
        {"1234567890123456", "", false},
        {"1", "", false},
        {"", "", false},
        {"+", "", false},
        {"-(). ", "", false},
        {"+0123456789", "", false}, // no country code begins with 0
        {"++15303195426", "", false},
        {"1+5303195426", "", false},
        {"+1530319542x", "", false},
        {"1-800-FLOWERS", "", false},
        {"+15303195426,221", "", false},
        {"+15303195426;ext=221", "", false},
        {"+15303195426\n", "", false},
        {"+1530\r\n3195426", "", false},
        {"+1530\t3195426", "", false},
        {"+1530/3195426", "", false},
        {"+15303195426\0"s, "", false},
        {"sip:101@example.com", "", false},
        {"+1530\u00a03195426", "", false},                                     // a no-break space
        {"\uff0b\uff11\uff15\uff13\uff10\uff13\uff11\uff19\uff15", "", false}, // full-width digits
    };
    for (const NumberRow& row : rows) {
        const auto number = parse_phone_number(row.written);
        ASSERT_EQ(number.has_value(), !row.digits.empty()) << row.written;
        if (number) {
            EXPECT_EQ(number->digits, row.digits) << row.written;
            EXPECT_EQ(number->e164, row.e164) << row.written;
        } else {
            EXPECT_LE(number.error().index, row.written.size()) << row.written;
            EXPECT_EQ(number.error().message.find_first_of("\r\n"), std::string::npos) << row.written;
        }
    }
}

struct FaultRow {
    std::string written;
    std::size_t index;
    std::string says;
};

TEST(DialTarget, SaysWhereANumberIsWrongAndWhatWouldDo) {
    const std::vector<FaultRow> rows{
        {"+44 (0)20 7946 0000", 4, "leave it out behind the country code"},
        {"+49(0)30 123456", 3, "leave it out behind the country code"},
        {"+44 ( 0 ) 20 7946 0000", 4, "leave it out behind the country code"},
        {"0044 (0)20 7946 0000", 5, "leave it out behind the country code"},
        {"+15303195426,221", 12, "give its digits as extension"},
        {"+15303195426;ext=221", 12, "give its digits as extension"},
        {"+1 530 319 5426 x221", 16, "give its digits as extension"},
        {"+1 530 319 5426 ext. 221", 16, "give its digits as extension"},
        {"530-319-5426 EXT 221", 13, "give its digits as extension"},
        {"+15303195426#221", 12, "give its digits as extension"},
        {"+1530/3195426", 5, "only - ( ) . and spaces"},
        {"+1234567", 8, "this one has 7"},
        {"+1234567890123456", 16, "this one has 16"},
        {"+0123456789", 1, "no country code begins with 0"},
    };
    for (const FaultRow& row : rows) {
        const auto number = parse_phone_number(row.written);
        ASSERT_FALSE(number) << row.written;
        EXPECT_EQ(number.error().index, row.index) << row.written;
        EXPECT_NE(number.error().message.find(row.says), std::string::npos) << number.error().message;
    }
    // Within the country, the 0 is dialled.
    EXPECT_EQ(parse_phone_number("(0)20 7946 0000")->digits, "02079460000");
    EXPECT_EQ(parse_phone_number("(020) 7946 0000")->digits, "02079460000");
}

TEST(DialTarget, MakesSipUris) {
    const std::string long_label(63, 'a');
    const std::string longest = long_label + "." + long_label + "." + long_label + "." + std::string(61, 'b');
    const std::vector<std::pair<std::string, std::string>> good{
        {"frontdesk", "yourcompany.sip.twilio.com"},
        {"101", "yourcompany.sip.twilio.com"},
        {"A.b_c+d-9", "pbx"},
        {"+15303195426", "example.com"},
        {std::string(64, 'u'), "example.com"},
        {"101", "192.0.2.7"},
        {"101", "192.0.2.7:5061"},
        {"101", "example.com:1"},
        {"101", "example.com:65535"},
        {"101", "xn--bcher-kva.example"},
        {"101", longest},
    };
    for (const auto& [user, domain] : good) {
        const auto uri = sip_uri(user, domain);
        ASSERT_TRUE(uri) << user << ' ' << domain;
        EXPECT_EQ(*uri, "sip:" + user + "@" + domain);
    }
}

TEST(DialTarget, RefusesWhatCouldReachBeyondTheUser) {
    const std::vector<std::string> users{"",
                                         std::string(65, 'u'),
                                         "front desk",
                                         "a@b",
                                         "a:b",
                                         "a;b",
                                         "a?b",
                                         "a%40b",
                                         "sip:101",
                                         "<a>",
                                         "\"a",
                                         "a/b",
                                         "101\r\n",
                                         "10\r\nRoute: x",
                                         "101\n",
                                         "\r",
                                         "a\tb",
                                         "a,b",
                                         "a(b)",
                                         "a&b",
                                         "b\xc3\xbc"
                                         "ro",
                                         "a\0b"s,
                                         "a=b",
                                         "a!b"};
    for (const std::string& user : users) {
        const auto uri = sip_uri(user, "example.com");
        ASSERT_FALSE(uri) << user;
        EXPECT_EQ(uri.error().code, Code::invalid_sip);
    }
}

TEST(DialTarget, RefusesWhatIsNoHost) {
    const std::string long_label(63, 'a');
    const std::vector<std::string> domains{"",
                                           " ",
                                           "example .com",
                                           " example.com",
                                           "example.com ",
                                           "sip:example.com",
                                           "sip.example.com;transport=tcp",
                                           "example.com/x",
                                           "user@example.com",
                                           "example.com>",
                                           "<example.com",
                                           "example.com?Replaces=x",
                                           "example.com\r\nRoute: <sip:evil>",
                                           "example.com\n",
                                           "example.com\r",
                                           "exa\0mple.com"s,
                                           ".example.com",
                                           "example..com",
                                           "example.com.",
                                           "-example.com",
                                           "example-.com",
                                           "exam_ple.com",
                                           "b\xc3\xbc"
                                           "cher.example",
                                           "example.com:",
                                           "example.com:0",
                                           "example.com:65536",
                                           "example.com:99999999999",
                                           "example.com:-1",
                                           "example.com:+5060",
                                           "example.com:5060x",
                                           "example.com:5060:5061",
                                           "example.com: 5060",
                                           ":5060",
                                           "[::1]",
                                           "[::1]:5060",
                                           "*",
                                           long_label + "a.com",
                                           long_label + "." + long_label + "." + long_label + "." +
                                               std::string(62, 'b')};
    for (const std::string& domain : domains) {
        const auto uri = sip_uri("101", domain);
        ASSERT_FALSE(uri) << domain;
        EXPECT_EQ(uri.error().code, Code::invalid_sip);
    }
}

TEST(DialTarget, HeaderNamesAreTokens) {
    for (const std::string& good : {"X-Extension"s, "x"s, "P-Asserted.Id!%*_+`'~"s, std::string(64, 'h')}) {
        EXPECT_TRUE(is_header_name(good)) << good;
    }
    for (const std::string& bad :
         {""s, std::string(65, 'h'), "X Extension"s, "X:"s, "X-Ext\r\n"s, "X\r\nRoute"s, "X\n"s, "X\0"s,
          "X\xc3\xbc"s, "X(a)"s, "X,"s, "X;"s, "X\""s, "X@"s, "X/"s}) {
        EXPECT_FALSE(is_header_name(bad)) << bad;
    }
}

} // namespace
} // namespace keytone
