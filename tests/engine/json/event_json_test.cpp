// SPDX-License-Identifier: MIT
#include "tests/engine/json/json_line.hpp"

namespace keytone {
namespace {

using json::CallHeader;
using json::LineFault;
using test::BadLine;
using test::event_of;
using test::expect_refused;

CallHeader header_of(const std::string& line) {
    auto parsed = json::parse_line(line);
    EXPECT_TRUE(parsed) << line << "\n" << (parsed ? "" : parsed.error().message);
    return parsed ? std::get<CallHeader>(*parsed) : CallHeader{};
}

TEST(Header, BeginsACall) {
    const auto header = header_of(R"({"v":1,"call":"c1","rate":8000})");
    EXPECT_EQ(header.call, "c1");
    EXPECT_EQ(header.session, "c1");
    EXPECT_EQ(header.rate.hz(), 8000);
    EXPECT_EQ(header.rate_b.hz(), 8000);
    EXPECT_FALSE(header.settings);
    EXPECT_FALSE(header.e164_only);
}

TEST(Header, SaysHowKeysGoOutAndWhatTheCallerHears) {
    const auto plain = json::rules_of(header_of(R"({"v":1,"call":"c","rate":8000})"));
    EXPECT_EQ(plain.keys, PerLeg<KeyForm>(KeyForm::tones, KeyForm::tones));
    EXPECT_EQ(plain.hold, Hold::silence);
    EXPECT_FALSE(plain.keys_in_early_media);
    EXPECT_FALSE(plain.mute_bridged_keys);
    EXPECT_EQ(plain.no_answer, CallRules{}.no_answer);
    const auto rules = json::rules_of(header_of(
        R"({"v":1,"call":"c","rate":8000,"rate_b":16000,"options":{"keys":"tones","keys_b":"events",)"
        R"("early_media_keys":true,"mute_keys":true,"hold":"prompt","hold_prompt":"music.wav","e164_only":true,)"
        R"("ring_timeout":12.5,"hear":"all","country":"de"}})"));
    EXPECT_EQ(rules.keys, PerLeg<KeyForm>(KeyForm::tones, KeyForm::events));
    EXPECT_EQ(rules.hold, Hold::prompt);
    EXPECT_EQ(rules.hold_prompt, "music.wav");
    EXPECT_TRUE(rules.keys_in_early_media);
    EXPECT_TRUE(rules.mute_bridged_keys);
    EXPECT_TRUE(rules.strict_numbers);
    EXPECT_EQ(rules.no_answer, Milliseconds{12500.0});
    EXPECT_TRUE(rules.hear_all);
    EXPECT_FALSE(plain.hear_all);
    EXPECT_EQ(rules.country, Country::from_code("de"));
    EXPECT_TRUE(plain.country.is_any());
    EXPECT_EQ(rules.rate[Leg::b].hz(), 16000);
}

TEST(Header, HasRatesSettingsAndOptions) {
    const auto header = header_of(
        R"({"v":1,"call":"c 1","rate":16000,"rate_b":8000,"session":"s1","options":{"e164_only":true},)"
        R"("settings":{"transferEnabled":true,"transferNumber":"+14155551234"}})");
    EXPECT_EQ(header.call, "c 1");
    EXPECT_EQ(header.session, "s1");
    EXPECT_EQ(header.rate.hz(), 16000);
    EXPECT_EQ(header.rate_b.hz(), 8000);
    EXPECT_TRUE(header.e164_only);
    ASSERT_TRUE(header.settings);
    EXPECT_EQ(header.settings->transfer_number, "+14155551234");
    EXPECT_EQ(header_of(R"({"v":1,"call":"c","rate":48000})").rate_b.hz(), 48000);
}

TEST(Header, TakesNullForAbsent) {
    const auto header = header_of(
        R"({"v":1,"call":"c","rate":8000,"rate_b":null,"settings":null,"options":null,"session":null})");
    EXPECT_FALSE(header.settings);
    EXPECT_EQ(header.session, "c");
}

class BadHeader : public testing::TestWithParam<BadLine> {};

TEST_P(BadHeader, IsRefused) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadHeader,
    testing::Values(
        BadLine{R"({"v":2,"call":"c","rate":8000})", LineFault::bad_value, "/v", "use 1"},
        BadLine{R"({"v":"1","call":"c","rate":8000})", LineFault::wrong_type, "/v", "without quotes"},
        BadLine{R"({"v":1.0,"call":"c","rate":8000})", LineFault::wrong_type, "/v", "no whole number"},
        BadLine{R"({"v":null,"call":"c","rate":8000})", LineFault::missing_key, "/v", "write 1"},
        BadLine{R"({"v":1,"rate":8000})", LineFault::missing_key, "/call", "give the call an id"},
        BadLine{R"({"v":1,"call":"","rate":8000})", LineFault::bad_value, "/call", "1 to 128 printable"},
        BadLine{R"({"v":1,"call":7,"rate":8000})", LineFault::wrong_type, "/call", "is a number"},
        BadLine{R"({"v":1,"call":"c"})", LineFault::missing_key, "/rate", "such as 8000"},
        BadLine{R"({"v":1,"call":"c","rate":11000})", LineFault::bad_value, "/rate", "8000, 11025"},
        BadLine{R"({"v":1,"call":"c","rate":1e300})", LineFault::out_of_range, "/rate", "out of range"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"rate_b":"8000"})", LineFault::wrong_type, "/rate_b", ""},
        BadLine{R"({"v":1,"call":"c","rate":8000,"rates":1})", LineFault::unknown_key, "/rates",
                "use v, call, rate, rate_b, session, settings or options"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":[]})", LineFault::wrong_type, "/options",
                "is an array: write an object"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"strict":true}})", LineFault::unknown_key,
                "/options/strict",
                "use e164_only, keys, keys_b, early_media_keys, hold, hold_prompt, mute_keys, "
                "ring_timeout, hear or country"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"ring_timeout":0.5}})", LineFault::out_of_range,
                "/options/ring_timeout", "1 to 600"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"keys":"packets"}})", LineFault::bad_value,
                "/options/keys", "use tones or events"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"hold":"music"}})", LineFault::bad_value,
                "/options/hold", "use silence, ringback or prompt"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"hold":"prompt"}})", LineFault::missing_key,
                "/options/hold_prompt", "name the prompt"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"country":"xx"}})", LineFault::bad_value,
                "/options/country", "or any"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"options":{"e164_only":1}})", LineFault::wrong_type,
                "/options/e164_only", "true or false"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"settings":true})", LineFault::wrong_type, "/settings", ""},
        BadLine{R"({"v":1,"call":"c","rate":8000,"settings":{"transferEnabled":true}})", LineFault::bad_value,
                "/settings/transferNumber", "is missing"},
        BadLine{R"({"v":1,"call":"c","rate":8000,"settings":{"transferTriggers":[]}})",
                LineFault::unknown_key, "/settings/transferTriggers", "transfer_instructions"}));

