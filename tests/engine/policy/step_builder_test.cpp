// SPDX-License-Identifier: MIT
#include "engine/policy/step_builder.hpp"
#include "tests/support/call_script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytone::test {
namespace {

CallRules two_rates() {
    CallRules rules;
    rules.rate = {SampleRate::narrowband(), *SampleRate::from_hz(48000)};
    return rules;
}

TEST(StepBuilder, AMomentIsTheSameOnBothClocks) {
    const CallRules rules = two_rates();
    const Moment stated(rules, 2.5, {7, 9});
    EXPECT_EQ(stated.on(Leg::a), 20000);
    EXPECT_EQ(stated.on(Leg::b), 120000);
    const Moment now(rules, std::nullopt, {7, 9});
    EXPECT_EQ(now.on(Leg::a), 7);
    EXPECT_EQ(now.on(Leg::b), 9);
    EXPECT_EQ(now.no_sooner_than_now(Leg::b, 8), 9);
    EXPECT_EQ(now.no_sooner_than_now(Leg::b, 10), 10);

    const StepBuilder builder(rules, {});
    EXPECT_EQ(builder.translate(Leg::a, 80, Leg::b), 480);
    EXPECT_EQ(builder.translate(Leg::b, 480, Leg::a), 80);
    EXPECT_EQ(builder.translate(Leg::b, 483, Leg::a), 81); // half a sample rounds up
    EXPECT_EQ(builder.translate(Leg::b, 482, Leg::a), 80);
}

TEST(StepBuilder, NumbersActionsAndNamesThoseThatHaveNoName) {
    const CallRules rules;
    StepBuilder builder(rules, {});
    EXPECT_EQ(builder.add_action("x", "say").number, 1U);
    const Action& unnamed = builder.add_action("", "say");
    EXPECT_EQ(unnamed.number, 2U);
    EXPECT_EQ(unnamed.id, "auto-2");
    EXPECT_EQ(builder.find_action(1)->id, "x");
    EXPECT_EQ(builder.find_action(3), nullptr);
}

TEST(StepBuilder, AGateHearsNoSoonerThanBothPausesSay) {
    const WaitFor wait = wait_for(CueKind::beep, 500, 2000, WaitFor::Fallback::fail);
    const Gate alone = listen_gate(wait, SampleRate::narrowband(), Milliseconds{0}, 0);
    EXPECT_EQ(alone.min_length, 4000);
    EXPECT_EQ(alone.max_length, 16000);
    EXPECT_TRUE(alone.fail_on_expiry);
    EXPECT_TRUE(alone.listen);
    const Gate behind = listen_gate(wait, SampleRate::narrowband(), Milliseconds{3000}, 0);
    EXPECT_EQ(behind.min_length, 24000);
    EXPECT_EQ(behind.max_length, 24000);
}

TEST(StepBuilder, ConcludesAnActionThatHasNothingQueuedAtOnce) {
    const CallRules rules;
    StepBuilder builder(rules, {});
    builder.cancel(builder.add_action("x", "say"), 5, Code::superseded);
    EXPECT_EQ(lines(builder.step()), std::vector<std::string>{"5 a x cancelled superseded"});
    builder.cancel(*builder.find_action(1), 6, Code::truncated); // Not cancelled a second time.
    EXPECT_EQ(builder.step().outcomes.size(), 1U);
    builder.tidy();
    EXPECT_TRUE(builder.state().actions.empty());
}

TEST(StepBuilder, CompletesNothingThatWasNotStarted) {
    const CallRules rules;
    StepBuilder builder(rules, {});
    builder.complete(builder.add_action("x", "say"), 5);
    EXPECT_EQ(lines(builder.step()), (std::vector<std::string>{"5 a x started", "5 a x completed 5-5"}));
}

TEST(StepBuilder, ConcludesEverythingWhenLegAIsOver) {
    const CallRules rules = two_rates();
    StepBuilder builder(rules, {});
    Action& speaking = builder.add_action("s", "say");
    builder.queue(speaking, Leg::a, OpRole::speech, {0, 0},
                  SpeechOp{{"Hello.", std::nullopt, true}, unlimited});
    speaking.ops.back().begin = 10;
    Action& leaving = builder.add_action("k", "click_ivr");
    builder.queue(leaving, Leg::b, OpRole::keys, {0, 0}, Wait{0});
    builder.cancel(leaving, 20, Code::superseded);
    builder.add_action("e", "end_call").ends_call = true;
    Action& nameless = builder.add_action("", "prompt");
    nameless.anonymous = true;
    builder.queue(nameless, Leg::a, OpRole::host_speech, {0, 0}, Wait{0});
    builder.conclude_everything(30, Code::remote_hangup);
    EXPECT_EQ(lines(builder.step()),
              (std::vector<std::string>{"op a 1/1 from 0: prompt 'Hello.' within ever",
                                        "op b 2/1 from 0: wait 0", "op a 4/1 from 0: wait 0",
                                        "30 a s/1 cancelled prompt 10-30", "30 a s cancelled remote_hangup",
                                        "180 b k/1 cancelled dtmf 180-180", "30 a k cancelled superseded",
                                        "30 a e started", "30 a e completed 30-30 already_ended"}));
    builder.tidy();
    EXPECT_TRUE(builder.state().actions.empty());
}

TEST(StepBuilder, HangsUpOnlyWhoIsThere) {
    const CallRules rules;
    StepBuilder builder(rules, {});
    builder.hang_up(Leg::b, 1, nullptr);
    EXPECT_TRUE(builder.step().outcomes.empty());
    builder.state().legs[Leg::b] = LegPhase::dialled;
    builder.hang_up(Leg::b, 2, nullptr);
    builder.hang_up(Leg::b, 3, nullptr);
    EXPECT_EQ(lines(builder.step()), std::vector<std::string>{"2 b DO hangup"});
}

TEST(StepBuilder, EndsTheSessionOnce) {
    const CallRules rules;
    StepBuilder builder(rules, {});
    builder.state().phase = CallPhase::in_progress;
    builder.state().answered_at = 4000;
    builder.end_session(12000, CallPhase::transferred, "+15303195426");
    builder.end_session(20000, CallPhase::ended, std::nullopt);
    EXPECT_EQ(lines(builder.step()),
              std::vector<std::string>{
                  "12000 a SESSION transferred after 1 s, recording to 12000, to +15303195426"});
    EXPECT_EQ(builder.state().phase, CallPhase::ended);
}

TEST(StepBuilder, RemembersNoMoreThanItMay) {
    CallRules rules;
    rules.max_actions = 2;
    StepBuilder builder(rules, {});
    for (const char* id : {"a", "b", "c"}) {
        builder.complete(builder.add_action(id, "say"), 0);
    }
    EXPECT_EQ(builder.state().known.size(), 2U);
    for (int i = 0; i < 20; ++i) {
        builder.complete(builder.add_action("", "end_call"), 0);
    }
    EXPECT_EQ(builder.state().known.size(), 2U + reserved_ends);
}

} // namespace
} // namespace keytone::test
