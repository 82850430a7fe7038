// SPDX-License-Identifier: MIT
#include "engine/media/running_op.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone {
namespace {

MediaOp op(decltype(MediaOp::what) what) {
    return {.key = {3, 1}, .known_since = 40, .not_before = 0, .what = what};
}

TEST(RunningOp, APromptEndsByItselfOrFallsWhereItIsCut) {
    const std::vector<std::int16_t> samples(1000, 100);
    const PlayPrompt prompt{samples, 5000};
    RunningOp running(op(prompt), 200, PromptPlayer(prompt, 200, 40));
    EXPECT_EQ(running.end(), 1200);
    EXPECT_EQ(running.next_change(200), 1200);
    EXPECT_EQ(running.outcome(), MediaReport::Kind::op_completed);
    EXPECT_EQ(running.cut(500, CutScope::speech), RunningOp::Cut::falls);
    EXPECT_EQ(running.end(), 540);
    EXPECT_EQ(running.lost(), 660);
    EXPECT_EQ(running.outcome(), MediaReport::Kind::op_cancelled);
}

TEST(RunningOp, APromptThatIsTooLongWillFail) {
    const std::vector<std::int16_t> samples(1000, 100);
    const PlayPrompt prompt{samples, 600};
    const RunningOp running(op(prompt), 0, PromptPlayer(prompt, 0, 40));
    EXPECT_TRUE(running.will_fail());
    EXPECT_EQ(running.outcome(), MediaReport::Kind::op_failed);
    EXPECT_EQ(running.end(), 600);
}

TEST(RunningOp, TonesAreNoSpeech) {
    const auto keys =
        DtmfGenerator::create(*DigitString::parse("12"), {.tone = Milliseconds{50}, .gap = Milliseconds{50}},
                              SampleRate::narrowband());
    const SendTones tones{&*keys, 800};
    RunningOp running(op(tones), 100, TonePlayer(*keys, 100, 40));
    EXPECT_EQ(running.gap(), 800);
    EXPECT_EQ(running.next_change(100), 500);
    running.tones()->next_tone();
    EXPECT_EQ(running.next_change(500), 900);
    EXPECT_EQ(running.cut(600, CutScope::speech), RunningOp::Cut::untouched);
    EXPECT_EQ(running.lost(), 0);
    EXPECT_EQ(running.cut(600, CutScope::everything), RunningOp::Cut::falls);
    EXPECT_EQ(running.end(), 600); // between two tones there is nothing to fade out
}

TEST(RunningOp, AWaitForTheHostsSpeechBeginsAnewWithEveryWord) {
    RunningOp running(op(Wait{.length = 400, .after_speech = true}), 0, RunningWait{1000, 400});
    EXPECT_TRUE(running.has_expired(1000));
    running.set_speech(500, 2000, true);
    EXPECT_EQ(running.end(), 2000);
    running.set_speech(700, 0, true);
    EXPECT_EQ(running.end(), 1100);
    running.set_speech(800, 0, false); // the speech was over before
    EXPECT_EQ(running.end(), 1100);
    EXPECT_FALSE(running.has_expired(2000));
    EXPECT_EQ(running.cut(900, CutScope::speech), RunningOp::Cut::untouched);
    EXPECT_EQ(running.cut(900, CutScope::everything), RunningOp::Cut::ends);
}

TEST(RunningOp, AGatePlaysWhatTheCallerHearsMeanwhile) {
    const Prompt hold{SampleRate::narrowband(), {1, 2, 3}};
    Gate gate{.cue = CueKind::answered,
              .listen = false,
              .fail_on_expiry = true,
              .min_length = 0,
              .max_length = 8000};
    gate.hold = &hold;
    RunningOp running(op(gate), 10, GateWatch(gate, 10));
    EXPECT_EQ(running.end(), unlimited);
    EXPECT_EQ(running.next_change(10), 8010);
    std::vector<std::int16_t> sent(7, 10);
    running.send(sent, 14);
    EXPECT_EQ(sent, (std::vector<std::int16_t>{12, 13, 11, 12, 13, 11, 12}));
    ASSERT_NE(running.gate(), nullptr);
    EXPECT_EQ(running.tones(), nullptr);
    EXPECT_EQ(running.cut(20, CutScope::speech), RunningOp::Cut::untouched);
}

} // namespace
} // namespace keytone