TEST(Line, IsOneOfTheForms) {
    expect_refused({"{}", LineFault::missing_key, "", "give v for a call's header, ev for a fact or type"});
    expect_refused({"[]", LineFault::wrong_type, "", "is no object"});
    expect_refused({"null", LineFault::wrong_type, "", "is no object"});
    expect_refused({"7", LineFault::wrong_type, "", "is no object"});
    expect_refused(
        {R"({"ev":"leg.answered","leg":"a","type":"tool_use"})", LineFault::unknown_key, "/type", ""});
    expect_refused({R"({"ev":"leg.answered","leg":"a","v":1})", LineFault::unknown_key, "/ev", ""});
}

TEST(Line, HasAtMost16KiB) {
    const std::string fact = R"({"ev":"leg.answered","leg":"a"})";
    EXPECT_TRUE(json::parse_line(fact + std::string(json::max_line_bytes - fact.size(), ' ')));
    expect_refused({fact + std::string(json::max_line_bytes - fact.size() + 1, ' '), LineFault::too_long, "",
                    "has more than 16 KiB"});
}

TEST(Line, ThatBeginsACallHasAtMost64KiB) {
    // Hindi as written by a program that escapes everything but ASCII.
    std::string escaped;
    for (int i = 0; i < 2000; ++i) {
        escaped += "\\u0928";
    }
    const std::string header = R"({"v":1,"call":"c","rate":8000,"settings":{"transfer_instructions":")" +
                               escaped + R"(","end_call_instructions":")" + escaped + R"("}})";
    EXPECT_GT(header.size(), json::max_line_bytes);
    EXPECT_EQ(header_of(header).settings->end_call_instructions.size(), 6000U);
    expect_refused({header + std::string(json::max_header_bytes, ' '), LineFault::too_long, "", "64 KiB"});
}

TEST(Line, MayEndInACarriageReturn) {
    EXPECT_TRUE(json::parse_line("{\"ev\":\"leg.answered\",\"leg\":\"a\"}\r"));
}

TEST(Line, HasATimeInAScenario) {
    EXPECT_EQ(event_of(R"({"at":0.2,"ev":"leg.answered","leg":"a"})").at_s, 0.2);
    EXPECT_EQ(event_of(R"({"at":0,"ev":"leg.answered","leg":"a"})").at_s, 0.0);
    EXPECT_EQ(event_of(R"({"at":604800,"type":"transfer_request"})").at_s, 604800.0);
    EXPECT_EQ(event_of(R"({"at":null,"type":"transfer_request"})").at_s, std::nullopt);
    expect_refused(
        {R"({"at":-0.1,"type":"transfer_request"})", LineFault::out_of_range, "/at", "0 to 604800"});
    expect_refused({R"({"at":604801,"ev":"leg.answered","leg":"a"})", LineFault::out_of_range, "/at", ""});
    expect_refused({R"({"at":99999999999999999999999999,"ev":"leg.answered","leg":"a"})",
                    LineFault::out_of_range, "/at", ""});
    expect_refused({R"({"at":"1","ev":"leg.answered","leg":"a"})", LineFault::wrong_type, "/at", "a string"});
    expect_refused({R"({"at":true,"ev":"leg.answered","leg":"a"})", LineFault::wrong_type, "/at", ""});
}

} // namespace
} // namespace keytone
