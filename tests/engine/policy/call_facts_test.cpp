// SPDX-License-Identifier: MIT
//
// Facts from the media server: transfers from the first word to the bridge, and everything that can happen in
// between.
#include "tests/support/call_table.hpp"

namespace keytone::test {
namespace {

/// A transfer with all its stages: a message until 8000, dialled there; answered at 20000, keys at 36000 and
/// 38400, bridged at 40000.
TransferTo whole() {
    return TransferTo("+15303195426").ext("22").pause(2).says("Hold on.");
}
TransferTo refer() {
    return TransferTo("101").domain("pbx").refer();
}

TEST(CallFacts, TransferWithExtension) {
    check_calls({
        {"answered at 120000, two seconds, 221",
         {at(100000, "b1", TransferTo("5303195426").ext("221").pause(2)), at(120000, answered(Leg::b)),
          until(150000)},
         {"100000 a b1 accepted not_e164", "100000 a b1 started", "100000 a b1/1 DO dial 5303195426",
          "120000 b answered",
          "136000 b b1/2 plans dtmf at answered 120000+16000: 2 136000-137600 2 138400-140000 1 "
          "140800-142400",
          "136000 b b1/2 tone 0: 2 136000-137600", "138400 b b1/2 tone 1: 2 138400-140000",
          "140800 b b1/2 tone 2: 1 140800-142400", "142400 b b1/2 completed dtmf 136000-142400",
          "142400 b b1/3 DO bridge", "142400 a b1 completed 100000-142400",
          "142400 a SESSION transferred after 17.8 s, recording to 142400, to 5303195426"}},
        {"words first; what is asked for later is cancelled",
         {at(0, "t", whole()), at(10, "s", say("Are you there?")), at(11, "k", Click("1")),
          at(20000, answered(Leg::b)), until(50000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 begins prompt 'Hold on.'", "10 a s accepted",
          "11 a k accepted", "8000 a t/1 completed prompt 0-8000", "8000 a t/2 DO dial +15303195426",
          "20000 b answered", "36000 b t/3 plans dtmf at answered 20000+16000: 2 36000-37600 2 38400-40000",
          "36000 b t/3 tone 0: 2 36000-37600", "38400 b t/3 tone 1: 2 38400-40000",
          "40000 b t/3 completed dtmf 36000-40000", "40000 b t/4 DO bridge", "40000 a t completed 0-40000",
          "40000 a SESSION transferred after 5 s, recording to 40000, to +15303195426",
          "40000 a s/1 cancelled prompt 40000-40000", "40000 a s cancelled call_transferred lost 8000",
          "40000 a k/1 cancelled dtmf 40000-40000", "40000 a k cancelled call_transferred lost 1600"}},
        {"after the bridge: refused; b leaves, a is hung up",
         {at(0, "t", TransferTo("911")), at(8000, answered(Leg::b)), at(9000, "s", say("Hello?")),
          at(9001, "u", TransferTo("911")), at(9002, "e", end_call()), at(80000, ended(Leg::b)),
          at(80001, "f", end_call()), at(80002, answered(Leg::b)), until(90000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "8000 b answered",
          "8000 b t/2 DO bridge", "8000 a t completed 0-8000",
          "8000 a SESSION transferred after 1 s, recording to 8000, to 911",
          "9000 a s rejected call_transferred", "9001 a u rejected call_transferred",
          "9002 a e rejected call_transferred", "80000 b ended", "80000 a DO hangup", "80001 a f accepted",
          "80001 a f started", "80001 a f completed 80001-80001 already_ended",
          "80002 b ignored leg.answered: the call is over"}},
        {"after the bridge: a leaves, b is hung up",
         {at(0, "t", TransferTo("911")), at(8000, answered(Leg::b)), at(80000, ended(Leg::a)), until(90000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "8000 b answered",
          "8000 b t/2 DO bridge", "8000 a t completed 0-8000",
          "8000 a SESSION transferred after 1 s, recording to 8000, to 911", "80000 a ended",
          "80000 b DO hangup"}},
        {"keys wait for a beep, no sooner than the pause",
         {at(0, "t",
             TransferTo("911").ext("7").pause(1).wait(
                 wait_for(CueKind::beep, 0, 5000, WaitFor::Fallback::fail))),
          at(8000, answered(Leg::b)), at(12000, fact(Fact::Kind::beep_detected, Leg::b)), until(30000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "8000 b answered",
          "8000 b t/2 begins wait", "16000 b t/2 completed wait 8000-16000",
          "16000 b t/3 plans dtmf at queue 16000+0: 7 16000-17600", "16000 b t/3 tone 0: 7 16000-17600",
          "17600 b t/3 completed dtmf 16000-17600", "17600 b t/4 DO bridge", "17600 a t completed 0-17600",
          "17600 a SESSION transferred after 2.2 s, recording to 17600, to 911"}},
        {"no beep: given up, the caller goes on",
         {at(0, "t",
             TransferTo("911").ext("7").pause(1).wait(
                 wait_for(CueKind::beep, 0, 2000, WaitFor::Fallback::fail))),
          at(10, "s", say("Nobody there.")), at(8000, answered(Leg::b)), until(50000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "10 a s accepted",
          "8000 b answered", "8000 b t/2 begins wait", "24000 b t/2 failed wait 8000-24000",
          "24000 b DO hangup", "24000 a t failed in wait: wait_timeout, alive, retryable",
          "24000 b t/3 cancelled dtmf 24000-24000", "24800 a s started",
          "24800 a s/1 begins prompt 'Nobody there.'", "32800 a s/1 completed prompt 24800-32800",
          "32800 a s completed 24800-32800"}},
    });
}

TEST(CallFacts, TransferBySip) {
    check_calls({
        {"INVITE after the pause, with the header",
         {at(0, "t", TransferTo("frontdesk").domain("pbx.example.com").ext("4673").pause(2)),
          at(20000, fact(Fact::Kind::leg_ringing, Leg::b)), at(24000, answered(Leg::b)), until(30000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 begins silence",
          "16000 a t/1 completed silence 0-16000",
          "16000 a t/2 DO sip_invite sip:frontdesk@pbx.example.com X-Extension: 4673", "20000 b ringing",
          "24000 b answered", "24000 b t/3 DO bridge", "24000 a t completed 0-24000",
          "24000 a SESSION transferred after 3 s, recording to 24000, to sip:frontdesk@pbx.example.com"}},
        {"REFER: 202 is no success, the NOTIFY's 200 is",
         {at(0, "t", refer()), at(10, "s", say("Hello?")), at(100, sip(202)), at(200, notify(100)),
          at(300, notify(180)), at(350, notify(202)), at(400, notify(200)), at(500, notify(200)),
          at(600, ended(Leg::a)), until(10000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO sip_refer sip:101@pbx", "10 a s accepted",
          "350 a ignored refer.notify: only 200 tells that the transfer is done", "400 a t completed 0-400",
          "400 a t DO hangup", "400 a s/1 cancelled prompt 400-400", "400 a s cancelled call_transferred",
          "400 a SESSION transferred after 0.05 s, recording to 400, to sip:101@pbx",
          "500 a ignored refer.notify: no REFER waits for it", "600 a ended"}},
        {"REFER: busy, and on it goes",
         {at(0, "t", refer()), at(10, "s", say("They are busy.")), at(100, sip(202)), at(400, notify(486)),
          until(10000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO sip_refer sip:101@pbx", "10 a s accepted",
          "400 a t failed in refer: sip_busy 486, alive, retryable", "400 a s started",
          "400 a s/1 begins prompt 'They are busy.'", "8400 a s/1 completed prompt 400-8400",
          "8400 a s completed 400-8400"}},
        {"REFER: refused",
         {at(0, "t", refer()), at(100, sip(603)), until(10000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO sip_refer sip:101@pbx",
          "100 a t failed in refer: sip_declined 603, alive"}},
        {"REFER: nobody tells; too late is too late",
         {at(0, "t", refer()), at(100, sip(202)), at(300000, notify(200)), until(300001)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO sip_refer sip:101@pbx",
          "256000 a t failed in refer: refer_no_notify, alive, retryable",
          "300000 a ignored refer.notify: no REFER waits for it"}},
        {"REFER: no leg of ours answers",
         {at(0, "t", refer()), at(100, answered(Leg::b)), at(200, ended(Leg::b)), until(300)},
         {"0 a t accepted", "0 a t started", "0 a t/1 DO sip_refer sip:101@pbx",
          "100 b ignored leg.answered: leg b was not dialled, or has been answered already",
          "200 b ignored leg.ended: leg b is not there"}},
    });
}

struct FailureRow {
    Fact fact;
    std::string end;
};

TEST(CallFacts, FailuresToReachSomebody) {
    using Reason = Fact::Reason;
    const std::vector<FailureRow> rows{
        {sip(486), "sip_busy 486, alive, retryable"},
        {sip(600), "sip_busy 600, alive, retryable"},
        {sip(603), "sip_declined 603, alive"},
        {sip(403), "sip_declined 403, alive"},
        {sip(607), "sip_declined 607, alive"},
        {sip(408), "no_answer 408, alive, retryable"},
        {sip(480), "no_answer 480, alive, retryable"},
        {sip(487), "no_answer 487, alive, retryable"},
        {sip(404), "sip_failed 404, alive"},
        {sip(302), "sip_failed 302, alive"},
        {sip(503), "sip_failed 503, alive, retryable"},
        {sip(501), "sip_failed 501, alive"},
        {sip(513), "sip_failed 513, alive"},
        {ended(Leg::b, Reason::busy), "sip_busy, alive, retryable"},
        {ended(Leg::b, Reason::declined), "sip_declined, alive"},
        {ended(Leg::b, Reason::no_answer), "no_answer, alive, retryable"},
        {ended(Leg::b, Reason::failed), "sip_failed, alive, retryable"},
        {ended(Leg::b, Reason::hangup), "no_answer, alive, retryable"},
    };
    for (const FailureRow& row : rows) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "t", TransferTo("911")), at(100, row.fact)});
        EXPECT_EQ(call.told().back(), "100 a t failed in dial: " + row.end);
        // Nothing is left to hang up, and no other transfer is accepted.
        call.run({at(200, "u", TransferTo("911")), at(300, answered(Leg::b)), until(400)});
        EXPECT_EQ(call.state().phase, CallPhase::transferred) << row.end;
        EXPECT_EQ(first_breach(call), "");
    }
}

TEST(CallFacts, NobodyAnswers) {
    check_calls({
        {"in time; then too late, then again",
         {at(0, "t", TransferTo("911")), at(100, fact(Fact::Kind::leg_ringing, Leg::b)),
          at(240100, answered(Leg::b)), at(240200, ended(Leg::b)), at(240300, "u", TransferTo("911")),
          at(240400, answered(Leg::b)), until(240500)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "100 b ringing",
          "240000 b t DO hangup", "240000 a t failed in dial: no_answer, alive, retryable",
          "240100 b ignored leg.answered: leg b was told to hang up: the attempt was given up",
          "240200 b ended", "240300 a u accepted not_e164", "240300 a u started", "240300 a u/1 DO dial 911",
          "240400 b answered", "240400 b u/2 DO bridge", "240400 a u completed 240300-240400",
          "240400 a SESSION transferred after 30.05 s, recording to 240400, to 911"}},
        {"what is asked for later goes on",
         {at(0, "t", TransferTo("911")), at(10, "k", Click("1")), at(20, "u", TransferTo("112")),
          at(100, sip(486)), until(10000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "10 a k accepted",
          "20 a u rejected transfer_in_progress", "100 b ended",
          "100 a t failed in dial: sip_busy 486, alive, retryable", "100 a k started",
          "100 a k/1 plans dtmf at queue 100+0: 1 100-1700", "100 a k/1 tone 0: 1 100-1700",
          "1700 a k/1 completed dtmf 100-1700", "1700 a k completed 100-1700"}},
        {"long words are heard to their end, then somebody is called",
         {at(0, "t", TransferTo("+15303195426").says("Hold on.")), until(300000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 begins prompt 'Hold on.'",
          "290000 a t/1 completed prompt 0-290000", "290000 a t/2 DO dial +15303195426"},
         {},
         {{"Hold on.", 290000}}},
    });
}

/// For each stage of a transfer: the last line about it, and whether leg b was hung up.
struct StageRow {
    SampleIndex when;
    std::string stage;
};

TEST(CallFacts, TheCallerHangsUpInEachStage) {
    for (const auto& [when, stage] : std::vector<StageRow>{
             {4000, "message"}, {12000, "dial"}, {30000, "extension"}, {36100, "extension"}}) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "t", whole()), at(10, "s", say("Later."))});
        if (when > 20000) {
            call.run(at(20000, answered(Leg::b)));
        }
        call.run({at(when, ended(Leg::a)), until(200000)});
        const std::string sample = std::to_string(when);
        EXPECT_EQ(
            std::ranges::count(call.told(), sample + " a t failed in " + stage + ": remote_hangup, gone"), 1)
            << stage;
        EXPECT_EQ(std::ranges::count(call.told(), sample + " a s cancelled remote_hangup"), 1) << stage;
        EXPECT_EQ(std::ranges::count(call.told(), sample + " b DO hangup"), stage == "message" ? 0 : 1)
            << stage;
        EXPECT_EQ(first_breach_at_end(call), "") << stage;
    }
    // Not begun: cancelled like everything that waits.
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "s", say("Wait.")), at(1, "t", whole()), at(2, ended(Leg::a))});
    EXPECT_EQ(std::ranges::count(call.told(), "2 a t cancelled remote_hangup"), 1);
    EXPECT_EQ(first_breach_at_end(call), "");
}

TEST(CallFacts, LegBHangsUpInEachStage) {
    for (const auto& [when, stage] :
         std::vector<StageRow>{{12000, "dial"}, {30000, "extension"}, {36100, "extension"}}) {
        CallScript call;
        call.run({at(0, answered(Leg::a)), at(0, "t", whole()), at(10, "s", say("Nobody there."))});
        if (when > 20000) {
            call.run(at(20000, answered(Leg::b)));
        }
        call.run({at(when, ended(Leg::b)), until(200000)});
        const std::string code = when > 20000 ? "remote_hangup" : "no_answer";
        EXPECT_EQ(std::ranges::count(call.told(), std::to_string(when) + " a t failed in " + stage + ": " +
                                                      code + ", alive, retryable"),
                  1)
            << stage;
        EXPECT_EQ(std::ranges::count(call.told(), std::to_string(when + 8000) + " a s completed " +
                                                      std::to_string(when) + "-" +
                                                      std::to_string(when + 8000)),
                  1)
            << stage;
        call.run(at(200000, ended(Leg::a)));
        EXPECT_EQ(first_breach_at_end(call), "") << stage;
    }
}

TEST(CallFacts, EndingDuringATransfer) {
    check_calls({
        {"gracefully: it is tried first; it succeeds",
         {at(0, "t", TransferTo("911")), at(100, "e", end_call()), at(8000, answered(Leg::b)), until(20000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "100 a e accepted",
          "8000 b answered", "8000 b t/2 DO bridge", "8000 a t completed 0-8000",
          "8000 a SESSION transferred after 1 s, recording to 8000, to 911",
          "8000 a e/1 cancelled silence 8000-8000", "8000 a e cancelled call_transferred"}},
        {"gracefully: it fails, then the call ends",
         {at(0, "t", TransferTo("911")), at(100, "e", end_call()), at(8000, sip(486)), until(20000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "100 a e accepted",
          "8000 b ended", "8000 a t failed in dial: sip_busy 486, alive", "8000 a e started",
          "8000 a e/1 begins silence", "12000 a e/1 completed silence 8000-12000", "12000 a e/2 DO hangup",
          "12000 a e completed 8000-12000", "12000 a SESSION over after 1.5 s, recording to 12000"}},
        {"at once: both legs",
         {at(0, "t", whole()), at(20000, answered(Leg::b)), at(36100, "e", end_now()), until(60000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 begins prompt 'Hold on.'",
          "8000 a t/1 completed prompt 0-8000", "8000 a t/2 DO dial +15303195426", "20000 b answered",
          "36000 b t/3 plans dtmf at answered 20000+16000: 2 36000-37600 2 38400-40000", "36100 a e accepted",
          "36100 b t DO hangup", "36100 a e started", "36100 a e/1 DO hangup",
          "36100 a e completed 36100-36100", "36000 b t/3 tone 0: 2 36000-36140 cut",
          "36140 b t/3 cancelled dtmf 36000-36140", "36100 a t cancelled superseded lost 3860",
          "36100 a SESSION over after 4.5125 s, recording to 36100"}},
    });
}

/// The same fact, with the attempt that it belongs to.
Fact about(Fact fact, std::string attempt) {
    fact.attempt = std::move(attempt);
    return fact;
}

TEST(CallFacts, TheyAreAboutOneAttempt) {
    const auto no_answer = std::vector<std::string>{"0 a t accepted", "0 a t started",
                                                    "0 a t/1 DO dial +15303195426", "240000 b t DO hangup",
                                                    "240000 a t failed in dial: no_answer, alive, retryable"};
    const auto then = [&](std::vector<std::string> lines) {
        std::vector<std::string> all = no_answer;
        all.insert(all.end(), lines.begin(), lines.end());
        return all;
    };
    const auto first = at(0, "t", TransferTo("+15303195426"));
    const auto second = at(240800, "u", TransferTo("+14155550000"));
    check_calls({
        {"without a name, the second waits for the end of the first",
         {first, second, at(241600, answered(Leg::b)), at(242400, ended(Leg::b)),
          at(250000, answered(Leg::b)), until(260000)},
         then({"240800 a u accepted", "240800 a u started",
               "241600 b ignored leg.answered: leg b was told to hang up: the attempt was given up",
               "242400 b ended", "242400 a u/2 DO dial +14155550000", "250000 b answered",
               "250000 b u/3 DO bridge", "250000 a u completed 240800-250000",
               "250000 a SESSION transferred after 31.25 s, recording to 250000, to +14155550000"})},
        {"the end is a final response",
         {first, second, at(241600, sip(487)), until(242000)},
         then({"240800 a u accepted", "240800 a u started", "241600 b ended",
               "241600 a u/2 DO dial +14155550000"})},
        {"it waits no longer than 5 s",
         {first, second, until(290000)},
         then({"240800 a u accepted", "240800 a u started", "280800 a u/2 DO dial +14155550000"})},
    });
    // With named attempts, nothing waits, and facts about another attempt are reported as ignored.
    CallScript call;
    call.run({at(0, answered(Leg::a)), first, at(800, about(fact(Fact::Kind::leg_ringing, Leg::b), "t/1")),
              second, at(240900, about(answered(Leg::b), "t/1")), at(241100, about(answered(Leg::b), "u/1")),
              until(242000)});
    const std::vector<std::string> told(call.told().begin() + 7, call.told().end());
    EXPECT_EQ(told,
              (std::vector<std::string>{
                  "240800 a u accepted", "240800 a u started", "240800 a u/1 DO dial +14155550000",
                  "240900 b ignored leg.answered: it is about another attempt, t/1", "241100 b answered",
                  "241100 b u/2 DO bridge", "241100 a u completed 240800-241100",
                  "241100 a SESSION transferred after 30.1375 s, recording to 241100, to +14155550000"}));
}

TEST(CallFacts, AConnectionWaitsForTheHostsSpeech) {
    Fact speech = fact(Fact::Kind::prompt_queued);
    speech.length = Milliseconds{3000};
    check_calls({
        {"queued while it rings, and while the extension is keyed",
         {at(0, "t", TransferTo("911")), at(4000, speech), at(8000, answered(Leg::b)),
          at(28000, fact(Fact::Kind::prompt_drained)), until(40000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "8000 b answered",
          "28000 b t/2 DO bridge", "28000 a t completed 0-28000",
          "28000 a SESSION transferred after 3.5 s, recording to 28000, to 911"}},
        {"15 s beyond its end at the latest",
         {at(0, "t", TransferTo("911")), at(4000, speech), at(8000, answered(Leg::b)), until(200000)},
         {"0 a t accepted not_e164", "0 a t started", "0 a t/1 DO dial 911", "8000 b answered",
          "148000 b t/2 DO bridge", "148000 a t completed 0-148000",
          "148000 a SESSION transferred after 18.5 s, recording to 148000, to 911"}},
    });
}

// However a key is cut, it is reported, with how much was lost.
TEST(CallFacts, AKeyThatWentOutIsTold) {
    check_calls({
        {"on leg b, when the caller hangs up",
         {at(0, "t", whole()), at(20000, answered(Leg::b)), at(38500, ended(Leg::a)), until(50000)},
         {"0 a t accepted", "0 a t started", "0 a t/1 begins prompt 'Hold on.'",
          "8000 a t/1 completed prompt 0-8000", "8000 a t/2 DO dial +15303195426", "20000 b answered",
          "36000 b t/3 plans dtmf at answered 20000+16000: 2 36000-37600 2 38400-40000",
          "36000 b t/3 tone 0: 2 36000-37600", "38500 a ended", "38400 b t/3 tone 1: 2 38400-38540 cut",
          "38540 b t/3 cancelled dtmf 36000-38540", "38500 a t failed in extension: remote_hangup, gone",
          "38500 b DO hangup", "38500 a SESSION over after 4.8125 s, recording to 38500"}},
        {"on leg a, when the caller hangs up",
         {at(0, "k", Click("123")), at(2500, ended(Leg::a)), until(9000)},
         {"0 a k accepted", "0 a k started",
          "0 a k/1 plans dtmf at queue 0+0: 1 0-1600 2 2400-4000 3 4800-6400", "0 a k/1 tone 0: 1 0-1600",
          "2500 a ended", "2400 a k/1 tone 1: 2 2400-2540 cut", "2540 a k/1 cancelled dtmf 0-2540",
          "2500 a k cancelled remote_hangup lost 3860",
          "2500 a SESSION over after 0.3125 s, recording to 2500"}},
        {"between two keys",
         {at(0, "k", Click("123")), at(2000, ended(Leg::a)), until(9000)},
         {"0 a k accepted", "0 a k started",
          "0 a k/1 plans dtmf at queue 0+0: 1 0-1600 2 2400-4000 3 4800-6400", "0 a k/1 tone 0: 1 0-1600",
          "2000 a ended", "2000 a k/1 cancelled dtmf 0-2000", "2000 a k cancelled remote_hangup lost 4400",
          "2000 a SESSION over after 0.25 s, recording to 2000"}},
    });
}

TEST(CallFacts, OneTransferAtATime) {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "t", TransferTo("911")), at(10, "u", TransferTo("112")),
              at(20, "v", TransferRequest{"+15303195426"}), at(30, "k", Click("1").now())});
    EXPECT_EQ(std::ranges::count(call.told(), "10 a u rejected transfer_in_progress"), 1);
    EXPECT_EQ(std::ranges::count(call.told(), "20 a v rejected transfer_in_progress"), 1);
    EXPECT_EQ(call.told().back(), "30 a k rejected transfer_in_progress");
}

TEST(CallFacts, AnAnswerBeforeTheDiallingIsNone) {
    check_calls({
        {"nor a busy signal: the transfer is still queued",
         {at(0, "s", say("Wait.")), at(10, "t", TransferTo("911")), at(100, answered(Leg::b)),
          at(200, sip(486)), at(300, sip(180)), until(9000)},
         {"0 a s accepted", "0 a s started", "0 a s/1 begins prompt 'Wait.'", "10 a t accepted not_e164",
          "100 b ignored leg.answered: leg b was not dialled, or has been answered already",
          "200 b ignored sip.response: nothing waits for a response",
          "300 b ignored sip.response: nothing waits for a response", "8000 a s/1 completed prompt 0-8000",
          "8000 a s completed 0-8000", "8000 a t started", "8000 a t/1 DO dial 911"}},
    });
}

// A bridge that the audio side made while the transfer was given up: the legs are disconnected again.
TEST(CallFacts, GivesABridgeUpThatCameTooLate) {
    CallScript call;
    call.hold_reports(true);
    call.run({at(0, answered(Leg::a)), at(0, "t", TransferTo("911")), until(1)});
    call.deliver();
    call.run({at(100, answered(Leg::b)), until(200)}); // bridged, and not reported yet
    call.run(at(200, ended(Leg::b)));
    EXPECT_EQ(call.told().back(), "200 a t failed in bridge: remote_hangup, alive, retryable");
    const auto told =
        lines(call.preview(at(200, op_report(MediaReport::Kind::op_completed, {1, 2}, Leg::b, 100, 100))));
    EXPECT_EQ(told, (std::vector<std::string>{"cue a leave at 100", "cue b leave at 100"}));
    call.deliver();
    EXPECT_EQ(call.state().phase, CallPhase::in_progress);
}

TEST(CallFacts, ThoseThatFitNothingAreTold) {
    CallScript call;
    call.run(at(0, answered(Leg::a)));
    const auto told = [&](Fact what) {
        const auto all = lines(call.preview(at(0, what)));
        return all.size() == 1 ? all.front() : "";
    };
    const std::string not_dialled = "leg b was not dialled, or has been answered already";
    EXPECT_EQ(told(answered(Leg::a)), "0 a ignored leg.answered: leg a has been answered already");
    EXPECT_EQ(told(answered(Leg::b)), "0 b ignored leg.answered: " + not_dialled);
    EXPECT_EQ(told(ended(Leg::b)), "0 b ignored leg.ended: leg b is not there");
    EXPECT_EQ(told(fact(Fact::Kind::leg_ringing)),
              "0 a ignored leg.ringing: leg a has been answered already");
    EXPECT_EQ(told(fact(Fact::Kind::leg_early_media, Leg::b)), "0 b ignored leg.early_media: " + not_dialled);
    EXPECT_EQ(told(sip(486)), "0 b ignored sip.response: nothing waits for a response");
    EXPECT_EQ(told(sip(180)), "0 b ignored sip.response: nothing waits for a response");
    EXPECT_EQ(told(notify(200)), "0 a ignored refer.notify: no REFER waits for it");
    EXPECT_EQ(told(fact(Fact::Kind::prompt_drained)),
              "0 a ignored prompt.drained: no speech of the host's is queued");
    EXPECT_EQ(told(fact(Fact::Kind::prompt_queued, Leg::b)),
              "0 b ignored prompt.queued: speech is for leg a");
    // A tone that is detected opens gates that wait for a tone, and never the one that waits for an answer.
    Fact tone = fact(Fact::Kind::tone_detected);
    EXPECT_EQ(told(tone), "cue a pass dial_tone at 0");
    tone.tone = CueKind::answered;
    EXPECT_EQ(told(tone), "0 a ignored tone.detected: the tone is dial_tone, beep, silence or ringback_end");
    EXPECT_EQ(told(fact(Fact::Kind::beep_detected, Leg::b)), "cue b pass beep at 0");
    EXPECT_EQ(told(fact(Fact::Kind::speech_ended)), "cue a pass prompt_end at 0");

    call.run(at(0, "k", Click("1")));
    call.run(at(0, ended(Leg::a)));
    for (int kind = 0; kind <= static_cast<int>(Fact::Kind::beep_detected); ++kind) {
        const std::string line = told(fact(static_cast<Fact::Kind>(kind)));
        EXPECT_TRUE(line.ends_with(": the call is over")) << line;
    }
}

TEST(CallFacts, ACallThatIsNotAnswered) {
    CallScript call;
    call.run({at(0, fact(Fact::Kind::leg_ringing)), at(10, fact(Fact::Kind::leg_early_media)),
              at(20, ended(Leg::a)), at(30, answered(Leg::a))});
    EXPECT_EQ(call.told(), (std::vector<std::string>{"0 a ringing", "10 a early_media", "20 a ended",
                                                     "30 a ignored leg.answered: the call is over"}));
}

} // namespace
} // namespace keytone::test
