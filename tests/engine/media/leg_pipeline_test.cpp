// SPDX-License-Identifier: MIT
//
// At 8 kHz unless stated otherwise. Tones of 200 ms with gaps of 100 ms are 1600 and 800 samples; a fade is
// 40, the lead before a tone 320, the tail after it 480.
#include "engine/media/leg_pipeline.hpp"
#include "tests/engine/media/pipeline_run.hpp"
#include "tests/support/call_progress.hpp"
#include "tests/support/signal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <random>

namespace keytone {
namespace {

using test::LegOutcome;
using test::LegProgram;
using Lines = std::vector<std::string>;

DtmfGenerator tones(const char* digits, SampleRate rate = SampleRate::narrowband()) {
    return *DtmfGenerator::create(*DigitString::parse(digits),
                                  {.tone = Milliseconds{200}, .gap = Milliseconds{100}}, rate);
}

MediaOp op(std::uint32_t action, std::uint32_t index, decltype(MediaOp::what) what,
           SampleIndex not_before = 0, SampleIndex known_since = 0) {
    return {.key = {action, index}, .known_since = known_since, .not_before = not_before, .what = what};
}

Gate gate(CueKind kind, SampleCount min_length = 0, SampleCount max_length = unlimited,
          bool fail_on_expiry = true, bool listen = false) {
    return {kind, listen, fail_on_expiry, min_length, max_length};
}

Gate quiet(CueKind kind, SampleCount silence, SampleIndex heard_since) {
    Gate waits = gate(kind, 0, 90000, true, true);
    waits.silence = silence;
    waits.heard_since = heard_since;
    return waits;
}

MediaCue cue(MediaCue::Kind kind, CueKind what, SampleIndex at) {
    return {.kind = kind, .cue = what, .before = {}, .at = at};
}
MediaCue cut(OpKey before, SampleIndex at, MediaCue::Kind kind = MediaCue::Kind::cut) {
    return {.kind = kind, .cue = CueKind::drained, .before = before, .at = at};
}

std::vector<std::int16_t> constant(std::size_t count, std::int16_t level) {
    return std::vector<std::int16_t>(count, level);
}

struct Row {
    const char* name;
    std::vector<MediaOp> ops;
    std::vector<MediaCue> cues;
    Lines expected;
};

void check(const std::vector<Row>& rows, std::size_t length = 12000, std::int16_t agent = 0) {
    for (const Row& row : rows) {
        LegProgram program;
        program.ops = row.ops;
        program.cues = row.cues;
        program.agent = constant(length, agent);
        EXPECT_EQ(test::texts(test::run(program).reports), row.expected) << row.name;
    }
}

constexpr auto pass = MediaCue::Kind::pass;
constexpr auto refuse = MediaCue::Kind::refuse;

TEST(LegPipeline, OpsRunOneAfterTheOther) {
    const DtmfGenerator keys = tones("1*0");
    const DtmfGenerator trailing = tones("1w");
    const auto prompt = constant(1000, 100);
    const SendTones send{&keys, 800};
    check({
        {"digits after an anchor",
         {op(1, 0, send, 1000)},
         {},
         {"1/0 started 1000", "1/0 tone 0 1 1000-2600", "1/0 tone 1 * 3400-5000", "1/0 tone 2 0 5800-7400",
          "1/0 completed 1000-7400"}},
        {"each at the end of the one before",
         {op(1, 0, PlayPrompt{prompt, unlimited}, 100), op(1, 1, Wait{50}), op(2, 0, Wait{0}),
          op(2, 1, Wait{-5}), op(3, 0, PlayPrompt{prompt, 1000}, 500)},
         {},
         {"1/0 started 100", "1/0 completed 100-1100", "1/1 started 1100", "1/1 completed 1100-1150",
          "2/0 started 1150", "2/0 completed 1150-1150", "2/1 started 1150", "2/1 completed 1150-1150",
          "3/0 started 1150", "3/0 completed 1150-2150"}},
        {"a prompt and a tone keep the gap, a wait does not",
         {op(1, 0, SendTones{&trailing, 4100}), op(1, 1, Wait{1}), op(1, 2, PlayPrompt{prompt, unlimited})},
         {},
         {"1/0 started 0", "1/0 tone 0 1 0-1600", "1/0 completed 0-5600", "1/1 started 5600",
          "1/1 completed 5600-5601", "1/2 started 5700", "1/2 completed 5700-6700"}},
        {"an empty prompt",
         {op(1, 0, PlayPrompt{{}, unlimited}, 7)},
         {},
         {"1/0 started 7", "1/0 completed 7-7"}},
        {"a prompt too long takes its action with it, not the next",
         {op(1, 0, PlayPrompt{prompt, 600}), op(1, 1, send), op(2, 0, Wait{1})},
         {},
         {"1/0 started 0", "1/0 failed 0-600 lost 400", "1/1 cancelled 600-600 lost 6400", "2/0 started 600",
          "2/0 completed 600-601"}},
        {"bridge and hang-up pass at once; what follows a hang-up is cancelled",
         {op(1, 0, Bridge{}, 30), op(1, 1, HangUp{}), op(2, 0, PlayPrompt{prompt, unlimited})},
         {},
         {"1/0 started 30", "1/0 bridged 30", "1/0 completed 30-30", "1/1 started 30",
          "2/0 cancelled 30-30 lost 1000", "1/1 completed 30-30"}},
    });
}

TEST(LegPipeline, Gates) {
    const auto answered = CueKind::answered;
    const auto prompt = constant(1000, 100);
    check({
        {"opens at the cue",
         {op(1, 0, gate(answered), 100)},
         {cue(pass, answered, 777)},
         {"1/0 started 100", "1/0 completed 100-777"}},
        {"another cue does not open it",
         {op(1, 0, gate(answered, 0, 900))},
         {cue(pass, CueKind::released, 777)},
         {"1/0 started 0", "1/0 failed 0-900"}},
        {"expires",
         {op(1, 0, gate(answered, 0, 900, false))},
         {},
         {"1/0 started 0", "1/0 completed 0-900 expired"}},
        {"a pass goes before the expiry",
         {op(1, 0, gate(answered, 0, 900))},
         {cue(pass, answered, 900)},
         {"1/0 started 0", "1/0 completed 0-900"}},
        {"refused, with its action",
         {op(1, 0, gate(answered)), op(1, 1, Wait{5}), op(2, 0, Wait{5})},
         {cue(refuse, answered, 300)},
         {"1/0 started 0", "1/0 failed 0-300 refused", "1/1 cancelled 300-300", "2/0 started 300",
          "2/0 completed 300-305"}},
        {"too early, it waits",
         {op(1, 0, gate(answered, 500))},
         {cue(pass, answered, 300)},
         {"1/0 started 0", "1/0 completed 0-500"}},
        {"given before its gate is reached",
         {op(1, 0, PlayPrompt{prompt, unlimited}), op(1, 1, gate(answered), 0, 100)},
         {cue(pass, answered, 100)},
         {"1/0 started 0", "1/0 completed 0-1000", "1/1 started 1000", "1/1 completed 1000-1000"}},
        {"given before it was asked for",
         {op(1, 0, PlayPrompt{prompt, unlimited}), op(1, 1, gate(answered, 0, 50), 0, 101)},
         {cue(pass, answered, 100)},
         {"1/0 started 0", "1/0 completed 0-1000", "1/1 started 1000", "1/1 failed 1000-1050"}},
        {"the last one given counts",
         {op(1, 0, PlayPrompt{prompt, unlimited}), op(1, 1, gate(answered))},
         {cue(pass, answered, 100), cue(refuse, answered, 200)},
         {"1/0 started 0", "1/0 completed 0-1000", "1/1 started 1000", "1/1 failed 1000-1000 refused"}},
        {"one pass opens one gate",
         {op(1, 0, gate(answered)), op(2, 0, gate(answered, 0, 10))},
         {cue(pass, answered, 100)},
         {"1/0 started 0", "1/0 completed 0-100", "2/0 started 100", "2/0 failed 100-110"}},
        {"what the line did before is not remembered",
         {op(1, 0, PlayPrompt{prompt, unlimited}), op(1, 1, gate(CueKind::beep, 0, 50))},
         {cue(pass, CueKind::beep, 100)},
         {"1/0 started 0", "1/0 completed 0-1000", "1/1 started 1000", "1/1 failed 1000-1050"}},
        {"the host may give what the line would",
         {op(1, 0, gate(CueKind::beep))},
         {cue(pass, CueKind::beep, 100)},
         {"1/0 started 0", "1/0 completed 0-100"}},
        {"nobody listens unless told to",
         {op(1, 0, gate(CueKind::silence, 0, 9000))},
         {},
         {"1/0 started 0", "1/0 failed 0-9000"}},
        {"silence that lasts already",
         {op(1, 0, gate(CueKind::silence, 0, 9000, true, true), 1000)},
         {},
         {"1/0 started 1000", "1/0 completed 1000-4800"}},
        {"silence asked for late",
         {op(1, 0, gate(CueKind::silence, 0, 9000, true, true), 6000)},
         {},
         {"1/0 started 6000", "1/0 completed 6000-6000"}},
        {"silence of a length that was set, on a leg that is there since 2000",
         {op(1, 0, quiet(CueKind::silence, 1600, 2000), 0)},
         {},
         {"1/0 started 0", "1/0 completed 0-3600"}},
        {"the host said before that speech ended",
         {op(1, 0, gate(CueKind::prompt_end), 1000)},
         {cue(pass, CueKind::prompt_end, 100)},
         {"1/0 started 1000", "1/0 completed 1000-1000"}},
        {"and for how long it has to be quiet then",
         {op(1, 0, quiet(CueKind::prompt_end, 1600, 0), 1000)},
         {cue(pass, CueKind::prompt_end, 100)},
         {"1/0 started 1000", "1/0 completed 1000-1700"}},
        {"speech began again",
         {op(1, 0, gate(CueKind::prompt_end, 0, 900), 1000)},
         {cue(pass, CueKind::prompt_end, 100), cue(MediaCue::Kind::withdraw, CueKind::prompt_end, 300)},
         {"1/0 started 1000", "1/0 failed 1000-1900"}},
        {"and ended again",
         {op(1, 0, gate(CueKind::prompt_end, 500))},
         {cue(pass, CueKind::prompt_end, 100), cue(MediaCue::Kind::withdraw, CueKind::prompt_end, 300),
          cue(pass, CueKind::prompt_end, 800)},
         {"1/0 started 0", "1/0 completed 0-800"}},
    });
}

TEST(LegPipeline, Cuts) {
    const DtmfGenerator keys = tones("12");
    const DtmfGenerator paused = tones("1w2");
    const auto prompt = constant(1000, 100);
    const PlayPrompt play{prompt, unlimited};
    const auto speech = MediaCue::Kind::cut_speech;
    check({
        {"a prompt falls for 5 ms",
         {op(1, 0, play), op(1, 1, play), op(2, 0, Wait{1})},
         {cut({2, 0}, 300)},
         {"1/0 started 0", "1/1 cancelled 300-300 lost 1000", "1/0 cancelled 0-340 lost 660",
          "2/0 started 340", "2/0 completed 340-341"}},
        {"what has just ended is not cut",
         {op(1, 0, play), op(1, 1, play)},
         {cut({2, 0}, 1000)},
         {"1/0 started 0", "1/0 completed 0-1000", "1/1 cancelled 1000-1000 lost 1000"}},
        {"near the end the fall is shorter",
         {op(1, 0, play)},
         {cut({2, 0}, 980)},
         {"1/0 started 0", "1/0 cancelled 0-1000"}},
        {"a tone",
         {op(1, 0, SendTones{&keys, 800}), op(2, 0, play)},
         {cut({2, 0}, 1000)},
         {"1/0 started 0", "1/0 tone 0 1 0-1040 cut", "1/0 cancelled 0-1040 lost 2960", "2/0 started 1840",
          "2/0 completed 1840-2840"}},
        {"between two tones",
         {op(1, 0, SendTones{&paused, 800}), op(2, 0, play)},
         {cut({2, 0}, 1700)},
         {"1/0 started 0", "1/0 tone 0 1 0-1600", "1/0 cancelled 0-1700 lost 5500", "2/0 started 2400",
          "2/0 completed 2400-3400"}},
        {"waits and gates end at once",
         {op(1, 0, Wait{5000}), op(1, 1, gate(CueKind::answered)), op(2, 0, gate(CueKind::answered))},
         {cut({1, 1}, 100), cut({3, 0}, 200)},
         {"1/0 started 0", "1/0 cancelled 0-100", "1/1 started 100", "1/1 cancelled 100-200",
          "2/0 cancelled 200-200"}},
        {"only what is before",
         {op(1, 0, Wait{500}), op(2, 0, Wait{500})},
         {cut({1, 0}, 100), cut({2, 0}, 200)},
         {"1/0 started 0", "1/0 cancelled 0-200", "2/0 started 200", "2/0 completed 200-700"}},
        {"of the speech alone",
         {op(1, 0, gate(CueKind::drained)), op(1, 1, play), op(1, 2, Wait{50}), op(1, 3, play),
          op(1, 4, SendTones{&keys, 0}), op(2, 0, play)},
         {cut({2, 0}, 100, speech), cut({2, 0}, 120, speech)},
         {"1/0 started 0", "1/0 cancelled 0-100", "1/1 cancelled 100-100 lost 1000", "1/2 started 100",
          "1/3 cancelled 100-100 lost 1000", "1/2 completed 100-150", "1/4 started 150",
          "1/4 tone 0 1 150-1750", "1/4 tone 1 2 2550-4150", "1/4 completed 150-4150", "2/0 started 4150",
          "2/0 completed 4150-5150"}},
    });
}

TEST(LegPipeline, ACutReachesAnOpThatComesLater) {
    ReportOutbox outbox(50, 4);
    CallBridge bridge({SampleRate::narrowband(), SampleRate::narrowband()}, {}, {}, false);
    LegPipeline leg(
        {.leg = Leg::a, .rate = SampleRate::narrowband(), .limits = {}, .op_capacity = 4, .cue_capacity = 4},
        outbox, bridge);
    leg.try_push(cut({2, 0}, 0));
    std::vector<std::int16_t> sent(100);
    leg.process({}, sent);
    leg.try_push(op(1, 5, Wait{10}));
    leg.try_push(op(2, 0, Wait{10}));
    leg.process({}, sent);
    Lines lines;
    for (MediaReport report{}; outbox.try_pop(report);) {
        lines.push_back(test::text(report));
    }
    EXPECT_EQ(lines, (Lines{"1/5 cancelled 100-100", "2/0 started 100", "2/0 completed 100-110"}));
}

TEST(LegPipeline, AnIdleLegTakesUpWhatIsPushed) {
    ReportOutbox outbox(100, 8);
    constexpr PerLeg<SampleRate> rates{SampleRate::narrowband(), SampleRate::narrowband()};
    CallBridge bridge(rates, Milliseconds{20}, Milliseconds{20}, false);
    LegPipeline leg({.leg = Leg::a, .rate = rates[Leg::a], .limits = {}, .op_capacity = 8, .cue_capacity = 8},
                    outbox, bridge);
    leg.start_at(0);
    std::vector<std::int16_t> sent;
    const auto after = [&](int blocks) {
        std::vector<MediaReport> reports;
        for (int i = 0; i < blocks; ++i) {
            const auto heard = constant(160, 0);
            sent = constant(160, 7);
            leg.process(heard, sent);
            for (MediaReport report{}; outbox.try_pop(report);) {
                reports.push_back(report);
            }
        }
        return test::texts(reports);
    };
    EXPECT_EQ(after(5), Lines{});
    EXPECT_EQ(sent, constant(160, 7));
    const auto prompt = constant(100, 1000);
    leg.try_push(op(1, 0, PlayPrompt{prompt, unlimited}));
    EXPECT_EQ(after(1), (Lines{"1/0 started 800", "1/0 completed 800-900"}));
    EXPECT_GT(sent[50], 900);
    EXPECT_EQ(sent[150], 7);
    EXPECT_EQ(after(5), Lines{});
    leg.try_push(cut({2, 0}, 0));
    EXPECT_EQ(after(2), Lines{});
    leg.try_push(op(1, 1, PlayPrompt{prompt, unlimited}));
    EXPECT_EQ(after(1), (Lines{"1/1 cancelled 2080-2080 lost 100"}));
}

TEST(LegPipeline, ACueThatIsLateAppliesAtOnce) {
    ReportOutbox outbox(50, 4);
    CallBridge bridge({SampleRate::narrowband(), SampleRate::narrowband()}, {}, {}, false);
    LegPipeline leg(
        {.leg = Leg::a, .rate = SampleRate::narrowband(), .limits = {}, .op_capacity = 4, .cue_capacity = 4},
        outbox, bridge);
    leg.try_push(op(1, 0, gate(CueKind::answered)));
    std::vector<std::int16_t> sent(100);
    leg.process({}, sent);
    leg.try_push(cue(pass, CueKind::answered, 20));
    leg.process({}, sent);
    Lines lines;
    for (MediaReport report{}; outbox.try_pop(report);) {
        lines.push_back(test::text(report));
    }
    EXPECT_EQ(lines, (Lines{"1/0 started 0", "1/0 completed 0-100"}));
}

TEST(LegPipeline, MoreCuesThanAreScheduledWaitInTheRing) {
    LegProgram program;
    program.agent = constant(4000, 0);
    const auto kinds = {CueKind::answered, CueKind::released};
    for (std::uint32_t i = 0; i < 30; ++i) {
        program.ops.push_back(op(i + 1, 0, gate(*(kinds.begin() + i % 2))));
        program.cues.push_back(cue(pass, *(kinds.begin() + i % 2), 100 * (i + 1)));
    }
    const auto reports = test::run(program).reports;
    ASSERT_EQ(reports.size(), 60U);
    for (std::size_t i = 0; i < 30; ++i) {
        EXPECT_EQ(reports[2 * i + 1].kind, MediaReport::Kind::op_completed);
        EXPECT_EQ(reports[2 * i + 1].end, 100 * static_cast<SampleIndex>(i + 1));
    }
}

TEST(LegPipeline, MutesTheAgentAroundTones) {
    const DtmfGenerator keys = tones("1*0");
    const DtmfGenerator paused = tones("1w2");
    const auto prompt = constant(1000, 100);
    const Gate never = gate(CueKind::answered, 0, 900);
    const auto masked = [](const Row& row) {
        LegProgram program;
        program.ops = row.ops;
        program.cues = row.cues;
        program.agent = constant(16000, 1000);
        Lines lines;
        for (const MediaReport& report : test::run(program).reports) {
            if (report.kind == MediaReport::Kind::masked) {
                lines.push_back(test::text(report));
            }
        }
        return lines;
    };
    const std::vector<Row> rows{
        {"gaps of 100 ms touch", {op(1, 0, SendTones{&keys, 800}, 1000)}, {}, {"masked 680-7880"}},
        {"no lead", {op(1, 0, SendTones{&keys, 800})}, {}, {"masked 0-6880"}},
        {"known late", {op(1, 0, SendTones{&keys, 800}, 1000, 900)}, {}, {"masked 900-7880"}},
        {"a long pause parts two",
         {op(1, 0, SendTones{&paused, 800}, 1000)},
         {},
         {"masked 680-3080", "masked 6280-8680"}},
        {"seen behind a prompt",
         {op(1, 0, PlayPrompt{prompt, unlimited}), op(1, 1, SendTones{&keys, 800})},
         {},
         {"masked 680-7880"}},
        {"not seen behind a gate",
         {op(1, 0, gate(CueKind::answered)), op(1, 1, SendTones{&keys, 800})},
         {cue(pass, CueKind::answered, 1000)},
         {"masked 1000-7880"}},
        {"tones that are cut before they sound",
         {op(1, 0, SendTones{&keys, 800}, 1000)},
         {cut({2, 0}, 800)},
         {"masked 680-800"}},
        {"tones that their action takes with it",
         {op(1, 0, PlayPrompt{prompt, 600}), op(1, 1, SendTones{&keys, 800})},
         {},
         {}},
        {"a gate fails before them", {op(1, 0, never), op(1, 1, SendTones{&keys, 800})}, {}, {}},
        {"cut in the tone",
         {op(1, 0, SendTones{&keys, 800}, 1000)},
         {cut({2, 0}, 1500)},
         {"masked 680-2020"}},
        {"hung up in the tail",
         {op(1, 0, SendTones{&keys, 800}, 1000), op(1, 1, HangUp{})},
         {},
         {"masked 680-7400"}},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(masked(row), row.expected) << row.name;
    }
    check({{"silence is not reported",
            {op(1, 0, SendTones{&keys, 800}, 1000)},
            {},
            {"1/0 started 1000", "1/0 tone 0 1 1000-2600", "1/0 tone 1 * 3400-5000", "1/0 tone 2 0 5800-7400",
             "1/0 completed 1000-7400"}}});
}

TEST(LegPipeline, WhatGoesOut) {
    const DtmfGenerator keys = tones("1w2");
    DtmfGenerator expected = tones("1w2");
    std::vector<std::int16_t> tone_samples(static_cast<std::size_t>(expected.length()));
    expected.generate(tone_samples);
    const auto prompt = test::to_pcm16(test::white_noise(3000, -20.0, 4));

    LegProgram program;
    program.agent = test::to_pcm16(test::white_noise(20000, -20.0, 3));
    program.ops = {op(1, 0, SendTones{&keys, 800}, 1000), op(1, 1, PlayPrompt{prompt, unlimited}, 10000),
                   op(1, 2, HangUp{}, 15000)};
    const LegOutcome outcome = test::run(program);
    for (std::size_t i = 0; i < 20000; ++i) {
        const bool tone = (i >= 1000 && i < 2600) || (i >= 6600 && i < 8200);
        const bool muted = (i >= 680 + 40 && i < 3080) || (i >= 6280 + 40 && i < 8680);
        const bool fading = (i >= 680 && i < 720) || (i >= 3080 && i < 3120) || (i >= 6280 && i < 6320) ||
                            (i >= 8680 && i < 8720);
        const std::int16_t agent = program.agent[i];
        if (tone) {
            ASSERT_EQ(outcome.sent[i], tone_samples[i - 1000]) << i;
        } else if (muted || i >= 15000) {
            ASSERT_EQ(outcome.sent[i], 0) << i;
        } else if (fading) {
            ASSERT_LE(std::abs(outcome.sent[i]), std::abs(agent)) << i;
        } else if (i >= 10000 && i < 13000) {
            ASSERT_EQ(outcome.sent[i], agent + prompt[i - 10000]) << i; // below the mixer's knee
        } else {
            ASSERT_EQ(outcome.sent[i], agent) << i;
        }
    }
}

TEST(LegPipeline, AtFullScaleNothingWraps) {
    const auto prompt = constant(4000, 32767);
    LegProgram program;
    program.agent = constant(8000, 32767);
    program.ops = {op(1, 0, PlayPrompt{prompt, 3000}, 1000)};
    const LegOutcome outcome = test::run(program);
    EXPECT_THAT(outcome.sent, testing::Each(32767));
    program.agent = constant(8000, -32768);
    const LegOutcome opposed = test::run(program);
    EXPECT_THAT(opposed.sent, testing::Each(testing::AllOf(testing::Ge(-32768), testing::Le(-1))));
}

TEST(LegPipeline, FadesDoNotClick) {
    const auto prompt = constant(4000, 20000);
    for (const SampleIndex at : {1, 700, 2990, 3000, 3020}) {
        LegProgram program;
        program.agent = constant(8000, 0);
        program.ops = {op(1, 0, PlayPrompt{prompt, 3000})};
        program.cues = {cut({2, 0}, at)};
        const LegOutcome outcome = test::run(program);
        for (std::size_t i = 1; i < outcome.sent.size(); ++i) {
            // Half of a sine's steepest step over 40 samples.
            ASSERT_LE(std::abs(outcome.sent[i] - outcome.sent[i - 1]), 20000 * 3.15 / 2 / 40)
                << at << ' ' << i;
        }
    }
}

TEST(LegPipeline, TheLineOpensGatesThatListen) {
    // Sound for a second, then silence.
    LegProgram program;
    program.agent = constant(24000, 0);
    program.heard = test::to_pcm16(test::white_noise(8000, -20.0, 9));
    program.ops = {op(1, 0, gate(CueKind::prompt_end, 0, unlimited, true, true), 100),
                   op(2, 0, gate(CueKind::silence, 0, unlimited, true, true))};
    const auto reports = test::run(program).reports;
    ASSERT_EQ(reports.size(), 6U);
    EXPECT_EQ(reports[1].kind, MediaReport::Kind::sound_began);
    const MediaReport& ended = reports[2];
    EXPECT_EQ(ended.kind, MediaReport::Kind::sound_ended);
    EXPECT_NEAR(static_cast<double>(ended.begin), 8000, 160);
    EXPECT_EQ(reports[3].kind, MediaReport::Kind::op_completed);
    EXPECT_EQ(reports[3].end, ended.end); // the sample at which it became known
    // The far side is silent already.
    EXPECT_EQ(test::text(reports[5]),
              "2/0 completed " + std::to_string(ended.end) + '-' + std::to_string(ended.end));
}

/// When a gate on a leg that hears this opens; -1 if it does not.
SampleIndex opens_at(const std::vector<std::int16_t>& heard, const Gate& gate, SampleIndex asked_at,
                     std::size_t block = 160, const std::vector<MediaOp>& before = {}) {
    LegProgram program;
    program.heard = heard;
    program.agent = constant(heard.size() + 8000, 0);
    program.ops = before;
    program.ops.push_back(op(9, 0, gate, asked_at));
    for (const MediaReport& report : test::run(program, [block] { return block; }).reports) {
        if (report.key == OpKey{9, 0} && report.kind == MediaReport::Kind::op_completed && !report.expired) {
            return report.end;
        }
    }
    return -1;
}

/// Words from `begin` to `end`, in samples.
void say(test::Signal& line, std::size_t begin, std::size_t end) {
    test::mix_into(line, test::white_noise(end - begin, -20.0, begin + 1), begin);
}

TEST(LegPipeline, APromptEndIsAskedForLate) {
    test::Signal line(40000);
    say(line, 2400, 12000);
    const auto heard = test::to_pcm16(line);
    for (const std::size_t block : {std::size_t{160}, std::size_t{1}, std::size_t{777}}) {
        const SampleIndex first = opens_at(heard, gate(CueKind::prompt_end, 0, 30000, true, true), 0, block);
        EXPECT_NEAR(static_cast<double>(first), 12000.0 + 4800.0, 160.0) << block;
        EXPECT_EQ(opens_at(heard, gate(CueKind::prompt_end, 0, 30000, true, true), 28000, block), 28000);
        EXPECT_EQ(opens_at(heard, gate(CueKind::prompt_end, 0, 30000, true, true), 14000, block), first)
            << "the rest of the silence";
    }
    EXPECT_EQ(
        opens_at(test::to_pcm16(test::Signal(40000)), gate(CueKind::prompt_end, 0, 30000, true, true), 0), -1)
        << "nobody has spoken";
}

TEST(LegPipeline, AMinimumIsOverAndTheLineIsQuietThen) {
    test::Signal line(60000);
    say(line, 2400, 8000);
    say(line, 16000, 40000);
    const auto heard = test::to_pcm16(line);
    const auto after = [&](SampleCount least) {
        return opens_at(heard, gate(CueKind::prompt_end, least, 90000, true, true), 0);
    };
    EXPECT_NEAR(static_cast<double>(after(0)), 12800.0, 160.0);
    EXPECT_EQ(after(14000), 14000);
    EXPECT_NEAR(static_cast<double>(after(20000)), 44800.0, 160.0) << "the line sounds again";
    const SampleIndex silence = opens_at(heard, gate(CueKind::silence, 20000, 90000, true, true), 0);
    EXPECT_NEAR(static_cast<double>(silence), 44800.0, 160.0);
}

TEST(LegPipeline, TheLengthOfSilenceCanBeSet) {
    test::Signal line(60000);
    say(line, 2400, 8000);
    say(line, 17600, 24000); // 1.2 s later
    const auto heard = test::to_pcm16(line);
    for (const CueKind kind : {CueKind::prompt_end, CueKind::silence}) {
        EXPECT_NEAR(static_cast<double>(opens_at(heard, quiet(kind, 12000, 0), 3000)), 24000.0 + 12000.0,
                    160.0);
        EXPECT_NEAR(static_cast<double>(opens_at(heard, quiet(kind, 800, 0), 3000)), 8000.0 + 800.0, 160.0);
    }
}

TEST(LegPipeline, ADialToneThatIsGoneOpensNothing) {
    test::Signal line(8000);
    test::append(line, test::call_progress({"dial", {350, 440}, 0, {9000}}, 2000.0, 8000));
    test::append(line, test::Signal(32000));
    const auto heard = test::to_pcm16(line); // a dial tone from 8000 to 24000
    EXPECT_EQ(opens_at(heard, gate(CueKind::dial_tone, 0, 30000, true, true), 16000), 16000);
    EXPECT_EQ(opens_at(heard, gate(CueKind::dial_tone, 0, 20000, true, true), 26000), -1);
    EXPECT_EQ(opens_at(heard, gate(CueKind::dial_tone, 20000, 24000, true, true), 8000), -1);
}

TEST(LegPipeline, WordsBeforeOurOwnKeysArePast) {
    const DtmfGenerator keys = tones("1");
    test::Signal line(60000);
    say(line, 2400, 8000);
    say(line, 30000, 38000);
    const SampleIndex opened = opens_at(test::to_pcm16(line), gate(CueKind::prompt_end, 0, 90000, true, true),
                                        0, 160, {op(1, 0, SendTones{&keys, 800}, 14000)});
    EXPECT_NEAR(static_cast<double>(opened), 38000.0 + 4800.0, 160.0);
}

// Every country's ringing, at two rates and in blocks of any size: no gate opens before somebody speaks.
TEST(LegPipeline, CallProgressOpensNoGate) {
    for (const test::CallProgress& plan : test::call_progress_plans()) {
        if (plan.cadence_ms.size() < 2) {
            continue; // no dial tone, and no information tones, which come only once
        }
        test::Signal line(4000);
        test::append(line, test::call_progress(plan, 8000.0, 8000));
        test::mix_into(line, test::white_noise(line.size(), -60.0, 5), 0);
        const auto heard = test::to_pcm16(line);
        for (const CueKind kind :
             {CueKind::prompt_end, CueKind::beep, CueKind::dial_tone, CueKind::silence}) {
            Gate waits = gate(kind, 0, 60000, true, true);
            waits.silence = kind == CueKind::silence || kind == CueKind::prompt_end ? 1600 : 0;
            EXPECT_EQ(opens_at(heard, waits, 4800), -1) << plan.name << ' ' << static_cast<int>(kind);
        }
    }
}

TEST(LegPipeline, TheEndWaitsForTheHostsSpeech) {
    const auto plays = [](SampleIndex at, SampleIndex until) {
        return MediaCue{.kind = MediaCue::Kind::speech_plays,
                        .cue = CueKind::drained,
                        .before = {},
                        .at = at,
                        .until = until};
    };
    const auto over = [](SampleIndex at) {
        return MediaCue{.kind = MediaCue::Kind::speech_over, .cue = CueKind::drained, .before = {}, .at = at};
    };
    check({
        {"none is queued",
         {op(1, 0, Wait{400, true}, 100)},
         {},
         {"1/0 started 100", "1/0 completed 100-500"}},
        {"it is queued before the wait",
         {op(1, 0, Wait{400, true}, 100)},
         {plays(50, 9000), over(3000)},
         {"1/0 started 100", "1/0 completed 100-3400"}},
        {"it is queued within the wait, piece by piece",
         {op(1, 0, Wait{400, true}, 100)},
         {plays(300, 5000), plays(400, 9000), over(700), plays(800, 9000), over(2000)},
         {"1/0 started 100", "1/0 completed 100-2400"}},
        {"it does not drain",
         {op(1, 0, Wait{400, true}, 100)},
         {plays(300, 9000)},
         {"1/0 started 100", "1/0 completed 100-9000 expired"}},
        {"another wait does not heed it",
         {op(1, 0, Wait{400}, 100)},
         {plays(300, 9000)},
         {"1/0 started 100", "1/0 completed 100-500"}},
        {"the connection waits too",
         {op(1, 0, Bridge{}, 100)},
         {plays(50, 9000), over(3000)},
         {"1/0 started 3000", "1/0 bridged 3000", "1/0 completed 3000-3000"}},
        {"but not for ever",
         {op(1, 0, Bridge{}, 100)},
         {plays(50, 9000)},
         {"1/0 started 9000", "1/0 bridged 9000", "1/0 completed 9000-9000"}},
    });
}

TEST(LegPipeline, HungUpItHearsNothing) {
    const DtmfGenerator keys = tones("1*0");
    LegProgram program;
    program.agent = constant(9000, 5);
    program.heard.resize(6400);
    DtmfGenerator sent = keys;
    sent.generate(program.heard);
    program.ops = {op(1, 0, HangUp{}, 4700)};
    Lines heard;
    for (const MediaReport& report : test::run(program).reports) {
        if (report.kind == MediaReport::Kind::digit_heard) {
            heard.push_back(std::string(1, report.digit));
        }
    }
    EXPECT_EQ(heard, (Lines{"1", "*"}));
}

// ---- However the host cuts the audio

std::int64_t one_of(std::mt19937& random, std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random);
}

struct RandomProgram : LegProgram {
    std::deque<DtmfGenerator> generators;
    std::deque<std::vector<std::int16_t>> prompts;
};

RandomProgram random_program(SampleRate rate, std::uint32_t seed) {
    std::mt19937 random(seed);
    const SampleCount second = rate.hz();
    RandomProgram program;
    program.rate = rate;
    program.agent = test::to_pcm16(test::white_noise(static_cast<std::size_t>(4 * second), -12.0, seed));
    if (random() % 4 == 0) {
        std::fill(program.agent.begin(), program.agent.end(), std::int16_t{0});
    }
    program.heard = test::to_pcm16(test::white_noise(static_cast<std::size_t>(second), -20.0, seed + 1));
    DtmfGenerator far = tones("5w#", rate);
    std::vector<std::int16_t> keys(static_cast<std::size_t>(far.length()));
    far.generate(keys);
    program.heard.insert(program.heard.end(), keys.begin(), keys.end());
    const char* strings[] = {"1", "w12", "3W4", "5w", "A6"};
    std::uint32_t action = 1;
    for (int i = 0; i < 14; ++i) {
        action += static_cast<std::uint32_t>(random() % 2);
        const SampleIndex not_before = random() % 3 == 0 ? one_of(random, 0, 2 * second) : 0;
        const SampleIndex known_since = random() % 2 == 0 ? one_of(random, 0, second) : 0;
        const auto length = one_of(random, 0, second / 4);
        const auto kind = static_cast<CueKind>(random() % 7);
        switch (random() % (i > 11 ? 6 : 5)) {
        case 0:
            program.prompts.push_back(
                test::to_pcm16(test::white_noise(static_cast<std::size_t>(length), -10.0, seed + 2)));
            program.ops.push_back(op(action, static_cast<std::uint32_t>(i),
                                     PlayPrompt{program.prompts.back(), one_of(random, 0, second / 2)},
                                     not_before, known_since));
            break;
        case 1:
            program.generators.push_back(tones(strings[random() % 5], rate));
            program.ops.push_back(op(action, static_cast<std::uint32_t>(i),
                                     SendTones{&program.generators.back(), one_of(random, 0, second / 4)},
                                     not_before, known_since));
            break;
        case 2:
            program.ops.push_back(
                op(action, static_cast<std::uint32_t>(i), Wait{length}, not_before, known_since));
            break;
        case 3:
        case 4:
            program.ops.push_back(op(action, static_cast<std::uint32_t>(i),
                                     gate(kind, length / 4, length * 2, random() % 2 == 0, true), not_before,
                                     known_since));
            break;
        default:
            program.ops.push_back(op(action, static_cast<std::uint32_t>(i), HangUp{}, 3 * second));
            break;
        }
    }
    for (int i = 0; i < 20; ++i) {
        MediaCue cue{};
        cue.kind = random() % 4 == 0 ? static_cast<MediaCue::Kind>(random() % 5) : pass;
        cue.cue = static_cast<CueKind>(random() % 7);
        cue.before = {static_cast<std::uint32_t>(random() % 6), 0};
        cue.at = one_of(random, 0, 3 * second);
        program.cues.push_back(cue);
    }
    return program;
}

TEST(LegPipeline, NothingDependsOnHowTheAudioIsCut) {
    std::size_t reports_seen = 0;
    for (const int hz : SampleRate::offered_hz) {
        for (std::uint32_t seed = 1; seed <= (hz == 8000 ? 24U : 4U); ++seed) {
            const RandomProgram program = random_program(*SampleRate::from_hz(hz), seed);
            const LegOutcome whole = test::run(program, [] { return std::size_t{48000}; });
            reports_seen += whole.reports.size();
            std::vector<std::size_t> cuts{7, 160, 441};
            if (seed % 4 == 1) {
                cuts.push_back(1);
            }
            for (const std::size_t cut : cuts) {
                const LegOutcome parts = test::run(program, [&] { return cut; });
                ASSERT_EQ(test::texts(parts.reports), test::texts(whole.reports))
                    << hz << ' ' << seed << ' ' << cut;
                ASSERT_TRUE(parts.sent == whole.sent) << hz << ' ' << seed << ' ' << cut;
            }
            std::mt19937 random(seed);
            const LegOutcome mixed = test::run(program, [&] { return std::size_t{1} + random() % 3000; });
            ASSERT_EQ(test::texts(mixed.reports), test::texts(whole.reports)) << hz << ' ' << seed;
            ASSERT_TRUE(mixed.sent == whole.sent) << hz << ' ' << seed;
        }
    }
    EXPECT_GT(reports_seen, 800U);
}

} // namespace
} // namespace keytone
