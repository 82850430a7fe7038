// SPDX-License-Identifier: MIT
#include "tests/engine/json/json_line.hpp"

namespace keytone {
namespace {

using json::LineFault;
using test::BadLine;
using test::expect_refused;
using test::request_of;

std::string call(const std::string& function, const std::string& arguments) {
    return R"({"type":"tool_use","id":"t","name":")" + function + R"(","input":{)" + arguments + "}}";
}

std::string repeated(std::string_view character, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += character;
    }
    return text;
}

TEST(ClickIvrArguments, HaveDefaults) {
    const auto click = request_of<ClickIvr>(call("click_ivr", R"("digits":"1")"));
    EXPECT_EQ(click.start, ClickIvr::Start::queued);
    EXPECT_EQ(click.tone, Milliseconds{200});
    EXPECT_EQ(click.gap, Milliseconds{100});
    EXPECT_FALSE(click.allow_abcd);
    EXPECT_FALSE(click.sensitive);
    EXPECT_FALSE(click.wait_for);
}

TEST(ClickIvrArguments, AreAllTakenInBothSpellings) {
    for (const char* options :
         {R"("start":"now","tone_ms":80,"gap_ms":60.5,"allow_abcd":true,"sensitive":true,"wait_for":"beep",)"
          R"("min_wait":0.5,"max_wait":20,"fallback":"fail")",
          R"("start":"now","toneMs":80,"gapMs":60.5,"allowABCD":true,"sensitive":true,"waitFor":"beep",)"
          R"("minWait":0.5,"maxWait":20,"fallback":"fail")"}) {
        const auto click =
            request_of<ClickIvr>(call("click_ivr", R"("digits":"1A",)" + std::string(options)));
        EXPECT_EQ(click.digits, "1A");
        EXPECT_EQ(click.start, ClickIvr::Start::now);
        EXPECT_EQ(click.tone, Milliseconds{80});
        EXPECT_EQ(click.gap, Milliseconds{60.5});
        EXPECT_TRUE(click.allow_abcd);
        EXPECT_TRUE(click.sensitive);
        ASSERT_TRUE(click.wait_for);
        EXPECT_EQ(click.wait_for->what, CueKind::beep);
        EXPECT_EQ(click.wait_for->min_wait, Milliseconds{500});
        EXPECT_EQ(click.wait_for->max_wait, Milliseconds{20000});
        EXPECT_EQ(click.wait_for->fallback, WaitFor::Fallback::fail);
    }
}

TEST(ClickIvrArguments, AreNotJudged) {
    for (const char* digits : {"", "abc", "1,2", "555 1234", "A"}) {
        EXPECT_EQ(
            request_of<ClickIvr>(call("click_ivr", R"("digits":")" + std::string(digits) + "\"")).digits,
            digits);
    }
    EXPECT_EQ(request_of<ClickIvr>(call("click_ivr", R"("digits":"1","tone_ms":-5)")).tone, Milliseconds{-5});
}

TEST(WaitForArguments, NameEveryCue) {
    for (const auto& [word, cue] : {std::pair{"prompt_end", CueKind::prompt_end},
                                    {"dial_tone", CueKind::dial_tone},
                                    {"beep", CueKind::beep},
                                    {"silence", CueKind::silence},
                                    {"ringback_end", CueKind::ringback_end},
                                    {"answered_by", CueKind::answered_by}}) {
        const auto click = request_of<ClickIvr>(
            call("click_ivr", R"("digits":"1","wait_for":")" + std::string(word) + "\""));
        ASSERT_TRUE(click.wait_for);
        EXPECT_EQ(click.wait_for->what, cue);
        EXPECT_EQ(click.wait_for->min_wait, Milliseconds{0});
        EXPECT_EQ(click.wait_for->max_wait, Milliseconds{10000});
        EXPECT_EQ(click.wait_for->fallback, WaitFor::Fallback::send);
    }
}

TEST(WaitForArguments, SayWhoHasToAnswer) {
    const auto who = [](const std::string& options) {
        return request_of<ClickIvr>(call("click_ivr", R"("digits":"1","wait_for":"answered_by")" + options))
            .wait_for->by;
    };
    EXPECT_EQ(who(""), std::nullopt);
    EXPECT_EQ(who(R"(,"answered_by":"any")"), std::nullopt);
    EXPECT_EQ(who(R"(,"answered_by":"human")"), AnsweredBy::human);
    EXPECT_EQ(who(R"(,"answeredBy":"machine")"), AnsweredBy::machine);
    expect_refused({call("click_ivr", R"("digits":"1","wait_for":"answered_by","answered_by":"fax")"),
                    LineFault::bad_value, "/input/answered_by", "use human, machine or any"});
    expect_refused({call("click_ivr", R"("digits":"1","answered_by":"human")"), LineFault::missing_key,
                    "/input/answered_by", "waits for nothing"});
}

