// SPDX-License-Identifier: MIT
#include "server/control/dial_permission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytone::server {
namespace {

using What = DialRefusal::What;

const std::vector<std::string> allow{"+1530", "+4930", "sip:pbx.example", "sip:two.example:5080"};

What refused(const std::string& to, const std::vector<std::string>& list = allow) {
    const auto target = permitted_target(to, list, "trunk.example");
    EXPECT_FALSE(target) << to << " becomes " << *target;
    return target ? What::no_trunk : target.error().what;
}

std::string target(const std::string& to, const std::vector<std::string>& list = allow) {
    const auto found = permitted_target(to, list, "trunk.example");
    EXPECT_TRUE(found) << to << ": " << found.error().message;
    return found ? *found : "";
}

TEST(DialPermission, IsForWhatIsListed) {
    EXPECT_EQ(target("+15303195426"), "sip:+15303195426@trunk.example");
    EXPECT_EQ(target("sip:desk@pbx.example"), "sip:desk@pbx.example");
    EXPECT_EQ(target("sip:desk@PBX.example"), "sip:desk@PBX.example");
    EXPECT_EQ(target("sip:desk@pbx.example:5080"), "sip:desk@pbx.example:5080");
    EXPECT_EQ(target("sip:+15303195426@two.example:5080"), "sip:+15303195426@two.example:5080");
    EXPECT_EQ(refused("+14155551234"), What::not_allowed);
    EXPECT_EQ(refused("sip:desk@two.example"), What::not_allowed);
    EXPECT_EQ(refused("sip:desk@evil.example"), What::not_allowed);
    EXPECT_EQ(refused("sip:desk@pbx.example.evil.example"), What::not_allowed);
    EXPECT_EQ(refused("+15303195426", {}), What::not_allowed) << "an empty list lists nobody";
    const auto trunkless = permitted_target("+15303195426", allow, "");
    ASSERT_FALSE(trunkless);
    EXPECT_EQ(trunkless.error().what, What::no_trunk);
}

TEST(DialPermission, IsNotForWhatIsDear) {
    for (const char* const number :
         {"+19005550100", "+14159765550", "+870773111632", "+881612345678", "+882161234567", "+883510000000",
          "+979112345678", "+4490912345678", "+4990012345678", "+33899123456"}) {
        EXPECT_EQ(
            refused(number, {"+1", "+4", "+3", "+8", "+9", "+87", "+88", "+97", "+44", "+49", "+33", "+33"}),
            What::not_allowed)
            << number;
        EXPECT_EQ(refused("sip:" + std::string(number) + "@pbx.example"), What::not_allowed) << number;
    }
    EXPECT_THAT(permitted_target("+19005550100", {"+1"}, "t").error().message,
                testing::HasSubstr("\"+1900\""));
    EXPECT_EQ(target("+19005550100", {"+1900"}), "sip:+19005550100@trunk.example");
    EXPECT_EQ(target("+870773111632", {"+870"}), "sip:+870773111632@trunk.example");
    EXPECT_EQ(target("+14159765550", {"+1415976"}), "sip:+14159765550@trunk.example");
    EXPECT_EQ(target("+14155551234", {"+1"}), "sip:+14155551234@trunk.example");
}

// Whatever is checked has to be what is dialled.
TEST(DialPermission, KnowsOneSpelling) {
    for (const std::string& to : std::vector<std::string>{
             "",
             "+",
             "15303195426",
             "0015303195426",
             "+1 530 319 5426",
             " +15303195426",
             "+15303195426 ",
             "+1-530-319-5426",
             "+1(530)3195426",
             "%2B15303195426",
             "+1530%33195426",
             "+15303195426\n",
             "+15303195426\r\nX-A: b",
             "+15303195426;phone-context=+1900",
             "+15303195426,,900",
             "+1530319542\xd9\xa6", // Arabic-Indic 6
             "\xef\xbc\x8b\xef\xbc\x91\xef\xbc\x95"
             "303195426", // full width
             std::string("+15303195426\0001", 14),
             "tel:+15303195426",
             "tel:3195426;phone-context=+1530",
             "tel:+19005550100;phone-context=+1530",
             "sips:desk@pbx.example",
             "SIP:desk@pbx.example",
             "sip:pbx.example",
             "sip:@pbx.example",
             "sip:desk@",
             "sip:desk@evil.example@pbx.example",
             "sip:desk:secret@pbx.example",
             "sip:desk@pbx.example?Route=%3Csip:evil.example%3E",
             "sip:desk@pbx.example;maddr=192.0.2.1",
             "sip:desk@pbx.example;transport=tcp",
             "sip:desk;phone-context=+1900@pbx.example",
             "sip:%64esk@pbx.example",
             "sip:de sk@pbx.example",
             "sip:desk@pbx.example\r\nX-A: b",
             "sip:desk@pbx.example:0",
             "sip:desk@pbx.example:99999",
             "sip:desk@[::1]",
             "sip:desk@pbx\xd0\xb5.example",
             "<sip:desk@pbx.example>",
             "\"x\" <sip:desk@pbx.example>",
             std::string("sip:desk@pbx.example\0.evil", 25),
             "sip:" + std::string(65, 'a') + "@pbx.example",
             "+1530319542612345",
             "http://pbx.example",
         }) {
        EXPECT_EQ(refused(to), What::malformed) << to;
    }
}

} // namespace
} // namespace keytone::server
