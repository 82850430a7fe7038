// SPDX-License-Identifier: MIT
//
// What JSON parsers commonly accept, and a line must not have.
#include "tests/engine/json/json_line.hpp"

namespace keytone {
namespace {

using json::LineFault;
using test::BadLine;
using test::expect_refused;
using namespace std::string_literals;

const std::string click_head = R"({"type":"tool_use","id":"t","name":"click_ivr","input":{"digits":)";

class StrictJson : public testing::TestWithParam<BadLine> {};

TEST_P(StrictJson, Refuses) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, StrictJson,
    testing::Values(
        BadLine{"", LineFault::empty, "", "is empty"}, BadLine{" \t\r\n", LineFault::empty, "", "is empty"},
        BadLine{"hello", LineFault::not_json, "", "is not JSON at byte"},
        BadLine{"{", LineFault::not_json, "", "is not JSON at byte"},
        BadLine{R"({"ev":"leg.answered","leg":"a"} x)", LineFault::not_json, "", "is not JSON at byte"},
        BadLine{R"({"ev":"leg.answered","leg":"a"}{})", LineFault::not_json, "", "is not JSON at byte"},
        BadLine{R"({"ev":"leg.answered","leg":"a",})", LineFault::not_json, "/leg", "is not JSON at byte"},
        BadLine{R"({'ev':"leg.answered"})", LineFault::not_json, "", "is not JSON at byte"},
        BadLine{R"({"ev":"leg.answered",/* x */"leg":"a"})", LineFault::not_json, "/ev", "is not JSON"},
        BadLine{R"({"at":NaN,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at", "is not JSON"},
        BadLine{R"({"at":Infinity,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at",
                "is not JSON"},
        BadLine{R"({"at":-Infinity,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at", ""},
        BadLine{R"({"at":1e999,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at",
                "is a number beyond any use"},
        BadLine{R"({"at":01,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at", "is not JSON"},
        BadLine{R"({"at":+1,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at", "is not JSON"},
        BadLine{R"({"at":.5,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at", "is not JSON"},
        BadLine{R"({"at":0x10,"ev":"leg.answered","leg":"a"})", LineFault::not_json, "/at", "is not JSON"},
        BadLine{click_head + "0123}}", LineFault::not_json, "/input/digits", "is not JSON"},
        BadLine{R"({"ev":"leg.answered","leg":"a","leg":"b"})", LineFault::duplicate_key, "/leg",
                "is there twice: keep one"},
        BadLine{R"({"ev":"leg.answered","leg":"a","\u006ceg":"a"})", LineFault::duplicate_key, "/leg",
                "twice"},
        BadLine{click_head + R"("1","digits":"1"}})", LineFault::duplicate_key, "/input/digits", "twice"},
        BadLine{R"({"type":"based_call","name":"transfer","args":["1",{"message":"x","message":null}]})",
                LineFault::duplicate_key, "/args/1/message", "twice"},
        BadLine{"{\"ev\":\"leg.answered\",\"leg\":\"a\"}\0"s, LineFault::not_json, "",
                "holds a NUL at byte 32"},
        BadLine{"{\"ev\":\"leg.answered\",\0\"leg\":\"a\"}"s, LineFault::not_json, "", "holds a NUL"},
        BadLine{click_head + R"("1\u0000"}})", LineFault::not_json, "/input/digits", "holds a NUL character"},
        BadLine{R"({"a\u0000b":1})", LineFault::not_json, "/a?b", "a key with a NUL"},
        BadLine{click_head + "\"1\n\"}}", LineFault::not_json, "/input/digits", "is not JSON"},
        BadLine{click_head + "\"\xFF\"}}", LineFault::not_utf8, "/input/digits", "is not UTF-8 at byte"},
        BadLine{click_head + "\"\xC0\xB1\"}}", LineFault::not_utf8, "/input/digits", "is not UTF-8"},
        BadLine{click_head + "\"\xED\xA0\x80\"}}", LineFault::not_utf8, "/input/digits", "is not UTF-8"},
        BadLine{"{\"\xFF\":1}", LineFault::not_utf8, "", "is not UTF-8"},
        BadLine{click_head + R"("\ud800"}})", LineFault::not_json, "/input/digits", "is not JSON"},
        BadLine{"\xFF\xFE{", LineFault::not_utf8, "", "is not UTF-8"},
        BadLine{"{\"ev\":[[[[[[[[[[", LineFault::too_deep, "/ev/0/0/0/0/0/0/0", "is nested too deep"},
        BadLine{std::string(16'000, '['), LineFault::too_deep, "/0/0/0/0/0/0/0/0", "is nested too deep"},
        BadLine{R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}})", LineFault::too_deep,
                "/a/a/a/a/a/a/a/a", "too deep"},
        BadLine{
            R"({"type":"function_call","call_id":"f","name":"end_call","arguments":"{\"mode\":\"graceful\",)"
            R"(\"mode\":\"graceful\"}"})",
            LineFault::duplicate_key, "/arguments/mode", "twice"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"end_call","arguments":"{\"mode\":NaN}"})",
                LineFault::not_json, "/arguments/mode", "is not JSON at byte"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"end_call","arguments":"{} {}"})",
                LineFault::not_json, "/arguments", "is not JSON at byte"}));

TEST(StrictJsonLimits, AnObjectHasAtMost64Keys) {
    std::string line = "{";
    for (int i = 0; i < 1000; ++i) {
        line += "\"k" + std::to_string(i) + "\":0,";
    }
    line.back() = '}';
    expect_refused({line, LineFault::too_many_keys, "/k64", "is key number 65"});
}

TEST(StrictJsonLimits, EveryCutOfALineIsRefused) {
    const std::string line =
        R"({"at":0.2,"type":"based_call","id":"b1","name":"transfer","args":["5303195426",{"extension":"221"}]})";
    for (std::size_t length = 0; length < line.size(); ++length) {
        EXPECT_FALSE(json::parse_line(line.substr(0, length))) << length;
    }
    EXPECT_TRUE(json::parse_line(line));
}

} // namespace
} // namespace keytone