TEST(TransferArguments, SayWhatHappensToMachines) {
    const auto transfer = [](const std::string& options) {
        return request_of<Transfer>(call("transfer", R"("phone_number":"+14155551234")" + options));
    };
    EXPECT_EQ(transfer("").on_machine, std::nullopt);
    EXPECT_EQ(transfer(R"(,"on_machine":"bridge")").on_machine, Transfer::OnMachine::bridge);
    EXPECT_EQ(transfer(R"(,"onMachine":"hangup")").on_machine, Transfer::OnMachine::hang_up);
    for (const char* options :
         {R"(,"on_machine":"leave_message","machine_message":"Call us.","machine_prompt":"call.wav")",
          R"(,"onMachine":"leave_message","machineMessage":"Call us.","machinePrompt":"call.wav")"}) {
        EXPECT_EQ(transfer(options).on_machine, Transfer::OnMachine::leave_message);
        EXPECT_EQ(transfer(options).machine_message, "Call us.");
        EXPECT_EQ(transfer(options).machine_prompt, "call.wav");
    }
    expect_refused({call("transfer", R"("phone_number":"+14155551234","on_machine":"shout")"),
                    LineFault::bad_value, "/input/on_machine", "use bridge, hangup or leave_message"});
    expect_refused({call("transfer", R"("phone_number":"+14155551234","machine_prompt":"../x.wav")"),
                    LineFault::bad_value, "/input/machine_prompt", "without a folder"});
    expect_refused({call("transfer", R"("phone_number":"+14155551234","machine_message":")" +
                                         std::string(501, 'x') + "\""),
                    LineFault::out_of_range, "/input/machine_message", "500"});
}

TEST(WaitForArguments, SetTheLengthOfSilence) {
    const auto silence = [](const std::string& options) {
        return request_of<ClickIvr>(call("click_ivr", R"("digits":"1","wait_for":"prompt_end")" + options))
            .wait_for->silence;
    };
    EXPECT_EQ(silence(""), std::nullopt);
    EXPECT_EQ(silence(R"(,"silence":1.5)"), Milliseconds{1500});
    EXPECT_EQ(silence(R"(,"silence_ms":250)"), Milliseconds{250});
    EXPECT_EQ(silence(R"(,"silenceMs":250)"), Milliseconds{250});
    EXPECT_EQ(silence(R"(,"silence":9)"), Milliseconds{9000}) << "the policy says what is valid";
    expect_refused({call("click_ivr", R"("digits":"1","wait_for":"silence","silence":1,"silence_ms":1000)"),
                    LineFault::duplicate_key, "/input/silence_ms", "keep one of them"});
    expect_refused({call("click_ivr", R"("digits":"1","silence":1)"), LineFault::missing_key,
                    "/input/silence", "waits for nothing"});
}

TEST(Numbers, AreAskedForInTheRangeThatWillDo) {
    expect_refused({call("transfer", R"("phone_number":"1","pauseSeconds":"2")"), LineFault::wrong_type,
                    "/input/pauseSeconds", "write a number, without quotes, from 0 to 60"});
    expect_refused({call("click_ivr", R"("digits":"1","tone_ms":1e9)"), LineFault::out_of_range,
                    "/input/tone_ms", "give 40 to 6000"});
    expect_refused({call("click_ivr", R"("digits":"1","wait_for":"beep","max_wait":"9")"),
                    LineFault::wrong_type, "/input/max_wait", "from 0.1 to 120"});
    expect_refused({call("click_ivr", R"("digits":"1","wait_for":"silence","silence":"1")"),
                    LineFault::wrong_type, "/input/silence", "from 0.1 to 5"});
}

