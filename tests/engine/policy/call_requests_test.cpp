// SPDX-License-Identifier: MIT
//
// Requests in a call in progress: one step each, with its ops and cues; and whole calls.
#include "tests/support/call_table.hpp"

#include <cmath>

namespace keytone::test {
namespace {

CallRules with(AgentSettings settings) {
    CallRules rules;
    rules.settings = std::move(settings);
    return rules;
}

CallRules host_spoken() {
    CallRules rules;
    rules.host_speaks = true;
    return rules;
}

/// The step for a request at sample 40000.
std::vector<std::string> asked(Request request, CallRules rules = {}) {
    CallScript call(std::move(rules));
    call.run(at(0, answered(Leg::a)));
    call.run_to(40000);
    return lines(call.preview(at(40000, "r", std::move(request))));
}

std::vector<std::string> refused(const std::string& why) {
    return {"40000 a r rejected " + why};
}

TEST(CallRequests, PressesKeys) {
    EXPECT_EQ(asked(Click("1*0")),
              (std::vector<std::string>{"op a 1/1 from 40000: keys 1*0 200/100 ms", "40000 a r accepted"}));
    EXPECT_EQ(asked(Click("0123456789*#")).front(), "op a 1/1 from 40000: keys 0123456789*# 200/100 ms");
    EXPECT_EQ(asked(Click("1w2W3")).front(), "op a 1/1 from 40000: keys 1w2W3 200/100 ms");
    EXPECT_EQ(asked(Click("1A").abcd()).front(), "op a 1/1 from 40000: keys 1A 200/100 ms");
    EXPECT_EQ(asked(Click("1").tone_and_gap(40, 40)).front(), "op a 1/1 from 40000: keys 1 40/40 ms");
    EXPECT_EQ(asked(Click("1").tone_and_gap(6000, 6000)).front(), "op a 1/1 from 40000: keys 1 6000/6000 ms");
    EXPECT_EQ(asked(Click(std::string(128, '5'))).size(), 2U);
}

TEST(CallRequests, RefusesKeysWithTheFirstWrongCharacter) {
    const std::vector<std::pair<std::string, int>> wrong{
        {"", 0},     {"w", 0},   {"wW", 0},   {"1,2", 1},         {"1 2", 1},  {" 1", 0},
        {"12\n", 2}, {"1-2", 1}, {"12a", 2},  {"12A", 2},         {"12D3", 2}, {"A,", 0},
        {",A", 0},   {"1p2", 1}, {"+1", 0},   {"12\xc3\xbc", 2},  {"12E", 2},  {"1;", 1},
        {"x", 0},    {"12.", 2}, {"1\t2", 1}, {"\xef\xbc\x91", 0}};
    for (const auto& [keys, index] : wrong) {
        EXPECT_EQ(asked(Click(keys)), refused("invalid_digits at " + std::to_string(index))) << keys;
    }
    EXPECT_EQ(asked(Click(std::string("1\0", 2))), refused("invalid_digits at 1"));
    EXPECT_EQ(asked(Click(std::string(129, '5'))), refused("invalid_digits at 128"));
    EXPECT_EQ(asked(Click("12,A").abcd()), refused("invalid_digits at 2"));
}

TEST(CallRequests, RefusesTimesThatNobodyHears) {
    for (const auto& [tone, gap] : std::vector<std::pair<double, double>>{{39.9, 100},
                                                                          {6000.1, 100},
                                                                          {200, 39.9},
                                                                          {200, 6000.1},
                                                                          {std::nan(""), 100},
                                                                          {200, std::nan("")}}) {
        EXPECT_EQ(asked(Click("1").tone_and_gap(tone, gap)), refused("invalid_event")) << tone << ' ' << gap;
    }
}

TEST(CallRequests, WaitsBeforeKeys) {
    EXPECT_EQ(asked(Click("1").wait(wait_for(CueKind::prompt_end, 500, 3000, WaitFor::Fallback::fail))),
              (std::vector<std::string>{"op a 1/1 from 40000: gate prompt_end heard 4000-24000 or fail",
                                        "op a 1/2 from 40000: keys 1 200/100 ms", "40000 a r accepted"}));
    EXPECT_EQ(asked(Click("1").wait(wait_for(CueKind::beep, 0, 3000, WaitFor::Fallback::send))).front(),
              "op a 1/1 from 40000: gate beep heard 0-24000 or go on");
    EXPECT_EQ(asked(Click("1").wait(wait_for(CueKind::answered, 0, 3000, WaitFor::Fallback::send))),
              refused("invalid_event"));
}

TEST(CallRequests, Speaks) {
    EXPECT_EQ(
        asked(say("Hello.")),
        (std::vector<std::string>{"op a 1/1 from 40000: prompt 'Hello.' within ever", "40000 a r accepted"}));
    EXPECT_EQ(asked(say("Hello."), host_spoken()),
              (std::vector<std::string>{"op a 1/1 from 40000: gate drained 0-960000 or fail",
                                        "40000 a r accepted"}));
    EXPECT_EQ(asked(say("")), refused("invalid_event"));
    EXPECT_EQ(asked(say(std::string(2001, 'x'))), refused("invalid_event"));
    EXPECT_EQ(asked(say(std::string(2000, 'x'))).size(), 2U);
}

TEST(CallRequests, Transfers) {
    EXPECT_EQ(asked(TransferTo("5303195426").ext("221").pause(2).says("Hold on.")),
              (std::vector<std::string>{"op a 1/1 from 40000: prompt 'Hold on.' within ever",
                                        "op a 1/2 from 40000: gate answered 0-240000 or fail",
                                        "op a 1/1000 from 40000: gate released 0-ever or fail",
                                        "40000 a r accepted not_e164"}));
    EXPECT_EQ(asked(TransferTo("101").domain("pbx").ext("7").pause(0.5).refer()),
              (std::vector<std::string>{
                  "op a 1/1 from 40000: wait 4000", "op a 1/2 from 40000: gate answered 0-256000 or fail",
                  "op a 1/1000 from 40000: gate released 0-ever or fail", "40000 a r accepted"}));
    EXPECT_EQ(asked(TransferTo("911").ext("1,")), refused("invalid_digits at 1"));
}

TEST(CallRequests, AnswersTransferRequests) {
    EXPECT_EQ(asked(TransferRequest{"+919876543210"}),
              (std::vector<std::string>{"op a 1/1 from 40000: gate answered 0-240000 or fail",
                                        "op a 1/1000 from 40000: gate released 0-ever or fail",
                                        "40000 a r accepted", "40000 a r answer 200 Transfer queued"}));
    const std::vector<std::optional<std::string>> wrong{
        std::nullopt, "", "5303195426", "+1", "sip:101@pbx", "+1" + std::string(40, ' ') + "5303195426"};
    for (const auto& to : wrong) {
        const auto told = asked(TransferRequest{to});
        ASSERT_EQ(told.size(), 2U);
        EXPECT_TRUE(told[0].starts_with("40000 a r rejected invalid_number")) << told[0];
        EXPECT_EQ(told[1].substr(0, 20), "40000 a r answer 400") << told[1];
    }
    // Not limited by what the agent may do, and with the settings' number and message.
    AgentSettings settings;
    settings.transfer_number = "+14155551234";
    EXPECT_EQ(asked(TransferRequest{}, with(settings)).front(),
              "op a 1/1 from 40000: prompt 'One moment, I am putting you through.' within ever");
}

TEST(CallRequests, KeepsToTheSettings) {
    AgentSettings settings;
    settings.transfer_number = "+14155551234";
    EXPECT_EQ(asked(TransferTo("+15303195426"), with(settings)), refused("disabled"));
    settings.transfer_enabled = true;
    EXPECT_EQ(asked(TransferTo(), with(settings)).back(), "40000 a r accepted");
    settings.end_call_message = "Goodbye!";
    EXPECT_EQ(asked(end_call(), with(settings)),
              (std::vector<std::string>{"op a 1/1 from 40000: prompt 'Goodbye!' within ever",
                                        "op a 1/2 from 40000: wait 4000", "op a 1/3 from 40000: hang up",
                                        "40000 a r accepted"}));
    EXPECT_EQ(asked(end_now(), with(settings)),
              (std::vector<std::string>{"op a 1/1 from 40000: hang up", "cue a cut before 1/0 at 40000",
                                        "40000 a r accepted"}));
    settings.end_call_enabled = false;
    EXPECT_EQ(asked(end_call(), with(settings)), refused("disabled"));
    EXPECT_EQ(asked(end_now(), with(settings)), refused("disabled"));
    // The call's owner may always.
    EXPECT_EQ(asked(EndCall{EndCall::Mode::graceful, true}, with(settings)).back(), "40000 a r accepted");
}

TEST(CallRequests, WordsBeforeAHangUpNeverPreventIt) {
    AgentSettings settings;
    settings.end_call_message = "Goodbye!";
    CallRules rules = with(settings);
    rules.host_speaks = true;
    EXPECT_EQ(asked(end_call(), rules).front(), "op a 1/1 from 40000: gate drained 0-960000 or go on");
}

TEST(CallRequests, AreRefusedOutsideOfTheCall) {
    CallScript call;
    const std::vector<Request> requests{say("Hello."), Click("1"), TransferTo("911")};
    for (const Request& request : requests) {
        EXPECT_EQ(lines(call.preview(at(0, "r", request))),
                  std::vector<std::string>{"0 a r rejected call_not_in_progress"});
    }
    call.run({at(0, answered(Leg::a)), at(10, "e", end_call())});
    for (const Request& request : requests) { // The call is ending.
        EXPECT_EQ(lines(call.preview(at(10, "r", request))),
                  std::vector<std::string>{"10 a r rejected call_not_in_progress"});
    }
    call.run(at(20, ended(Leg::a)));
    for (const Request& request : requests) {
        EXPECT_EQ(lines(call.preview(at(20, "r", request))),
                  std::vector<std::string>{"20 a r rejected call_not_in_progress"});
    }
    EXPECT_EQ(lines(call.preview(at(20, "r", TransferRequest{"+15303195426"}))),
              (std::vector<std::string>{"20 a r rejected call_not_in_progress",
                                        "20 a r answer 400 the call is over"}));
    EXPECT_EQ(lines(call.preview(at(20, "r", end_call()))),
              (std::vector<std::string>{"20 a r accepted", "20 a r started",
                                        "20 a r completed 20-20 already_ended"}));
}

TEST(CallRequests, TheSameIdAgainIsToldAgain) {
    check_calls({
        {"whatever it asks for, with what was last said",
         {at(0, "r", Click("1")), at(100, "r", Click("2")), at(4000, "r", say("Hello.")),
          at(4001, "q", Click("x")), at(4002, "q", Click("1"))},
         {"0 a r accepted", "0 a r started", "0 a r/1 plans dtmf at queue 0+0: 1 0-1600",
          "0 a r started (again)", "0 a r/1 tone 0: 1 0-1600", "1600 a r/1 completed dtmf 0-1600",
          "1600 a r completed 0-1600", "1600 a r completed 0-1600 (again)",
          "4001 a q rejected invalid_digits at 0", "4001 a q rejected invalid_digits at 0 (again)"}},
        {"a request of the API is answered again",
         {at(0, "r", TransferRequest{"+15303195426"}), at(100, "r", TransferRequest{"+15303195426"}),
          at(200, "q", TransferRequest{"1"}), at(300, "q", TransferRequest{"+15303195426"})},
         {"0 a r accepted", "0 a r answer 200 Transfer queued", "0 a r started",
          "0 a r/1 DO dial +15303195426", "0 a r started (again)", "0 a r answer 200 Transfer queued (again)",
          "200 a q rejected transfer_in_progress",
          "200 a q answer 400 a transfer is under way: wait for what comes of it",
          "200 a q rejected transfer_in_progress (again)",
          "200 a q answer 400 a transfer is under way: wait for what comes of it (again)"}},
    });
}

TEST(CallRequests, HaveBounds) {
    CallRules rules;
    rules.max_queued = 2;
    rules.max_actions = 3; // A request that may be sent again is not counted.
    check_calls({
        {"too many at a time, then too many at all; the end is never refused",
         {at(0, "1", say("One.")), at(0, "2", say("Two.")), at(0, "3", say("Three.")),
          at(0, fact(Fact::Kind::prompt_queued)), at(20000, "4", say("Four.")), at(40000, "5", say("Five.")),
          at(40001, "5", say("Five.")), at(40002, "6", end_call()), until(60000)},
         {"0 a 1 accepted",
          "0 a 1 started",
          "0 a 1/1 begins prompt 'One.'",
          "0 a 2 accepted",
          "0 a 3 rejected queue_full",
          "0 a ignored prompt.queued: queue_full",
          "8000 a 1/1 completed prompt 0-8000",
          "8000 a 1 completed 0-8000",
          "8000 a 2 started",
          "8000 a 2/1 begins prompt 'Two.'",
          "16000 a 2/1 completed prompt 8000-16000",
          "16000 a 2 completed 8000-16000",
          "20000 a 4 accepted",
          "20000 a 4 started",
          "20000 a 4/1 begins prompt 'Four.'",
          "28000 a 4/1 completed prompt 20000-28000",
          "28000 a 4 completed 20000-28000",
          "40000 a 5 rejected queue_full",
          "40001 a 5 rejected queue_full",
          "40002 a 6 accepted",
          "40002 a 6 started",
          "40002 a 6/1 begins silence",
          "44002 a 6/1 completed silence 40002-44002",
          "44002 a 6/2 DO hangup",
          "44002 a 6 completed 40002-44002",
          "44002 a SESSION over after 5.50025 s, recording to 44002"},
         rules},
    });
    CallScript call;
    call.run(at(0, answered(Leg::a)));
    const std::string long_id(129, 'i');
    call.run(at(1, long_id, say("Hello.")));
    EXPECT_EQ(call.told().back(), "1 a " + long_id + " rejected invalid_event");
    EXPECT_TRUE(call.state().known.empty());
}

TEST(CallRequests, ARefusalFromOutsideIsTold) {
    CallScript call;
    call.run(at(0, answered(Leg::a)));
    HostInput input{
        {"r", std::nullopt, Request(say("Hello."))}, {7, 7}, Refusal{Code::prompt_failed, "no voice"}};
    EXPECT_EQ(lines(step(call.rules(), call.state(), input)),
              std::vector<std::string>{"7 a r rejected prompt_failed"});
    input.event.what = answered(Leg::b);
    EXPECT_EQ(lines(step(call.rules(), call.state(), input)),
              std::vector<std::string>{"7 b ignored leg.answered: prompt_failed"});
}

TEST(CallRequests, KeysInACall) {
    check_calls({
        {"1*0 at once",
         {at(0, "k", Click("1*0")), until(8000)},
         {"0 a k accepted", "0 a k started",
          "0 a k/1 plans dtmf at queue 0+0: 1 0-1600 * 2400-4000 0 4800-6400", "0 a k/1 tone 0: 1 0-1600",
          "2400 a k/1 tone 1: * 2400-4000", "4800 a k/1 tone 2: 0 4800-6400",
          "6400 a k/1 completed dtmf 0-6400", "6400 a k completed 0-6400"}},
        {"pauses last from a tone's end",
         {at(0, "k", Click("1w2W3")), until(30000)},
         {"0 a k accepted", "0 a k started",
          "0 a k/1 plans dtmf at queue 0+0: 1 0-1600 2 5600-7200 3 15200-16800", "0 a k/1 tone 0: 1 0-1600",
          "5600 a k/1 tone 1: 2 5600-7200", "15200 a k/1 tone 2: 3 15200-16800",
          "16800 a k/1 completed dtmf 0-16800", "16800 a k completed 0-16800"}},
        {"after what is said before",
         {at(0, "s", say("I am pressing one.")), at(100, "k", Click("1")), until(12000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'I am pressing one.'", "100 a k accepted",
          "8000 a s/1 completed prompt 0-8000", "8000 a s completed 0-8000", "8000 a k started",
          "8000 a k/1 plans dtmf at queue 8000+0: 1 8000-9600", "8000 a k/1 tone 0: 1 8000-9600",
          "9600 a k/1 completed dtmf 8000-9600", "9600 a k completed 8000-9600"}},
        {"now: what is said is cut",
         {at(0, "s", say("A long story.")), at(100, "t", say("And more.")), at(4000, "k", Click("1").now()),
          until(12000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'A long story.'", "100 a t accepted",
          "4000 a k accepted", "4000 a t/1 cancelled prompt 4000-4000",
          "4000 a t cancelled superseded lost 8000", "4040 a s/1 cancelled prompt 0-4040",
          "4040 a s cancelled superseded lost 3960", "4040 a k started",
          "4040 a k/1 plans dtmf at queue 4040+0: 1 4040-5640", "4040 a k/1 tone 0: 1 4040-5640",
          "5640 a k/1 completed dtmf 4040-5640", "5640 a k completed 4040-5640"}},
        {"now, but behind other keys",
         {at(0, "j", Click("12")), at(1000, "k", Click("3").now()), until(12000)},
         {"0 a j accepted", "0 a j started", "0 a j/1 plans dtmf at queue 0+0: 1 0-1600 2 2400-4000",
          "1000 a k accepted", "0 a j/1 tone 0: 1 0-1600", "2400 a j/1 tone 1: 2 2400-4000",
          "4000 a j/1 completed dtmf 0-4000", "4000 a j completed 0-4000", "4800 a k started",
          "4800 a k/1 plans dtmf at queue 4800+0: 3 4800-6400", "4800 a k/1 tone 0: 3 4800-6400",
          "6400 a k/1 completed dtmf 4800-6400", "6400 a k completed 4800-6400"}},
        {"after a prompt's end",
         {at(0, "k", Click("1").wait(wait_for(CueKind::prompt_end, 500, 3000, WaitFor::Fallback::fail))),
          at(2000, fact(Fact::Kind::speech_ended)), until(12000)},
         {"0 a k accepted", "0 a k started", "0 a k/1 begins wait", "4000 a k/1 completed wait 0-4000",
          "4000 a k/2 plans dtmf at queue 4000+0: 1 4000-5600", "4000 a k/2 tone 0: 1 4000-5600",
          "5600 a k/2 completed dtmf 4000-5600", "5600 a k completed 0-5600"}},
        {"sent all the same when nothing is heard",
         {at(0, "k", Click("1").wait(wait_for(CueKind::beep, 0, 1000, WaitFor::Fallback::send))),
          until(12000)},
         {"0 a k accepted", "0 a k started", "0 a k/1 begins wait",
          "8000 a k/1 completed wait 0-8000 expired", "8000 a k/2 plans dtmf at queue 8000+0: 1 8000-9600",
          "8000 a k/2 tone 0: 1 8000-9600", "9600 a k/2 completed dtmf 8000-9600",
          "9600 a k completed 0-9600"}},
        {"not sent when nothing is heard",
         {at(0, "k", Click("1").wait(wait_for(CueKind::beep, 0, 1000, WaitFor::Fallback::fail))),
          at(100, "n", Click("2")), until(12000)},
         {"0 a k accepted", "0 a k started", "0 a k/1 begins wait", "100 a n accepted",
          "8000 a k/1 failed wait 0-8000", "8000 a k failed in wait: wait_timeout, alive, retryable",
          "8000 a k/2 cancelled dtmf 8000-8000", "8000 a n started",
          "8000 a n/1 plans dtmf at queue 8000+0: 2 8000-9600", "8000 a n/1 tone 0: 2 8000-9600",
          "9600 a n/1 completed dtmf 8000-9600", "9600 a n completed 8000-9600"}},
    });
}

TEST(CallRequests, NothingSecretIsTold) {
    check_calls({
        {"keys, planned, sent, heard again",
         {at(0, "k", Click("73").secret()), until(1700),
          at(1700, MediaReport{.kind = MediaReport::Kind::digit_heard,
                               .leg = Leg::a,
                               .digit = '7',
                               .begin = 100,
                               .end = 1650}),
          at(1750, MediaReport{.kind = MediaReport::Kind::digit_heard,
                               .leg = Leg::a,
                               .digit = '7',
                               .begin = 900,
                               .end = 1700}),
          until(6000)},
         {"0 a k accepted", "0 a k started", "0 a k/1 plans dtmf at queue 0+0: ? 0-1600 ? 2400-4000",
          "0 a k/1 tone 0: ? 0-1600", "100 a k/1 tone 0: ? echoed", "900 a heard ? 900-1700",
          "2400 a k/1 tone 1: ? 2400-4000", "4000 a k/1 completed dtmf 0-4000", "4000 a k completed 0-4000"}},
    });
    // All outcomes are searched for these keys, which appear nowhere else in the lines.
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "t", TransferTo("+12222222222").ext("9797").secret()),
              at(80, answered(Leg::b)), until(16000),
              at(16000, MediaReport{.kind = MediaReport::Kind::digit_heard,
                                    .leg = Leg::b,
                                    .digit = '9',
                                    .begin = 8200,
                                    .end = 8400})});
    for (const Outcome& outcome : call.outcomes()) {
        if (const auto* const plan = std::get_if<OpPlanned>(&outcome.what)) {
            for (const OpPlanned::Tone& tone : plan->tones) {
                EXPECT_EQ(tone.digit, '?');
            }
        }
        if (const auto* const tone = std::get_if<ToneCompleted>(&outcome.what)) {
            EXPECT_EQ(tone->digit, '?');
            EXPECT_TRUE(outcome.sensitive);
        }
        if (const auto* const tone = std::get_if<KeyEvidence>(&outcome.what)) {
            EXPECT_EQ(tone->digit, '?');
            EXPECT_TRUE(outcome.sensitive);
        }
        EXPECT_EQ(text(outcome).find("9797"), std::string::npos) << text(outcome);
    }
    // A refusal states where the fault is, not the digits.
    CallScript wrong;
    wrong.run({at(0, answered(Leg::a)), at(0, "k", Click("12345x").secret())});
    const auto& refusal = std::get<ActionRejected>(wrong.outcomes().back().what);
    EXPECT_EQ(refusal.why.message.find("12345"), std::string::npos);
    // The one outcome that has to contain the digits: the header that the host is to send.
    CallScript sip;
    sip.run({at(0, answered(Leg::a)), at(0, "t", TransferTo("x").domain("pbx").ext("9797").secret().pause(0)),
             until(100)});
    std::size_t told = 0;
    for (const Outcome& outcome : sip.outcomes()) {
        const bool tells = text(outcome).find("9797") != std::string::npos;
        EXPECT_TRUE(!tells || (outcome.sensitive && std::holds_alternative<Intent>(outcome.what)));
        told += tells ? 1 : 0;
    }
    EXPECT_EQ(told, 1U);
}

TEST(CallRequests, Ends) {
    AgentSettings settings;
    settings.end_call_message = "Goodbye!";
    check_calls({
        {"gracefully: what is queued drains, then half a second",
         {at(0, "s", say("Thank you.")), at(100, "e", end_call()), until(20000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'Thank you.'", "100 a e accepted",
          "8000 a s/1 completed prompt 0-8000", "8000 a s completed 0-8000", "8000 a e started",
          "8000 a e/1 begins silence", "12000 a e/1 completed silence 8000-12000", "12000 a e/2 DO hangup",
          "12000 a e completed 8000-12000", "12000 a SESSION over after 1.5 s, recording to 12000"}},
        {"with the settings' words",
         {at(0, "e", end_call()), until(20000)},
         {"0 a e accepted", "0 a e started", "0 a e/1 begins prompt 'Goodbye!'",
          "8000 a e/1 completed prompt 0-8000", "8000 a e/2 begins silence",
          "12000 a e/2 completed silence 8000-12000", "12000 a e/3 DO hangup", "12000 a e completed 0-12000",
          "12000 a SESSION over after 1.5 s, recording to 12000"},
         with(settings)},
        {"at once, in a word",
         {at(0, "s", say("Thank you.")), at(0, "k", Click("1")), at(4000, "e", end_now()), until(20000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'Thank you.'", "0 a k accepted",
          "4000 a e accepted", "4000 a k/1 cancelled dtmf 4000-4000",
          "4000 a k cancelled superseded lost 1600", "4040 a s/1 cancelled prompt 0-4040",
          "4040 a s cancelled superseded lost 3960", "4040 a e started", "4040 a e/1 DO hangup",
          "4040 a e completed 4040-4040", "4040 a SESSION over after 0.505 s, recording to 4040"}},
        {"at once, in a tone",
         {at(0, "k", Click("123")), at(2800, "e", end_now()), until(20000)},
         {"0 a k accepted", "0 a k started",
          "0 a k/1 plans dtmf at queue 0+0: 1 0-1600 2 2400-4000 3 4800-6400", "0 a k/1 tone 0: 1 0-1600",
          "2800 a e accepted", "2400 a k/1 tone 1: 2 2400-2840 cut", "2840 a k/1 cancelled dtmf 0-2840",
          "2840 a k cancelled superseded lost 3560", "2840 a e started", "2840 a e/1 DO hangup",
          "2840 a e completed 2840-2840", "2840 a SESSION over after 0.355 s, recording to 2840"}},
        {"long words and keys are heard to their end",
         {at(0, "s", say("A long story.")), at(0, "k", Click("1")), at(100, "e", end_call()), until(300000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'A long story.'", "0 a k accepted",
          "100 a e accepted", "200000 a s/1 completed prompt 0-200000", "200000 a s completed 0-200000",
          "200000 a k started", "200000 a k/1 plans dtmf at queue 200000+0: 1 200000-201600",
          "200000 a k/1 tone 0: 1 200000-201600", "201600 a k/1 completed dtmf 200000-201600",
          "201600 a k completed 200000-201600", "201600 a e started", "201600 a e/1 begins silence",
          "205600 a e/1 completed silence 201600-205600", "205600 a e/2 DO hangup",
          "205600 a e completed 201600-205600", "205600 a SESSION over after 25.7 s, recording to 205600"},
         {},
         {{"A long story.", 200000}}},
        {"twice",
         {at(0, "e", end_call()), at(100, "f", end_call()), until(20000)},
         {"0 a e accepted", "0 a e started", "0 a e/1 begins silence", "100 a f accepted", "100 a f started",
          "100 a f completed 100-100 already_ended", "4000 a e/1 completed silence 0-4000",
          "4000 a e/2 DO hangup", "4000 a e completed 0-4000",
          "4000 a SESSION over after 0.5 s, recording to 4000"}},
        {"gracefully, then at once, then again",
         {at(0, "s", say("Thank you.")), at(100, "e", end_call()), at(200, "f", end_now()),
          at(200, "g", end_now()), until(20000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'Thank you.'", "100 a e accepted",
          "200 a f accepted", "200 a e/1 cancelled silence 200-200", "200 a e cancelled superseded",
          "200 a g accepted", "200 a g started", "200 a g completed 200-200 already_ended",
          "240 a s/1 cancelled prompt 0-240", "240 a s cancelled superseded lost 7760", "240 a f started",
          "240 a f/1 DO hangup", "240 a f completed 240-240",
          "240 a SESSION over after 0.03 s, recording to 240"}},
        {"the caller hangs up while it drains",
         {at(0, "s", say("Thank you.")), at(100, "e", end_call()), at(200, ended(Leg::a)), until(20000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'Thank you.'", "100 a e accepted",
          "200 a ended", "200 a s/1 cancelled prompt 0-200", "200 a s cancelled remote_hangup",
          "200 a e/1 cancelled silence 200-200", "200 a e started", "200 a e completed 200-200 already_ended",
          "200 a SESSION over after 0.025 s, recording to 200"}},
    });
    CallScript before;
    before.run(at(50, "e", end_call()));
    EXPECT_EQ(before.told(), (std::vector<std::string>{"50 a e accepted", "50 a e DO hangup",
                                                       "50 a e started", "50 a e completed 50-50"}));
}

TEST(CallRequests, TheHostSpeaks) {
    AgentSettings settings;
    settings.transfer_enabled = true;
    CallRules rules = with(settings);
    rules.host_speaks = true;
    check_calls({
        {"told when it is its turn, done when it says so",
         {at(0, "s", say("Hello.")), at(10, "t", say("Again.")), at(5000, fact(Fact::Kind::prompt_drained)),
          at(9000, fact(Fact::Kind::prompt_drained)), at(9500, fact(Fact::Kind::prompt_drained)),
          until(10000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 DO speak 'Hello.'", "10 a t accepted",
          "5000 a s/1 completed prompt 0-5000", "5000 a s completed 0-5000", "5000 a t started",
          "5000 a t/1 DO speak 'Again.'", "9000 a t/1 completed prompt 5000-9000",
          "9000 a t completed 5000-9000", "9500 a ignored prompt.drained: no speech of the host's is queued"},
         host_spoken()},
        {"speech of its own comes before what is asked for later",
         {at(0, fact(Fact::Kind::prompt_queued)), at(10, "k", Click("1")),
          at(5000, fact(Fact::Kind::prompt_drained)), until(10000)},
         {"10 a k accepted", "5000 a k started", "5000 a k/1 plans dtmf at queue 5000+0: 1 5000-6600",
          "5000 a k/1 tone 0: 1 5000-6600", "6600 a k/1 completed dtmf 5000-6600",
          "6600 a k completed 5000-6600"},
         host_spoken()},
        {"the words before a transfer are its too; no answer to them fails closed",
         {at(0, "t", TransferTo("911")), until(160000)},
         {"0 a t accepted not_e164", "0 a t started",
          "0 a t/1 DO speak 'One moment, I am putting you through.'", "149600 a t/1 failed prompt 0-149600",
          "149600 a t failed in message: drain_timeout, alive"},
         rules},
    });
}

Fact queued(double seconds) {
    Fact speech = fact(Fact::Kind::prompt_queued);
    speech.length = Milliseconds{1000.0 * seconds};
    return speech;
}

Fact drained() {
    return fact(Fact::Kind::prompt_drained);
}

TEST(CallRequests, TheEndWaitsForTheHostsSpeech) {
    check_calls({
        {"that begins behind it",
         {at(0, "e", end_call()), at(800, queued(3)), at(24800, drained()), until(40000)},
         {"0 a e accepted", "0 a e started", "0 a e/1 begins silence",
          "28800 a e/1 completed silence 0-28800", "28800 a e/2 DO hangup", "28800 a e completed 0-28800",
          "28800 a SESSION over after 3.6 s, recording to 28800"}},
        {"that comes sentence by sentence",
         {at(0, queued(2)), at(800, "e", end_call()), at(8000, queued(2)), at(16000, drained()),
          at(24000, queued(1)), at(32000, drained()), at(40000, drained()), until(60000)},
         {"800 a e accepted", "16000 a e started", "16000 a e/1 begins silence",
          "44000 a e/1 completed silence 16000-44000", "44000 a e/2 DO hangup",
          "44000 a e completed 16000-44000", "44000 a SESSION over after 5.5 s, recording to 44000"}},
        {"for 15 s beyond the time at which it should have ended",
         {at(0, "e", end_call()), at(800, queued(3)), until(200000)},
         {"0 a e accepted", "0 a e started", "0 a e/1 begins silence",
          "144800 a e/1 completed silence 0-144800 expired", "144800 a e/2 DO hangup",
          "144800 a e completed 0-144800 truncated",
          "144800 a SESSION over after 18.1 s, recording to 144800"}},
    });
}

TEST(CallRequests, ARefusalThatSaysSoCanBeSentAgain) {
    CallScript call;
    call.run({at(0, "k", Click("1")), at(10, answered(Leg::a)), at(20, "k", Click("1")), until(5000)});
    EXPECT_EQ(call.told().front(), "0 a k rejected call_not_in_progress");
    EXPECT_EQ(std::ranges::count(call.told(), "20 a k accepted"), 1);
    // As many as may wait, and one more.
    CallRules rules;
    rules.max_queued = 2;
    CallScript full(rules);
    full.run({at(0, answered(Leg::a)), at(0, "a", say("One.")), at(0, "b", say("Two.")),
              at(0, "c", say("Three.")), at(100, "c", say("Three.")), at(8100, "c", say("Three.")),
              at(8200, "c", say("Three."))});
    EXPECT_EQ(std::ranges::count(full.told(), "0 a c rejected queue_full"), 1);
    EXPECT_EQ(std::ranges::count(full.told(), "100 a c rejected queue_full"), 1);
    EXPECT_EQ(std::ranges::count(full.told(), "8100 a c accepted"), 1);
    EXPECT_TRUE(full.outcomes().back().replayed);
    // A request that can never succeed is remembered.
    CallScript wrong;
    wrong.run({at(0, answered(Leg::a)), at(0, "k", Click("x")), at(10, "k", Click("1"))});
    EXPECT_TRUE(wrong.outcomes().back().replayed);
}

TEST(CallRequests, SaysWhatWillBeAccepted) {
    const auto message = [](const Request& request) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "r", request)});
        for (const Outcome& outcome : call.outcomes()) {
            if (const auto* const rejected = std::get_if<ActionRejected>(&outcome.what)) {
                return rejected->why.message;
            }
        }
        return std::string();
    };
    EXPECT_EQ(message(Click("abc")),
              "digits: not a digit: use 0-9 * #, with w (0.5 s) and W (1 s) for pauses");
    EXPECT_EQ(message(TransferTo("911").ext("abc")),
              "extension: not a digit: use 0-9 * #, with w (0.5 s) and W (1 s) for pauses");
    EXPECT_TRUE(message(TransferRequest{"4155"}).starts_with("to must be E.164 here"))
        << message(TransferRequest{"4155"});
    EXPECT_EQ(message(Click("1").wait(wait_for(CueKind::beep, 20000, 10000, WaitFor::Fallback::fail))),
              "max_wait is no less than min_wait, and 10 s where it is left out: give a max_wait of min_wait "
              "to 120 s");
    WaitFor long_silence = wait_for(CueKind::prompt_end, 0, 10000, WaitFor::Fallback::fail);
    long_silence.silence = Milliseconds{5001};
    EXPECT_EQ(message(Click("1").wait(long_silence)), "silence is 0.1 to 5 s");
    long_silence.silence = Milliseconds{5000};
    EXPECT_EQ(asked(Click("1").wait(long_silence)).front(),
              "op a 1/1 from 40000: gate prompt_end heard 0-80000 or fail, quiet for 40000");
}

TEST(CallRequests, EmptyTextsCountAsLeftOut) {
    TransferTo empty("+15303195426");
    empty.ext("").domain("").says("");
    EXPECT_EQ(asked(empty).back(), "40000 a r accepted empty_ignored");
    EXPECT_EQ(asked(TransferTo("911").says("")).back(), "40000 a r accepted not_e164,empty_ignored");
    EXPECT_EQ(asked(TransferTo("+15303195426").pause(2)).back(), "40000 a r accepted pause_ignored");
    EXPECT_EQ(asked(TransferTo("101").domain("pbx").pause(2)).back(), "40000 a r accepted")
        << "it delays the INVITE";
}

} // namespace
} // namespace keytone::test
