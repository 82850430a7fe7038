// SPDX-License-Identifier: MIT
//
// What becomes of a transfer by tones on leg b and by who answers. The reports are made by the test; there is
// no audio.
#include "tests/support/call_table.hpp"

namespace keytone::test {
namespace {

using OnMachine = Transfer::OnMachine;
using Tone = ProgressTone;

TransferTo to_911() {
    return TransferTo("+15303195426");
}

struct ToneRow {
    Tone tone;
    SpecialInformation information;
    std::string end;
};

// Each tone on a leg that is dialled: the dial ends with a code of its own, or goes on.
TEST(AnswerRules, TonesThatEndADial) {
    using Sit = SpecialInformation;
    const std::vector<ToneRow> rows{
        {Tone::busy, Sit::none, "busy, alive, retryable"},
        {Tone::congestion, Sit::none, "congestion, alive, retryable"},
        {Tone::number_unobtainable, Sit::none, "number_unobtainable, alive"},
        {Tone::special_information, Sit::none, "number_unobtainable, alive"},
        {Tone::special_information, Sit::reorder_local, "congestion, alive, retryable"},
        {Tone::special_information, Sit::reorder_distant, "congestion, alive, retryable"},
        {Tone::special_information, Sit::no_circuit_local, "congestion, alive, retryable"},
        {Tone::special_information, Sit::no_circuit_distant, "congestion, alive, retryable"},
        {Tone::special_information, Sit::vacant_code, "vacant_code, alive"},
        {Tone::special_information, Sit::intercept, "intercept, alive"},
        {Tone::special_information, Sit::ineffective, "number_unobtainable, alive"},
        {Tone::special_information, Sit::reserved, "number_unobtainable, alive"},
        {Tone::fax_calling, Sit::none, "fax_answered, alive"},
        {Tone::answering, Sit::none, "fax_answered, alive"},
        {Tone::modem_answering, Sit::none, "fax_answered, alive"},
        {Tone::fax_preamble, Sit::none, "fax_answered, alive"},
    };
    for (const ToneRow& row : rows) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "t", to_911()), at(10, "k", Click("1")),
                  at(9000, tone_heard(Leg::b, row.tone, 1000, 9000, row.information))});
        EXPECT_EQ(call.told().back(), "9000 a t failed in dial: " + row.end) << name_of(row.tone);
        EXPECT_EQ(call.told()[call.told().size() - 2], "9000 b t DO hangup") << name_of(row.tone);
        // What the agent asked for next begins once the host has had time to act, and the call goes on.
        call.run({at(9500, ended(Leg::b)), until(20000)});
        EXPECT_EQ(std::ranges::count(call.told(), "9800 a k started"), 1) << name_of(row.tone);
        EXPECT_EQ(call.state().phase, CallPhase::in_progress);
        EXPECT_EQ(first_breach(call), "");
        EXPECT_TRUE(call.state().actions.empty());
    }
}

TEST(AnswerRules, TonesThatEndNothing) {
    for (const Tone tone : {Tone::dial, Tone::second_dial, Tone::ringback, Tone::call_waiting}) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "t", to_911()),
                  at(9000, tone_heard(Leg::b, tone, 1000, 9000)), at(9100, answered(Leg::b)), until(9200)});
        EXPECT_EQ(call.state().phase, CallPhase::transferred) << name_of(tone);
    }
    // Less certain than not; over; on the caller's leg; before the dial; after the bridge.
    MediaReport doubtful = tone_heard(Leg::b, Tone::busy, 1000, 9000);
    doubtful.certainty_percent = 49;
    check_calls({
        {"a doubtful tone",
         {at(0, "t", to_911()), at(9000, doubtful), at(9000, tone_over(Leg::b, Tone::busy, 9000, 9000)),
          at(9000, tone_heard(Leg::a, Tone::busy, 1000, 9000)), at(9100, answered(Leg::b)), until(9200)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "1000 b busy 1000-9000",
          "9000 b busy 9000-9000 over", "1000 a busy 1000-9000", "9100 b answered", "9100 b t/2 DO bridge",
          "9100 a t completed 0-9100",
          "9100 a SESSION transferred after 1.1375 s, recording to 9100, to +15303195426"}},
        {"a conversation's leg",
         {at(0, tone_heard(Leg::a, Tone::busy, 0, 10)), at(0, tone_heard(Leg::b, Tone::busy, 0, 10)),
          at(20, answer_heard(Leg::a, AnsweredBy::fax, 0, 20))},
         {"0 a busy 0-10", "0 b busy 0-10", "0 a by fax 0-20"}},
        {"words before the dial",
         {at(0, "t", to_911().says("Hold on.")), at(100, tone_heard(Leg::b, Tone::busy, 0, 100)),
          until(8001)},
         {"0 a t accepted", "0 a t started", "0 a t/1 begins prompt 'Hold on.'", "0 b busy 0-100",
          "8000 a t/1 completed prompt 0-8000", "8000 a t/2 DO dial +15303195426"}},
        {"connected",
         {at(0, "t", to_911()), at(100, answered(Leg::b)), at(200, tone_heard(Leg::b, Tone::busy, 0, 200))},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "100 b t/2 DO bridge", "100 a t completed 0-100",
          "100 a SESSION transferred after 0.0125 s, recording to 100, to +15303195426", "0 b busy 0-200"}},
    });
}