TEST(TransferArguments, AreAllTakenInBothSpellings) {
    for (
        const char* options :
        {R"("message_prompt":"hold.wav","sip_method":"refer","extension_mode":"dtmf","extension_header":"X-Ext",)"
         R"("wait_for":"prompt_end","max_wait":5)",
         R"("messagePrompt":"hold.wav","sipMethod":"refer","extensionMode":"dtmf","extensionHeader":"X-Ext",)"
         R"("waitFor":"prompt_end","maxWait":5)"}) {
        const auto transfer = request_of<Transfer>(
            call("transfer", R"("phone_number":"desk","sipDomain":"pbx.example.com:5060","extension":"12",)"
                             R"("pauseSeconds":1.5,"message":"One\nmoment","sensitive":true,)" +
                                 std::string(options)));
        EXPECT_EQ(transfer.phone_number, "desk");
        EXPECT_EQ(transfer.sip_domain, "pbx.example.com:5060");
        EXPECT_EQ(transfer.extension, "12");
        EXPECT_EQ(transfer.pause_seconds, 1.5);
        EXPECT_EQ(transfer.message, "One\nmoment");
        EXPECT_EQ(transfer.message_prompt, "hold.wav");
        EXPECT_EQ(transfer.method, Transfer::SipMethod::refer);
        EXPECT_EQ(transfer.extension_mode, Transfer::ExtensionMode::dtmf);
        EXPECT_EQ(transfer.extension_header, "X-Ext");
        EXPECT_TRUE(transfer.sensitive);
        ASSERT_TRUE(transfer.wait_for);
        EXPECT_EQ(transfer.wait_for->max_wait, Milliseconds{5000});
    }
}

TEST(TransferArguments, HaveDefaults) {
    const auto transfer = request_of<Transfer>(call("transfer", R"("phone_number":"1","extension":null)"));
    EXPECT_EQ(transfer.extension, std::nullopt);
    EXPECT_EQ(transfer.pause_seconds, std::nullopt);
    EXPECT_EQ(transfer.method, Transfer::SipMethod::invite);
    EXPECT_EQ(transfer.extension_mode, Transfer::ExtensionMode::automatic);
    EXPECT_EQ(transfer.extension_header, "X-Extension");
    EXPECT_FALSE(transfer.wait_for);
    EXPECT_EQ(request_of<Transfer>(call("transfer", R"("extension_mode":"header")")).extension_mode,
              Transfer::ExtensionMode::header);
}

TEST(Lengths, AreCountedInUnicodeCharacters) {
    const std::string rupee = "\xE2\x82\xB9";
    EXPECT_EQ(request_of<Say>(call("say", "\"text\":\"" + repeated(rupee, 2000) + "\"")).text.size(), 6000U);
    EXPECT_EQ(
        request_of<Transfer>(call("transfer", "\"message\":\"" + repeated("\\u20b9", 500) + "\"")).message,
        repeated(rupee, 500));
    expect_refused({call("say", "\"text\":\"" + repeated(rupee, 2001) + "\""), LineFault::out_of_range,
                    "/input/text", "has 2001 characters: shorten it to 2000"});
    expect_refused({call("transfer", "\"message\":\"" + repeated(rupee, 501) + "\""), LineFault::out_of_range,
                    "/input/message", "has 501 characters: shorten it to 500"});
    request_of<Transfer>(call("transfer", R"("phone_number":")" + std::string(64, '1') + "\""));
    expect_refused({call("transfer", R"("phone_number":")" + std::string(65, '1') + "\""),
                    LineFault::out_of_range, "/input/phone_number", "shorten it to 64"});
}

TEST(SayArguments, HaveWordsOrAPrompt) {
    const auto say = request_of<Say>(call("say", R"("prompt":"welcome.wav")"));
    EXPECT_EQ(say.prompt, "welcome.wav");
    EXPECT_EQ(say.text, "");
    EXPECT_EQ(request_of<Say>(call("say", R"("text":"Welcome.","prompt":"welcome.wav")")).text, "Welcome.");
}

class BadArgument : public testing::TestWithParam<BadLine> {};

TEST_P(BadArgument, IsRefused) {
    expect_refused(GetParam());
}

