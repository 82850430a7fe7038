// SPDX-License-Identifier: MIT
//
// Who answers, and call progress, on a leg: heard only where somebody needs it.
#include "engine/media/call_hearing.hpp"
#include "tests/engine/media/pipeline_run.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;

/// Something like words: noise, each 120 ms of it of another level.
Signal words(double ms) {
    Signal signal;
    for (std::uint64_t i = 0; signal.size() < sample_count(ms, rate_hz); ++i) {
        append(signal,
               white_noise(sample_count(120, rate_hz), -14.0 - 6.0 * static_cast<double>(i % 3), 7 + i));
    }
    signal.resize(sample_count(ms, rate_hz));
    return signal;
}

Signal beep() {
    Signal signal(sample_count(400, rate_hz));
    for (std::size_t i = 0; i < signal.size(); ++i) {
        signal[i] = std::sin(2.0 * std::numbers::pi * 1000.0 * static_cast<double>(i) / rate_hz);
    }
    return at_level(signal, -15.0);
}

/// Half a second of silence, a greeting, and silence.
std::vector<std::int16_t> greeting(double ms, bool beeps = false) {
    Signal signal(sample_count(500, rate_hz));
    append(signal, words(ms));
    append_silence(signal, sample_count(800, rate_hz));
    if (beeps) {
        append(signal, beep());
    }
    append_silence(signal, sample_count(3000, rate_hz));
    return to_pcm16(signal);
}

MediaOp op(std::uint32_t index, decltype(MediaOp::what) what, SampleIndex not_before = 0) {
    return {{1, index}, 0, not_before, what};
}

Gate who(std::optional<AnsweredBy> by = std::nullopt, bool fails = false) {
    Gate gate{CueKind::answered_by, true, fails, 0, 80000};
    gate.by = by;
    return gate;
}

MediaCue attend(CueKind what, SampleIndex at) {
    return {MediaCue::Kind::attend, what, {}, at};
}

/// The reports that are about who answered and about gates.
std::vector<std::string> told(const std::vector<std::int16_t>& heard, std::vector<MediaOp> ops,
                              std::vector<MediaCue> cues, std::size_t block = 160) {
    LegProgram program;
    program.ops = std::move(ops);
    program.cues = std::move(cues);
    program.heard = heard;
    program.agent.resize(heard.size());
    auto lines = texts(run(program, [block] { return block; }).reports);
    std::erase_if(lines, [](const std::string& line) {
        return line.starts_with("sound") || line.find("started") != std::string::npos;
    });
    return lines;
}

using Lines = std::vector<std::string>;

TEST(CallHearing, NobodyListensUnlessItIsNeeded) {
    EXPECT_EQ(told(greeting(600), {}, {}), Lines{});
    EXPECT_EQ(told(greeting(600), {}, {attend(CueKind::ringback_end, 0)}), Lines{})
        << "call progress alone needs nobody who answers";
}

TEST(CallHearing, TellsWhoAnsweredOnTheLegsClock) {
    const Lines human = told(greeting(600), {}, {attend(CueKind::answered_by, 0)});
    ASSERT_EQ(human.size(), 1U);
    EXPECT_TRUE(human[0].starts_with("answered by human 40")) << human[0];
    const Lines machine = told(greeting(4000), {}, {attend(CueKind::answered_by, 0)});
    ASSERT_EQ(machine.size(), 1U);
    EXPECT_TRUE(machine[0].starts_with("answered by machine 40")) << machine[0];
    // The answer is where it is attended to: what came before does not count.
    const Lines late = told(greeting(4000), {}, {attend(CueKind::answered_by, 4000 + 8 * 3600)});
    ASSERT_EQ(late.size(), 1U);
    EXPECT_TRUE(late[0].starts_with("answered by human 328")) << late[0];
}

TEST(CallHearing, EndsWhereTheLegsAreConnected) {
    EXPECT_EQ(told(greeting(4000), {op(1, Bridge{}, 8000)}, {attend(CueKind::answered_by, 0)}),
              (Lines{"1/1 bridged 8000", "1/1 completed 8000-8000"}));
}

