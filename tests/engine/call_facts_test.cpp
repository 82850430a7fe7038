// SPDX-License-Identifier: MIT
//
// What the media server says happened: transfers from the first word to the bridge, and all that can come
// between.
#include "tests/support/call_table.hpp"

namespace keytone::test {
namespace {

/// A transfer with all its stages: words until 8000, dialled there; answered at 20000, keys at 36000 and
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
         {"@fill contract"}},
        {"words first; what is asked for later is cancelled",
         {at(0, "t", whole()), at(10, "s", say("Are you there?")), at(11, "k", Click("1")),
          at(20000, answered(Leg::b)), until(50000)},
         {"@fill whole"}},
        {"after the bridge: refused; b leaves, a is hung up",
         {at(0, "t", TransferTo("911")), at(8000, answered(Leg::b)), at(9000, "s", say("Hello?")),
          at(9001, "u", TransferTo("911")), at(9002, "e", end_call()), at(80000, ended(Leg::b)),
          at(80001, "f", end_call()), at(80002, answered(Leg::b)), until(90000)},
         {"@fill after the bridge"}},
        {"after the bridge: a leaves, b is hung up",
         {at(0, "t", TransferTo("911")), at(8000, answered(Leg::b)), at(80000, ended(Leg::a)), until(90000)},
         {"@fill a after the bridge"}},
        {"keys wait for a beep, no sooner than the pause",
         {at(0, "t",
             TransferTo("911").ext("7").pause(1).wait(
                 wait_for(CueKind::beep, 0, 5000, WaitFor::Fallback::fail))),
          at(8000, answered(Leg::b)), at(12000, fact(Fact::Kind::beep_detected, Leg::b)), until(30000)},
         {"@fill beep"}},
        {"no beep: given up, the caller goes on",
         {at(0, "t",
             TransferTo("911").ext("7").pause(1).wait(
                 wait_for(CueKind::beep, 0, 2000, WaitFor::Fallback::fail))),
          at(10, "s", say("Nobody there.")), at(8000, answered(Leg::b)), until(50000)},
         {"@fill no beep"}},
    });
}

TEST(CallFacts, TransferBySip) {
    check_calls({
        {"INVITE after the pause, with the header",
         {at(0, "t", TransferTo("frontdesk").domain("pbx.example.com").ext("4673").pause(2)),
          at(20000, fact(Fact::Kind::leg_ringing, Leg::b)), at(24000, answered(Leg::b)), until(30000)},
         {"@fill invite"}},
        {"REFER: 202 is no success, the NOTIFY's 200 is",
         {at(0, "t", refer()), at(10, "s", say("Hello?")), at(100, sip(202)), at(200, notify(100)),
          at(300, notify(180)), at(350, notify(202)), at(400, notify(200)), at(500, notify(200)),
          at(600, ended(Leg::a)), until(10000)},
         {"@fill refer"}},
        {"REFER: busy, and on it goes",
         {at(0, "t", refer()), at(10, "s", say("They are busy.")), at(100, sip(202)), at(400, notify(486)),
          until(10000)},
         {"@fill refer busy"}},
        {"REFER: refused", {at(0, "t", refer()), at(100, sip(603)), until(10000)}, {"@fill refer refused"}},
        {"REFER: nobody tells; too late is too late",
         {at(0, "t", refer()), at(100, sip(202)), at(300000, notify(200)), until(300001)},
         {"@fill refer silent"}},
        {"REFER: no leg of ours answers",
         {at(0, "t", refer()), at(100, answered(Leg::b)), at(200, ended(Leg::b)), until(300)},
         {"@fill refer b"}},
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
        // Nothing is left to hang up, and another may be tried.
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
         {"@fill no answer"}},
        {"what is asked for later goes on",
         {at(0, "t", TransferTo("911")), at(10, "k", Click("1")), at(20, "u", TransferTo("112")),
          at(100, sip(486)), until(10000)},
         {"@fill goes on"}},
        {"the words take too long: nobody is called",
         {at(0, "t", whole()), at(10, "k", Click("1")), until(200000)},
         {"@fill drain timeout"},
         {},
         {{"Hold on.", 130000}}},
    });
}

/// In each stage of a transfer: the last line about it, and whether leg b was hung up.
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
    // Not begun: cancelled like all that waits.
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
         {"@fill end queued, bridged"}},
        {"gracefully: it fails, then the call ends",
         {at(0, "t", TransferTo("911")), at(100, "e", end_call()), at(8000, sip(486)), until(20000)},
         {"@fill end queued, failed"}},
        {"at once: both legs",
         {at(0, "t", whole()), at(20000, answered(Leg::b)), at(36100, "e", end_now()), until(60000)},
         {"@fill end now in transfer"}},
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
         {"@fill too early"}},
    });
}

// A bridge that the audio side made while it was given up: parted again.
TEST(CallFacts, GivesABridgeUpThatCameTooLate) {
    CallScript call;
    call.hold_reports(true);
    call.run({at(0, answered(Leg::a)), at(0, "t", TransferTo("911")), until(1)});
    call.deliver();
    call.run({at(100, answered(Leg::b)), until(200)}); // bridged, and not told yet
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
    // A tone that is heard opens what waits for a tone, and never the gate that waits for an answer.
    Fact tone = fact(Fact::Kind::tone_detected);
    EXPECT_EQ(told(tone), "cue a pass dial_tone at 0");
    tone.tone = CueKind::answered;
    EXPECT_EQ(told(tone), "0 a ignored tone.detected: the tone is dial_tone, beep or silence");
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