// A gateway that answers at once, and then sends what it hears.
TEST(AnswerRules, AToneAfterTheAnswer) {
    check_calls({
        {"while the extension waits",
         {at(0, "t", to_911().ext("221").pause(2)), at(100, answered(Leg::b)),
          at(9000, tone_heard(Leg::b, Tone::busy, 1000, 9000)), at(9100, ended(Leg::b)), until(20000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "16100 b t/2 plans dtmf at answered 100+16000: 2 16100-17700 2 18500-20100 1 20900-22500",
          "1000 b busy 1000-9000", "9000 b t DO hangup",
          "9000 a t failed in extension: busy, alive, retryable", "9100 b ended"}},
    });
}

TEST(AnswerRules, NobodyAnswersWhileItRings) {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "t", to_911()),
              at(4000, tone_heard(Leg::b, Tone::ringback, 800, 4000)), until(250000)});
    EXPECT_EQ(call.told().back(), "240000 a t failed in dial: no_answer, alive, retryable");
    const auto& failed = std::get<ActionFailed>(call.outcomes().back().what);
    EXPECT_EQ(failed.why.message, "it rang, and nobody answered in time");
}

TEST(AnswerRules, WhoAnswersDecides) {
    const std::vector<std::string> dialled{"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426",
                                           "100 b answered", "100 b t/2 begins answer"};
    const auto told = [&](std::vector<std::string> then) {
        then.insert(then.begin(), dialled.begin(), dialled.end());
        return then;
    };
    const auto answers = [](OnMachine rule, AnsweredBy who, std::string words = {}) {
        return std::vector<Entry>{at(0, "t", to_911().machine(rule, std::move(words))),
                                  at(100, answered(Leg::b)), at(16100, answer_heard(Leg::b, who, 900, 16100)),
                                  until(20000)};
    };
    const std::vector<std::string> connected{
        "16100 b t/2 completed answer 100-16100", "16900 b t/3 DO bridge",
        "16900 a t completed 0-16900 by human",
        "16900 a SESSION transferred after 2.1125 s, recording to 16900, to +15303195426"};
    std::vector<std::string> human = told({"900 b by human 900-16100"});
    human.insert(human.end(), connected.begin(), connected.end());
    check_calls({
        {"a human", answers(OnMachine::hang_up, AnsweredBy::human), human},
        {"a human, and words for a machine", answers(OnMachine::leave_message, AnsweredBy::human, "Call us."),
         human},
        {"nobody knows: better connected than hung up", answers(OnMachine::hang_up, AnsweredBy::unknown),
         told({"900 b by unknown 900-16100", "16100 b t/2 completed answer 100-16100",
               "16900 b t/3 DO bridge", "16900 a t completed 0-16900 by unknown",
               "16900 a SESSION transferred after 2.1125 s, recording to 16900, to +15303195426"})},
        {"a machine, to hang up", answers(OnMachine::hang_up, AnsweredBy::machine),
         told({"900 b by machine 900-16100", "16100 b t/2 completed answer 100-16100", "16100 b t DO hangup",
               "16100 a t failed in answer: machine_answered, alive, retryable"})},
        {"a fax", answers(OnMachine::leave_message, AnsweredBy::fax, "Call us."),
         told({"900 b by fax 900-16100", "16100 b t/2 completed answer 100-16100", "16100 b t DO hangup",
               "16100 a t failed in answer: fax_answered, alive"})},
        {"special information", answers(OnMachine::hang_up, AnsweredBy::special_information),
         told({"900 b by sit 900-16100", "16100 b t/2 completed answer 100-16100", "16100 b t DO hangup",
               "16100 a t failed in answer: number_unobtainable, alive"})},
    });
}