TEST(CallHearing, OpensTheGateThatWaitsForIt) {
    const Lines any = told(greeting(600), {op(1, who())}, {});
    ASSERT_EQ(any.size(), 2U);
    EXPECT_TRUE(any[0].starts_with("answered by human"));
    const std::string known = any[0].substr(any[0].rfind('-') + 1);
    EXPECT_EQ(any[1], "1/1 completed 0-" + known) << "at the end of the frame in which it is known";
    const Lines right = told(greeting(600), {op(1, who(AnsweredBy::human, true))}, {});
    EXPECT_EQ(right, any);
}

TEST(CallHearing, SomebodyElseEndsTheWait) {
    const Lines fails = told(greeting(600), {op(1, who(AnsweredBy::machine, true))}, {});
    ASSERT_EQ(fails.size(), 2U);
    const std::string known = fails[0].substr(fails[0].rfind('-') + 1);
    EXPECT_EQ(fails[1], "1/1 failed 0-" + known);
    const Lines goes_on = told(greeting(600), {op(1, who(AnsweredBy::machine, false))}, {});
    EXPECT_EQ(goes_on.back(), "1/1 completed 0-" + known + " expired");
}

TEST(CallHearing, WhatTheHostKnowsOpensAndEndsTheWait) {
    MediaCue pass{MediaCue::Kind::pass, CueKind::answered_by, {}, 100};
    pass.by = AnsweredBy::machine;
    EXPECT_EQ(told(greeting(0), {op(1, who(AnsweredBy::machine, true))}, {pass}),
              Lines{"1/1 completed 0-100"});
    EXPECT_EQ(told(greeting(0), {op(1, who(AnsweredBy::human, true))}, {pass}), Lines{"1/1 failed 0-100"});
    // Also before the wait began.
    EXPECT_EQ(told(greeting(0), {op(1, who(AnsweredBy::machine, true), 500)}, {pass}),
              Lines{"1/1 completed 500-500"});
    EXPECT_EQ(told(greeting(0), {op(1, who(AnsweredBy::human, true), 500)}, {pass}),
              Lines{"1/1 failed 500-500"});
}

// A beep may be what tells that it is a machine: then the wait for it comes too late.
TEST(CallHearing, ABeepIsRememberedWhereTheGateSaysSo) {
    const auto gate = [](bool remembers) {
        Gate beep{CueKind::beep, true, false, 0, 8000};
        beep.heard_since = 1;
        beep.remembers = remembers;
        return beep;
    };
    const auto heard = greeting(600, true);
    const SampleIndex after = 8 * (500 + 600 + 800 + 400 + 300);
    EXPECT_EQ(told(heard, {op(1, gate(true), after)}, {}).back(),
              "1/1 completed " + std::to_string(after) + "-" + std::to_string(after));
    EXPECT_EQ(told(heard, {op(1, gate(false), after)}, {}).back(),
              "1/1 completed " + std::to_string(after) + "-" + std::to_string(after + 8000) + " expired");
    // Words after it: the machine has not beeped for ours.
    Signal talks_on = from_pcm16(heard);
    mix_into(talks_on, words(1000), static_cast<std::size_t>(after));
    const SampleIndex later = after + 8 * 1500;
    EXPECT_EQ(told(to_pcm16(talks_on), {op(1, gate(true), later)}, {}).back(),
              "1/1 completed " + std::to_string(later) + "-" + std::to_string(later + 8000) + " expired");
}

TEST(CallHearing, DoesNotDependOnTheBlocks) {
    const std::vector<MediaOp> ops{op(1, who(AnsweredBy::machine))};
    const std::vector<MediaCue> cues{attend(CueKind::answered_by, 77)};
    const Lines whole = told(greeting(4000, true), ops, cues);
    for (const std::size_t block : {1U, 7U, 80U, 333U, 8000U}) {
        EXPECT_EQ(told(greeting(4000, true), ops, cues, block), whole) << block;
    }
}

} // namespace
} // namespace keytone::test
