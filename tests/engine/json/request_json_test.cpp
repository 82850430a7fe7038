// SPDX-License-Identifier: MIT
//
// The form in which each platform sends requests: its own examples, word for word.
#include "tests/engine/json/json_line.hpp"

namespace keytone {
namespace {

using json::LineFault;
using test::BadLine;
using test::event_of;
using test::expect_refused;
using test::request_of;

std::string based(const std::string& name, const std::string& arguments) {
    return R"({"type":"based_call","name":")" + name + R"(","args":[)" + arguments + "]}";
}

TEST(Contract, ItsExamplesAreTaken) {
    const auto say = event_of(R"({"at":0.2,"type":"based_call","id":"s1","name":"say",)"
                              R"("args":["Let me transfer you to Julie.",{"exact":true}]})");
    EXPECT_EQ(say.id, "s1");
    EXPECT_EQ(say.at_s, 0.2);
    EXPECT_EQ(std::get<Say>(std::get<Request>(say.what)).text, "Let me transfer you to Julie.");

    const auto transfer = event_of(R"({"at":0.2,"type":"based_call","id":"b1","name":"transfer",)"
                                   R"("args":["5303195426",{"extension":"221","pauseSeconds":2}]})");
    EXPECT_EQ(transfer.id, "b1");
    const auto& transferred = std::get<Transfer>(std::get<Request>(transfer.what));
    EXPECT_EQ(transferred.phone_number, "5303195426");
    EXPECT_EQ(transferred.extension, "221");
    EXPECT_EQ(transferred.pause_seconds, 2.0);

    const auto click =
        event_of(R"({"at":0.2,"type":"tool_use","id":"t1","name":"click_ivr","input":{"digits":"1*0"}})");
    EXPECT_EQ(click.id, "t1");
    EXPECT_EQ(std::get<ClickIvr>(std::get<Request>(click.what)).digits, "1*0");

    const auto end =
        event_of(R"({"at":9.0,"type":"function_call","call_id":"f1","name":"end_call","arguments":"{}"})");
    EXPECT_EQ(end.id, "f1");
    EXPECT_EQ(end.at_s, 9.0);
    EXPECT_EQ(std::get<EndCall>(std::get<Request>(end.what)).mode, EndCall::Mode::graceful);
}

TEST(Based, ItsTransfersAreTaken) {
    struct Example {
        const char* arguments;
        const char* number;
        std::optional<std::string> extension;
        std::optional<double> pause_seconds;
        std::optional<std::string> sip_domain;
        std::optional<std::string> message;
    };
    const std::optional<std::string> none;
    for (
        const Example& e : {
            Example{R"("+1-800-123-4567")", "+1-800-123-4567", none, {}, none, none},
            {R"("5302321272", "271")", "5302321272", "271", {}, none, none},
            {R"("5303195426", {"extension": "221", "pauseSeconds": 2})", "5303195426", "221", 2.0, none,
             none},
            {R"("5302323297", {"extension": "123", "pauseSeconds": 0})", "5302323297", "123", 0.0, none,
             none},
            {R"("101", {"sipDomain": "yourcompany.sip.twilio.com"})",
             "101",
             none,
             {},
             "yourcompany.sip.twilio.com",
             none},
            {R"("305", {"sipDomain": "yourcompany.sip.twilio.com", "message": "Please hold while I connect you."})",
             "305",
             none,
             {},
             "yourcompany.sip.twilio.com",
             "Please hold while I connect you."},
            {R"("frontdesk", {"sipDomain": "yourcompany.sip.twilio.com", "extension": "4673", "pauseSeconds": 2})",
             "frontdesk", "4673", 2.0, "yourcompany.sip.twilio.com", none},
            {R"("5302321272", null)", "5302321272", none, {}, none, none},
            {R"("5302321272", {"extension": null, "pauseSeconds": 0.25})", "5302321272", none, 0.25, none,
             none},
            {R"("5302321272", {})", "5302321272", none, {}, none, none},
        }) {
        const auto transfer = request_of<Transfer>(based("transfer", e.arguments));
        EXPECT_EQ(transfer.phone_number, e.number);
        EXPECT_EQ(transfer.extension, e.extension) << e.arguments;
        EXPECT_EQ(transfer.pause_seconds, e.pause_seconds) << e.arguments;
        EXPECT_EQ(transfer.sip_domain, e.sip_domain) << e.arguments;
        EXPECT_EQ(transfer.message, e.message) << e.arguments;
    }
    EXPECT_EQ(request_of<Transfer>(based("transfer", "null")).phone_number, std::nullopt);
}

TEST(Based, ItsOtherCallsAreTaken) {
    for (const char* digits : {"1", "23", "123456789", "1*0"}) {
        EXPECT_EQ(request_of<ClickIvr>(based("click_ivr", '"' + std::string(digits) + '"')).digits, digits);
    }
    for (const char* text :
         {"I'll transfer you to our customer support team right away.",
          "Let me transfer you to Julie in the Finance department.",
          "Connecting you to the service department now.", "Let me select English for you.",
          "I'm entering your account number now.", "Thank you for calling. Goodbye!",
          "Thank you for your order! Your confirmation number is ABC123. Have a great day!",
          "I've sent the information to your email. Is there anything else I can help with?",
          "Great, have a wonderful day!"}) {
        const auto say = request_of<Say>(based("say", '"' + std::string(text) + R"(",{"exact":true})"));
        EXPECT_EQ(say.text, text);
        EXPECT_TRUE(say.exact);
    }
    EXPECT_FALSE(request_of<Say>(based("say", R"("x",{"exact":false})")).exact);
    request_of<EndCall>(based("end_call", ""));
    EXPECT_EQ(request_of<EndCall>(based("end_call", R"({"mode":"immediate"})")).mode,
              EndCall::Mode::immediate);
    EXPECT_EQ(event_of(based("end_call", "")).id, "");
}

TEST(Anthropic, IsTakenVerbatim) {
    const auto event =
        event_of(R"({"type":"tool_use","id":"toolu_01A09q90qw90lq917835lq9","name":"transfer",)"
                 R"("input":{"phone_number":"+15551234567","extension":"7"},"caller":{"type":"direct"}})");
    EXPECT_EQ(event.id, "toolu_01A09q90qw90lq917835lq9");
    EXPECT_EQ(std::get<Transfer>(std::get<Request>(event.what)).phone_number, "+15551234567");
    EXPECT_EQ(
        request_of<Transfer>(R"({"type":"tool_use","id":"t","name":"transfer","input":{}})").phone_number,
        std::nullopt);
}

TEST(OpenAi, IsTakenVerbatim) {
    const auto event = event_of(
        R"({"id":"fc_12345xyz","call_id":"call_12345xyz","type":"function_call","status":"completed",)"
        R"("name":"click_ivr","arguments":"{\"digits\":\"007\"}"})");
    EXPECT_EQ(event.id, "call_12345xyz");
    EXPECT_EQ(std::get<ClickIvr>(std::get<Request>(event.what)).digits, "007");

    const auto chat = event_of(R"({"id":"call_1","type":"function","function":{"name":"transfer",)"
                               R"("arguments":"{\"phone_number\": \"+15551234567\", \"message\": null}"}})");
    EXPECT_EQ(chat.id, "call_1");
    const auto& transfer = std::get<Transfer>(std::get<Request>(chat.what));
    EXPECT_EQ(transfer.phone_number, "+15551234567");
    EXPECT_EQ(transfer.message, std::nullopt);
}

TEST(Vocobase, AsksForATransfer) {
    const auto event = event_of(R"({"type":"transfer_request","id":"r1","to":"+919876543210"})");
    EXPECT_EQ(event.id, "r1");
    EXPECT_EQ(std::get<TransferRequest>(std::get<Request>(event.what)).to, "+919876543210");
    EXPECT_EQ(request_of<TransferRequest>(R"({"type":"transfer_request","id":"r1"})").to, std::nullopt);
    EXPECT_EQ(request_of<TransferRequest>(R"({"type":"transfer_request","to":null})").to, std::nullopt);
}

TEST(Ids, HaveAtMost128Bytes) {
    const std::string id(128, 'x');
    EXPECT_EQ(event_of(R"({"type":"transfer_request","id":")" + id + "\"}").id, id);
    expect_refused({R"({"type":"transfer_request","id":")" + id + "x\"}", LineFault::out_of_range, "/id",
                    "has 129 bytes: shorten it to 128"});
    expect_refused({R"({"type":"transfer_request","id":""})", LineFault::bad_value, "/id", "printable"});
    expect_refused({R"({"type":"transfer_request","id":"é"})", LineFault::bad_value, "/id", "printable"});
    expect_refused({R"({"type":"transfer_request","id":"a\u001b[2J"})", LineFault::bad_value, "/id",
                    "a control character at position 2"});
    expect_refused({R"({"type":"transfer_request","id":5})", LineFault::wrong_type, "/id", "is a number"});
}

class BadRequest : public testing::TestWithParam<BadLine> {};

TEST_P(BadRequest, IsRefused) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadRequest,
    testing::Values(
        BadLine{R"({"type":"webhook"})", LineFault::bad_value, "/type",
                "use based_call, tool_use, function_call, function or transfer_request"},
        BadLine{R"({"type":null})", LineFault::missing_key, "/type", ""},
        BadLine{R"({"type":["tool_use"]})", LineFault::wrong_type, "/type", "is an array"},
        // Based.
        BadLine{based("hang_up", ""), LineFault::bad_value, "/name",
                "use say, transfer, click_ivr or end_call"},
        BadLine{R"({"type":"based_call","args":[]})", LineFault::missing_key, "/name", "name the function"},
        BadLine{R"({"type":"based_call","name":"end_call"})", LineFault::missing_key, "/args", "[] for none"},
        BadLine{R"({"type":"based_call","name":"end_call","args":{}})", LineFault::wrong_type, "/args",
                "brackets"},
        BadLine{R"({"type":"based_call","name":"end_call","args":[],"kwargs":{}})", LineFault::unknown_key,
                "/kwargs", "use at, type, id, name or args"},
        BadLine{based("transfer", ""), LineFault::missing_key, "/args/0", "write phone_number first"},
        BadLine{based("transfer", "5303195426"), LineFault::wrong_type, "/args/0",
                "so that leading zeros stay"},
        BadLine{based("transfer", R"({"phone_number":"1"})"), LineFault::wrong_type, "/args/0", "an object"},
        BadLine{based("transfer", R"("1",271)"), LineFault::wrong_type, "/args/1",
                "so that leading zeros stay"},
        BadLine{based("transfer", R"("1",true)"), LineFault::wrong_type, "/args/1",
                "is no extension and no options"},
        BadLine{based("transfer", R"("1",["2"])"), LineFault::wrong_type, "/args/1",
                "a string, or an object"},
        BadLine{based("transfer", R"("1","2","3")"), LineFault::bad_value, "/args/2", "takes at most 2"},
        BadLine{based("transfer", R"("1",{"phone_number":"2"})"), LineFault::unknown_key,
                "/args/1/phone_number", "is not known"},
        BadLine{based("transfer", R"("1",{"pause_seconds":2})"), LineFault::unknown_key,
                "/args/1/pause_seconds", "pauseSeconds"},
        BadLine{based("click_ivr", ""), LineFault::missing_key, "/args/0", "write digits first"},
        BadLine{based("click_ivr", "null"), LineFault::missing_key, "/args/0", "as a string"},
        BadLine{based("click_ivr", "123"), LineFault::wrong_type, "/args/0", "so that leading zeros stay"},
        BadLine{based("click_ivr", R"("1","2")"), LineFault::wrong_type, "/args/1", "options in braces"},
        BadLine{based("click_ivr", R"("1",{},{})"), LineFault::bad_value, "/args/2", "one argument too many"},
        BadLine{based("end_call", R"("now")"), LineFault::wrong_type, "/args/0", "options in braces"},
        BadLine{based("end_call", "{},{}"), LineFault::bad_value, "/args/1", "one argument too many"},
        BadLine{based("say", ""), LineFault::missing_key, "/args/0", "write text first"},
        BadLine{based("say", R"("x",true)"), LineFault::wrong_type, "/args/1", "options in braces"},
        // Anthropic.
        BadLine{R"({"type":"tool_use","name":"end_call","input":{}})", LineFault::missing_key, "/id",
                "block's id"},
        BadLine{R"({"type":"tool_use","id":"t","name":"end_call"})", LineFault::missing_key, "/input",
                "{} for none"},
        BadLine{R"({"type":"tool_use","id":"t","name":"end_call","input":"{}"})", LineFault::wrong_type,
                "/input", "is a string"},
        BadLine{R"({"type":"tool_use","id":"t","name":"end_call","input":{"x":1}})", LineFault::unknown_key,
                "/input/x", "use mode"},
        BadLine{R"({"type":"tool_use","id":"t","name":"end_call","input":{},"args":[]})",
                LineFault::unknown_key, "/args", ""},
        BadLine{R"({"type":"tool_use","id":"t","name":"end_call","input":{},"caller":7})",
                LineFault::wrong_type, "/caller", ""},
        BadLine{R"({"type":"tool_use","id":"t","name":"click_ivr","input":{"digits":123}})",
                LineFault::wrong_type, "/input/digits",
                "is a number: write it as a string, in quotes, so that leading zeros stay"},
        BadLine{R"({"type":"tool_use","id":"t","name":"click_ivr","input":{"digits":"123\n"}})",
                LineFault::bad_value, "/input/digits", "holds a line end at position 4: take it out"},
        BadLine{R"({"type":"tool_use","id":"t","name":"click_ivr","input":{}})", LineFault::missing_key,
                "/input/digits", "keys to press"},
        BadLine{R"({"type":"tool_use","id":"t","name":"click_ivr","input":{"digit":"1"}})",
                LineFault::unknown_key, "/input/digit", "use digits, start"},
        BadLine{R"({"type":"tool_use","id":"t","name":"click_ivr","input":{"a/b~c":"1"}})",
                LineFault::unknown_key, "/input/a~1b~0c", "is not known"},
        // OpenAI.
        BadLine{R"({"type":"function_call","name":"end_call","arguments":"{}"})", LineFault::missing_key,
                "/call_id", "item's call_id"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"end_call"})", LineFault::missing_key,
                "/arguments", "JSON text in a string"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"end_call","arguments":{}})",
                LineFault::wrong_type, "/arguments", "is an object: write a string"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"click_ivr","arguments":""})",
                LineFault::missing_key, "/arguments/digits", "is missing"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"end_call","arguments":"[]"})",
                LineFault::wrong_type, "/arguments", "is an array"},
        BadLine{
            R"({"type":"function_call","call_id":"f","name":"end_call","arguments":"{}","status":"in_progress"})",
            LineFault::bad_value, "/status", "use completed"},
        BadLine{R"({"type":"function_call","call_id":"f","name":"click_ivr","arguments":"{\"digits\":12}"})",
                LineFault::wrong_type, "/arguments/digits", "so that leading zeros stay"},
        BadLine{R"({"type":"function","id":"f","function":{"name":"end_call","arguments":"{","x":1}})",
                LineFault::unknown_key, "/function/x", "use name or arguments"},
        BadLine{R"({"type":"function","id":"f","function":{"name":"end_call","arguments":"{"}})",
                LineFault::not_json, "/function/arguments", "is not JSON at byte"},
        BadLine{R"({"type":"function","id":"f","function":{"name":"bye","arguments":"{}"}})",
                LineFault::bad_value, "/function/name", "use say"},
        BadLine{R"({"type":"function","id":"f","function":{"name":"say","arguments":"{\"text\":7}"}})",
                LineFault::wrong_type, "/function/arguments/text", "in quotes"},
        BadLine{R"({"type":"function","id":"f"})", LineFault::missing_key, "/function", "name and arguments"},
        BadLine{R"({"type":"function","function":{}})", LineFault::missing_key, "/id", "tool call's id"},
        // Vocobase.
        BadLine{R"({"type":"transfer_request","to":14155551234})", LineFault::wrong_type, "/to",
                "leading zeros"},
        BadLine{R"({"type":"transfer_request","number":"1"})", LineFault::unknown_key, "/number",
                "use at, type, id or to"},
        BadLine{R"({"type":"transfer_request","to":")" + std::string(65, '1') + "\"}",
                LineFault::out_of_range, "/to", "shorten it to 64"}));

// OpenAI's models write nothing for a function without arguments.
TEST(OpenAi, EmptyArgumentsAreNone) {
    for (const char* text : {"", " ", "{}"}) {
        const auto end =
            request_of<EndCall>(R"({"type":"function_call","call_id":"f1","name":"end_call","arguments":")" +
                                std::string(text) + "\"}");
        EXPECT_EQ(end.mode, EndCall::Mode::graceful) << text;
    }
    request_of<EndCall>(R"({"type":"function","id":"c1","function":{"name":"end_call","arguments":""}})");
}

} // namespace
} // namespace keytone