BadLine click(const std::string& option, LineFault fault, const std::string& key, const std::string& words) {
    return {call("click_ivr", R"("digits":"1",)" + option), fault, "/input/" + key, words};
}
BadLine transfer(const std::string& option, LineFault fault, const std::string& key,
                 const std::string& words) {
    return {call("transfer", R"("phone_number":"1",)" + option), fault, "/input/" + key, words};
}
BadLine say(const std::string& option, LineFault fault, const std::string& key, const std::string& words) {
    return {call("say", option), fault, "/input/" + key, words};
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadArgument,
    testing::Values(
        click(R"("start":"later")", LineFault::bad_value, "start", "use queued or now"),
        click(R"("start":true)", LineFault::wrong_type, "start", "use queued or now"),
        click(R"("tone_ms":"80")", LineFault::wrong_type, "tone_ms", "without quotes"),
        click(R"("tone_ms":1e300)", LineFault::out_of_range, "tone_ms", "is out of range"),
        click(R"("gapMs":[60])", LineFault::wrong_type, "gapMs", "is an array"),
        click(R"("gap_ms":60,"gapMs":60)", LineFault::duplicate_key, "gapMs", "is given twice"),
        click(R"("allow_abcd":"yes")", LineFault::wrong_type, "allow_abcd", "true or false"),
        click(R"("allowAbcd":true)", LineFault::unknown_key, "allowAbcd", "allow_abcd"),
        click(R"("sensitive":1)", LineFault::wrong_type, "sensitive", "true or false"),
        click(R"("wait_for":"answered")", LineFault::bad_value, "wait_for",
              "use prompt_end, dial_tone, beep, silence, ringback_end or answered_by"),
        click(R"("wait_for":{"what":"beep"})", LineFault::wrong_type, "wait_for", "is an object"),
        click(R"("min_wait":1)", LineFault::missing_key, "min_wait", "say for what by wait_for"),
        click(R"("maxWait":1,"wait_for":null)", LineFault::missing_key, "maxWait", "wait_for"),
        click(R"("fallback":"send")", LineFault::missing_key, "fallback", "wait_for"),
        click(R"("wait_for":"beep","fallback":"resend")", LineFault::bad_value, "fallback",
              "use send or fail"),
        click(R"("wait_for":"beep","min_wait":"1")", LineFault::wrong_type, "min_wait", "a number"),
        click(R"("extension":"1")", LineFault::unknown_key, "extension", "is not known"),
        transfer(R"("pauseSeconds":"2")", LineFault::wrong_type, "pauseSeconds", "without quotes"),
        transfer(R"("pauseSeconds":1e7)", LineFault::out_of_range, "pauseSeconds", "out of range"),
        transfer(R"("extension":221)", LineFault::wrong_type, "extension", "so that leading zeros stay"),
        transfer(R"("extension":"221\n")", LineFault::bad_value, "extension", "a line end at position 4"),
        transfer(R"("extension":"22\t1")", LineFault::bad_value, "extension", "a control character"),
        transfer(R"("sipDomain":"a.com\r\nX: y")", LineFault::bad_value, "sipDomain",
                 "a line end at position 6"),
        transfer(R"("sipDomain":7)", LineFault::wrong_type, "sipDomain", "in quotes"),
        transfer(R"("message":["hold"])", LineFault::wrong_type, "message", "is an array"),
        transfer(R"("message":"\u0007")", LineFault::bad_value, "message",
                 "a control character at position 1"),
        transfer(R"("sip_method":"bye")", LineFault::bad_value, "sip_method", "use invite or refer"),
        transfer(R"("extension_mode":"automatic")", LineFault::bad_value, "extension_mode",
                 "use header or dtmf"),
        transfer(R"("extensionHeader":"X\n")", LineFault::bad_value, "extensionHeader", "a line end"),
        transfer(R"("message_prompt":"../../etc/passwd")", LineFault::bad_value, "message_prompt",
                 "is no prompt's name"),
        transfer(R"("message_prompt":".hidden")", LineFault::bad_value, "message_prompt",
                 "is no prompt's name"),
        transfer(R"("start":"now")", LineFault::unknown_key, "start", "is not known"),
        say(R"("exact":true)", LineFault::missing_key, "text", "write the words"),
        say(R"("text":"")", LineFault::out_of_range, "text", "has no characters"),
        say(R"("text":null)", LineFault::missing_key, "text", "write the words"),
        say(R"("text":"x","exact":"true")", LineFault::wrong_type, "exact", "true or false"),
        say(R"("text":"x","prompt":"")", LineFault::bad_value, "prompt", "is no prompt's name"),
        say(R"("text":"x","prompt":"a/b.wav")", LineFault::bad_value, "prompt", "without a folder")));

TEST(Arguments, ThatAreWrongAreNotRepeatedInTheMessage) {
    for (const std::string& line :
         {call("click_ivr", R"("digits":48151623)"), call("click_ivr", R"("digits":"48151623\n")"),
          call("transfer", R"("extension":["48151623"])"), call("transfer", R"("sip_method":"48151623")")}) {
        const auto parsed = json::parse_line(line);
        ASSERT_FALSE(parsed);
        EXPECT_THAT(parsed.error().message, testing::Not(testing::HasSubstr("4815"))) << line;
    }
}

} // namespace
} // namespace keytone