// The same sample tells the tone and who answered: which of the two is taken first makes no difference.
TEST(AnswerRules, WhatTheNetworkSaysIsItsOwnCode) {
    CallScript call;
    call.run(
        {at(0, answered(Leg::a)), at(0, "t", to_911().machine(OnMachine::hang_up)), at(100, answered(Leg::b)),
         at(9000, tone_heard(Leg::b, Tone::special_information, 1000, 9000, SpecialInformation::vacant_code)),
         at(9000, answer_heard(Leg::b, AnsweredBy::special_information, 1000, 9000)), until(12000)});
    EXPECT_EQ(call.told().back(), "9000 a t failed in answer: vacant_code, alive");
    EXPECT_EQ(first_breach(call), "");
}

TEST(AnswerRules, AMessageIsLeftAfterTheBeep) {
    CallScript call;
    call.let_last("Call us.", 8000);
    call.run({at(0, answered(Leg::a)), at(0, "t", to_911().machine(OnMachine::leave_message, "Call us.")),
              at(10, "k", Click("1")), at(100, answered(Leg::b)),
              at(16100, answer_heard(Leg::b, AnsweredBy::machine, 900, 16100)), until(16100)});
    Fact beep = fact(Fact::Kind::beep_detected, Leg::b);
    call.run({at(40000, beep), at(70000, ended(Leg::b)), until(80000)});
    const std::vector<std::string> last(call.told().begin() + 7, call.told().end());
    EXPECT_EQ(last, (std::vector<std::string>{
                        "900 b by machine 900-16100", "16100 b t/2 completed answer 100-16100",
                        "16900 b t/3 begins beep", "40000 b t/3 completed beep 16900-40000",
                        "40000 b t/4 begins prompt 'Call us.'", "48000 b t/4 completed prompt 40000-48000",
                        "48000 b t/5 begins silence", "52000 b t/5 completed silence 48000-52000",
                        "52000 b t DO hangup", "52000 a t completed 0-52000 message_left by machine",
                        "52800 a k started", "52800 a k/1 plans dtmf at queue 52800+0: 1 52800-54400",
                        "52800 a k/1 tone 0: 1 52800-54400", "54400 a k/1 completed dtmf 52800-54400",
                        "54400 a k completed 52800-54400", "70000 b ended"}));
    EXPECT_EQ(first_breach(call), "");
    EXPECT_EQ(call.state().phase, CallPhase::in_progress);
}

TEST(AnswerRules, WithoutABeepItSpeaksNevertheless) {
    CallRules rules;
    rules.beep_wait = Milliseconds{1000};
    CallScript call(rules);
    call.run({at(0, answered(Leg::a)), at(0, "t", to_911().machine(OnMachine::leave_message, "Call us.")),
              at(100, answered(Leg::b)), at(16100, answer_heard(Leg::b, AnsweredBy::machine, 900, 16100)),
              until(80000)});
    EXPECT_EQ(std::ranges::count(call.told(), "24900 b t/3 completed beep 16900-24900 expired"), 1);
    EXPECT_EQ(call.told().back(), "36900 a t completed 0-36900 message_left by machine");
}

