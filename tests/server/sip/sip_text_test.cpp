// SPDX-License-Identifier: MIT
#include "server/sip/sip_text.hpp"

#include <string>

namespace keytone::server {
namespace {

/// A text, and what its fault begins with; nothing where it may be sent.
struct Row {
    std::string text;
    const char* fault = nullptr;
};

void expect_fault(const std::optional<std::string>& fault, const Row& row) {
    EXPECT_EQ(fault.has_value(), row.fault != nullptr) << row.text << ": " << fault.value_or("");
    if (fault && row.fault != nullptr) {
        EXPECT_THAT(*fault, testing::StartsWith(row.fault)) << row.text;
        EXPECT_THAT(*fault, testing::HasSubstr(": ")) << "no remedy";
    }
}

TEST(SipUri, CanBeCalledOrSaysWhyNot) {
    const std::vector<Row> rows{
        {"sip:agent@192.0.2.1"},
        {"sips:agent@example.com"},
        {"sip:example.com"},
        {"sip:+15551234@example.com:5061;transport=tcp;user=phone"},
        {"sip:a@[2001:db8::1]:5060"},
        {"sip:a%0d%0a@example.com"},
        {"", "is empty"},
        {"sip:" + std::string(600, 'a') + "@b", "is longer than 512 bytes"},
        {"agent@example.com", "is no SIP URI"},
        {"http://example.com", "is no SIP URI"},
        {"tel:+15551234", "is no SIP URI"},
        {"sip:", "is no SIP URI"},
        {":sip:a@b", "is no SIP URI"},
        {"sip:a@b?Replaces=x%3Bto-tag%3Dy", "has headers"},
        {"sip:a@b\r\nVia: x", "holds a blank"},
        {"sip:a b@c", "holds a blank"},
        {"sip:a@b>", "holds a blank"},
        {"<sip:a@b", "holds a blank"},
        {"sip:\"a\"@b", "holds a blank"},
        {std::string("sip:a\0@b", 8), "holds a blank"},
        {"sip:\xC3\xA4@b", "holds a blank"},
    };
    for (const Row& row : rows) {
        expect_fault(fault_of_sip_uri(row.text), row);
    }
}

TEST(ReferTarget, MayBeANumber) {
    const std::vector<Row> rows{
        {"tel:+15551234"},
        {"sip:a@b"},
        {"tel:", "has no number"},
        {"tel:+1 555", "holds a blank"},
        {"mailto:a@b", "is no SIP URI"},
    };
    for (const Row& row : rows) {
        expect_fault(fault_of_refer_target(row.text), row);
    }
}

TEST(Header, NameIsATokenOfItsOwn) {
    const std::vector<Row> rows{
        {"X-Extension"},
        {"P-Asserted-Identity"},
        {"Subject"},
        {"", "has a name"},
        {"X Y", "has a name"},
        {"X:", "has a name"},
        {"X\r\nVia", "has a name"},
        {"\xC3\xA4", "has a name"},
        {"Via", "belongs to the call"},
        {"cOnTeNt-LeNgTh", "belongs to the call"},
        {"Route", "belongs to the call"},
        {"Session-Expires", "belongs to the call"},
        {"l", "belongs to the call"},
        {"T", "belongs to the call"},
    };
    for (const Row& row : rows) {
        expect_fault(fault_of_header(row.text, "x"), row);
    }
}

TEST(Header, ValueIsOneLine) {
    const std::vector<Row> rows{
        {"221"},
        {""},
        {"\xC3\xA4"},
        {std::string(1024, 'a')},
        {std::string(1025, 'a'), "has a value of more than 1024 bytes"},
        {"a\r\nVia: b", "has a control character"},
        {"a\n b", "has a control character"},
        {"a\tb", "has a control character"},
        {std::string("a\0b", 3), "has a control character"},
        {"a\x7F", "has a control character"},
    };
    for (const Row& row : rows) {
        expect_fault(fault_of_header("X-Extension", row.text), row);
    }
}

} // namespace
} // namespace keytone::server
