// SPDX-License-Identifier: MIT
#include "engine/agent_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace keytone {
namespace {

using testing::StartsWith;

std::string repeated(std::string_view character, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += character;
    }
    return text;
}

using What = SettingFault::What;

std::optional<SettingFault> check_number(const std::string& number) {
    AgentSettings settings;
    settings.transfer_number = number;
    return check(settings);
}

constexpr std::string_view rupee = "\xE2\x82\xB9";

TEST(CheckSettings, TakesTheDefaults) {
    const AgentSettings settings;
    EXPECT_FALSE(check(settings));
    EXPECT_FALSE(settings.transfer_enabled);
    EXPECT_TRUE(settings.end_call_enabled);
}

TEST(CheckSettings, WantsANumberWhereTransfersAreEnabled) {
    AgentSettings settings;
    settings.transfer_enabled = true;
    const auto fault = check(settings);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->setting, Setting::transfer_number);
    EXPECT_EQ(fault->what, What::missing);
    EXPECT_EQ(refusal(*fault).code, Code::invalid_setting);
    EXPECT_THAT(refusal(*fault).message, StartsWith("transferNumber: is missing"));
    settings.transfer_number = "+14155551234";
    EXPECT_FALSE(check(settings));
}

TEST(CheckSettings, WantsE164) {
    for (const std::string number : {"+14155551234", "+919876543210", "+12345678", "+123456789012345"}) {
        EXPECT_FALSE(check_number(number)) << number;
    }
    for (const std::string number :
         {"14155551234", "+1415555123a", "+1 415 555 1234", "+1-800-123-4567", "+1234567",
          "+1234567890123456", "+01234567890", "+", "++1415555123", "+14155551234\n", "frontdesk",
          "\xEF\xBC\x8B"
          "14155551234"}) {
        const auto fault = check_number(number);
        ASSERT_TRUE(fault) << number;
        EXPECT_EQ(fault->setting, Setting::transfer_number);
        EXPECT_EQ(fault->what, What::not_e164) << number;
        EXPECT_THAT(refusal(*fault).message, StartsWith("transferNumber: is not E.164"));
    }
    EXPECT_THAT(refusal(*check_number("+" + std::string(32, '1'))).message,
                StartsWith("transferNumber: is longer than 32 characters"));
}

TEST(CheckSettings, TakesWhomTheAgentMayTransferTo) {
    AgentSettings settings;
    settings.transfer_number = "+14155551234";
    settings.allow = {"transferNumber", "+1", "+49301234567890", "sip:example.com", "sip:10.0.0.1:5070"};
    EXPECT_FALSE(check(settings));
    for (const char* const wrong : {"", "+", "+0", "49", "1415", "+49 30", "+1234567890123456", "example.com",
                                    "sip:", "sip:a b", "sip:user@example.com", "transfernumber"}) {
        settings.allow = {wrong};
        const auto fault = check(settings);
        ASSERT_TRUE(fault) << wrong;
        EXPECT_EQ(fault->what, What::bad_entry) << wrong;
        EXPECT_EQ(refusal(*fault).message.substr(0, 13), "allow: takes ");
    }
    settings.allow.assign(65, "+1");
    ASSERT_TRUE(check(settings));
    EXPECT_EQ(refusal(*check(settings)).message, "allow: has more than 64 entries: allow shorter prefixes");
    settings.allow = {"transferNumber"};
    settings.transfer_number.clear();
    ASSERT_TRUE(check(settings)) << "there is none";
    EXPECT_EQ(check(settings)->what, What::no_own_number);
}

TEST(CheckSettings, CountsUnicodeCharacters) {
    struct Case {
        std::string AgentSettings::*text;
        std::size_t most;
        const char* key;
    };
    for (const Case& c : {Case{&AgentSettings::transfer_message, 500, "transferMessage: "},
                          {&AgentSettings::end_call_message, 500, "endCallMessage: "},
                          {&AgentSettings::machine_message, 500, "machine_message: "},
                          {&AgentSettings::transfer_instructions, 2000, "transfer_instructions: "},
                          {&AgentSettings::end_call_instructions, 2000, "end_call_instructions: "}}) {
        AgentSettings settings;
        settings.*c.text = repeated(rupee, c.most);
        EXPECT_FALSE(check(settings)) << c.key;
        settings.*c.text += "x";
        ASSERT_TRUE(check(settings)) << c.key;
        EXPECT_EQ(refusal(*check(settings)).message,
                  c.key + std::string("has ") + std::to_string(c.most + 1) + " characters: shorten it to " +
                      std::to_string(c.most));
        settings.*c.text = "\xFF";
        ASSERT_TRUE(check(settings)) << c.key;
        EXPECT_EQ(refusal(*check(settings)).message, c.key + std::string("is not UTF-8: encode it as UTF-8"));
    }
}

} // namespace
} // namespace keytone