TEST(AnswerRules, NobodyIsThereToDecide) {
    const auto asked = to_911().machine(OnMachine::hang_up);
    check_calls({
        {"it only rings",
         {at(0, "t", asked), at(100, answered(Leg::b)), at(200, tone_heard(Leg::b, Tone::ringback, 100, 200)),
          at(300, tone_over(Leg::b, Tone::ringback, 250, 300)),
          at(400, tone_heard(Leg::b, Tone::ringback, 300, 400)), until(240101)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "100 b t/2 begins answer", "100 b ringback 100-200", "250 b ringback 250-300 over",
          "300 b ringback 300-400", "240100 b t/2 completed answer 100-240100 expired",
          "240100 b t DO hangup", "240100 a t failed in answer: no_answer, alive, retryable"}},
        {"nobody hears anything: connected",
         {at(0, "t", asked), at(100, answered(Leg::b)), until(241000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "100 b t/2 begins answer", "240100 b t/2 completed answer 100-240100 expired",
          "240900 b t/3 DO bridge", "240900 a t completed 0-240900 by unknown",
          "240900 a SESSION transferred after 30.1125 s, recording to 240900, to +15303195426"}},
        {"the caller leaves",
         {at(0, "t", asked), at(100, answered(Leg::b)), at(200, ended(Leg::a))},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "100 b t/2 begins answer", "200 a ended", "200 b t/2 cancelled answer 100-200",
          "200 a t failed in answer: remote_hangup, gone", "200 b DO hangup",
          "200 a SESSION over after 0.025 s, recording to 200"}},
        {"the agent ends the call at once",
         {at(0, "t", asked), at(100, answered(Leg::b)), at(200, "e", end_now()), until(300)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "100 b t/2 begins answer", "200 a e accepted", "200 b t DO hangup", "200 a e started",
          "200 a e/1 DO hangup", "200 a e completed 200-200", "200 b t/2 cancelled answer 100-200",
          "200 a t cancelled superseded", "200 a SESSION over after 0.025 s, recording to 200"}},
    });
}

// A transfer that does not ask who answers is as it was.
TEST(AnswerRules, NobodyListensUnlessAsked) {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "t", to_911()), until(100)});
    const CallStep step = call.preview(at(100, answered(Leg::b)));
    EXPECT_EQ(lines(step), (std::vector<std::string>{"op b 1/2 from 100: bridge",
                                                     "cue a pass answered at 100", "100 b answered"}));
    CallScript asks;
    asks.run({at(0, answered(Leg::a)), at(0, "t", to_911().machine(OnMachine::hang_up)), until(100)});
    EXPECT_EQ(lines(asks.preview(at(100, answered(Leg::b)))),
              (std::vector<std::string>{"op b 1/2 from 100: gate answered_by heard 0-240000 or go on",
                                        "cue a pass answered at 100", "cue b attend answered_by at 100",
                                        "100 b answered"}));
}

TEST(AnswerRules, WhatTheHostHears) {
    Fact busy = fact(Fact::Kind::tone_detected, Leg::b);
    busy.progress = Tone::busy;
    Fact machine = fact(Fact::Kind::answer_detected, Leg::b);
    machine.by = AnsweredBy::machine;
    check_calls({
        {"busy",
         {at(0, busy), at(0, "t", to_911()), at(100, busy)},
         {"0 b ignored tone.detected: it ends no dial: leg b is not dialled, or is connected already",
          "0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b t DO hangup",
          "100 a t failed in dial: busy, alive, retryable"}},
        {"a machine",
         {at(0, "t", to_911().machine(OnMachine::hang_up)), at(100, answered(Leg::b)), at(200, machine),
          until(201)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO dial +15303195426", "100 b answered",
          "100 b t/2 begins answer", "200 b t/2 completed answer 100-200", "200 b t DO hangup",
          "200 a t failed in answer: machine_answered, alive, retryable"}},
    });
}

// Keys that wait for somebody are not sent to somebody else.
TEST(AnswerRules, KeysWaitForWhoeverTheyAreFor) {
    WaitFor wait = wait_for(CueKind::answered_by, 0, 10000, WaitFor::Fallback::fail);
    wait.by = AnsweredBy::machine;
    const auto told = [&](AnsweredBy who, const std::string& line) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "k", Click("1").wait(wait)),
                  at(900, answer_heard(Leg::a, who, 100, 900)), until(9000)});
        EXPECT_EQ(std::ranges::count(call.told(), line), 1) << name_of(who) << ' ' << line;
        EXPECT_EQ(first_breach(call), "");
    };
    told(AnsweredBy::machine, "2500 a k completed 0-2500");
    told(AnsweredBy::human, "900 a k failed in wait: human_answered, alive");
    told(AnsweredBy::fax, "900 a k failed in wait: fax_answered, alive");
    wait.by = AnsweredBy::human;
    told(AnsweredBy::machine, "900 a k failed in wait: machine_answered, alive");
    wait.fallback = WaitFor::Fallback::send;
    told(AnsweredBy::machine, "2500 a k completed 0-2500");
    wait.by = std::nullopt;
    wait.fallback = WaitFor::Fallback::fail;
    told(AnsweredBy::unknown, "2500 a k completed 0-2500");
}

} // namespace
} // namespace keytone::test
