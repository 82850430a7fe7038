// SPDX-License-Identifier: MIT
#include "engine/media/leg_hearing.hpp"
#include "tests/engine/media/pipeline_run.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace keytone {
namespace {

std::vector<std::string> popped(ReportOutbox& outbox) {
    std::vector<std::string> lines;
    for (MediaReport report{}; outbox.try_pop(report);) {
        lines.push_back(test::text(report));
    }
    return lines;
}

std::vector<std::int16_t> key(const char* digits, SampleRate rate) {
    auto generator = *DtmfGenerator::create(*DigitString::parse(digits), {}, rate);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(generator.length()));
    generator.generate(samples);
    return samples;
}

constexpr auto no_event = [](KeyReport::Kind /*kind*/, SampleIndex /*at*/) {};
constexpr auto no_part = [](std::span<const std::int16_t> /*part*/) {};

TEST(LegHearing, ReportsKeysOnTheLegsClock) {
    const SampleRate rate = SampleRate::narrowband();
    ReportOutbox outbox(20, 0);
    LegHearing hearing(Leg::b, rate, {}, outbox);
    hearing.start_at(100000);
    int events = 0;
    const auto count = [&](const LineEvent&) { ++events; };
    auto samples = key("7w", rate);
    hearing.hear(samples, count, no_event, no_part);
    MediaReport report{};
    std::vector<MediaReport> keys;
    while (outbox.try_pop(report)) {
        EXPECT_EQ(report.leg, Leg::b);
        if (report.kind == MediaReport::Kind::digit_heard) {
            keys.push_back(report);
        }
    }
    ASSERT_EQ(keys.size(), 1U);
    EXPECT_EQ(keys[0].digit, '7');
    EXPECT_NEAR(static_cast<double>(keys[0].begin), 100000, 40);
    EXPECT_NEAR(static_cast<double>(keys[0].end), 100800, 40);
    EXPECT_GT(keys[0].snr_tenths_db, 200);
    EXPECT_EQ(events, 1); // the sound began; its end is known only 600 ms later
}

TEST(LegHearing, FinishTellsAKeyThatStillSounds) {
    const SampleRate rate = SampleRate::narrowband();
    ReportOutbox outbox(20, 0);
    LegHearing hearing(Leg::a, rate, {}, outbox);
    hearing.hear(
        key("7", rate), [](const LineEvent&) {}, no_event, no_part);
    popped(outbox);
    hearing.finish();
    const auto lines = popped(outbox);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].substr(0, 7), "heard 7");
}

TEST(LegHearing, LossesCountAlikeHoweverTheyAreCut) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        const auto samples = key("1w2w3", rate);
        std::vector<std::vector<std::string>> outcomes;
        for (const SampleCount cut : {SampleCount{hz}, SampleCount{77}, SampleCount{1}}) {
            ReportOutbox outbox(50, 0);
            LegHearing hearing(Leg::a, rate, {}, outbox);
            const auto ignore = [](const LineEvent&) {};
            for (const SampleCount lost : {hz / 100, hz / 8, hz}) {
                hearing.hear(std::span(samples).first(static_cast<std::size_t>(hz / 20)), ignore, no_event,
                             no_part);
                for (SampleCount left = lost; left > 0; left -= cut) {
                    hearing.hear_lost(std::min(left, cut), ignore, no_event);
                }
                hearing.hear(std::span(samples).subspan(static_cast<std::size_t>(hz / 20)), ignore, no_event,
                             no_part);
            }
            hearing.finish();
            outcomes.push_back(popped(outbox));
        }
        EXPECT_GE(outcomes[0].size(), 9U);
        EXPECT_EQ(outcomes[1], outcomes[0]) << hz;
        EXPECT_EQ(outcomes[2], outcomes[0]) << hz;
    }
}

TEST(LegHearing, SaysWhenTheLineCanSpeakNext) {
    ReportOutbox outbox(20, 0);
    LegHearing hearing(Leg::a, *SampleRate::from_hz(44100), {}, outbox);
    hearing.start_at(1000);
    // The line listener's frame; it averages five samples into one.
    EXPECT_EQ(hearing.next_line_event(1000), 1440);
    EXPECT_EQ(hearing.next_line_event(1439), 1440);
    EXPECT_EQ(hearing.next_line_event(1440), 1880);
}

TEST(LegHearing, SaysWhatIsOnTheLegsClock) {
    ReportOutbox outbox(20, 0);
    LegHearing hearing(Leg::a, SampleRate::narrowband(), {}, outbox);
    hearing.start_at(5000);
    const auto ignore = [](const LineEvent&) {};
    EXPECT_EQ(hearing.quiet_since(), 5000);
    EXPECT_FALSE(hearing.last_words());
    // Steady noise of a second would be the line's own.
    hearing.hear(test::to_pcm16(test::white_noise(6400, -20.0, 3)), ignore, no_event, no_part);
    EXPECT_FALSE(hearing.quiet_since());
    hearing.hear_lost(1600, ignore, no_event);
    EXPECT_EQ(hearing.heard_to(), 5000 + 8000);
    ASSERT_TRUE(hearing.quiet_since());
    EXPECT_NEAR(static_cast<double>(*hearing.quiet_since()), 11400.0, 160.0);
    ASSERT_TRUE(hearing.last_words());
    EXPECT_NEAR(static_cast<double>(hearing.last_words()->begin), 5000.0, 160.0);
    EXPECT_EQ(hearing.last_words()->end, *hearing.quiet_since());
}

// ---- Keys as telephone events

KeyReport event(KeyReport::Kind kind, char digit, SampleIndex onset, SampleCount duration = 0) {
    return {kind,
            KeyReport::Source::telephone_event,
            *Key::from_character(digit),
            static_cast<RtpTimestamp>(onset),
            duration,
            Dbm0{-10.0},
            false};
}

/// A leg that hears silence except for what a test adds; its clock begins at `start`.
struct EventLeg {
    explicit EventLeg(SampleIndex start) { hearing.start_at(start); }

    ReportOutbox outbox{50, 0};
    LegHearing hearing{Leg::a, SampleRate::narrowband(), {}, outbox};

    void begin(char digit, SampleIndex onset) {
        hearing.hear_event(event(KeyReport::Kind::begin, digit, onset), no_event);
    }
    void end(char digit, SampleIndex onset, SampleCount duration) {
        hearing.hear_event(event(KeyReport::Kind::end, digit, onset, duration), no_event);
    }
    void hear(std::span<const std::int16_t> samples, std::size_t cut = 160) {
        for (; !samples.empty(); samples = samples.subspan(std::min(cut, samples.size()))) {
            hearing.hear(
                samples.first(std::min(cut, samples.size())), [](const LineEvent&) {}, no_event, no_part);
        }
    }
    void hear_silence(std::size_t count) { hear(std::vector<std::int16_t>(count)); }
    /// The reports of keys only.
    std::vector<std::string> keys() {
        auto lines = popped(outbox);
        std::erase_if(lines, [](const std::string& line) { return !line.starts_with("heard"); });
        return lines;
    }
};

TEST(LegHearingEvents, AnEventIsAKeyAtItsSamples) {
    EventLeg leg(5000);
    leg.begin('5', 5400);
    leg.end('5', 5400, 800);
    leg.hear_silence(800);
    EXPECT_TRUE(leg.keys().empty()); // its end was not played yet
    leg.hear_silence(800);
    EXPECT_EQ(leg.keys(), std::vector<std::string>{"heard 5 5400-6200"});
}

TEST(LegHearingEvents, WhatComesTooLateIsToldAtOnce) {
    EventLeg leg(0);
    leg.hear_silence(8000);
    leg.begin('#', 4000);
    leg.end('#', 4000, 400);
    leg.hear_silence(80);
    EXPECT_EQ(leg.keys(), std::vector<std::string>{"heard # 4000-4400"});
}

TEST(LegHearingEvents, OfAnotherClockItIsTakenAtOnce) {
    EventLeg leg(0);
    leg.hear_silence(800);
    leg.begin('1', 80'000);
    leg.end('1', 80'000, 400);
    leg.hear_silence(80);
    EXPECT_EQ(leg.keys().size(), 1U);
}

TEST(LegHearingEvents, TimestampsWrap) {
    constexpr SampleIndex wrap = SampleIndex{1} << 32U;
    EventLeg leg(wrap - 240);
    leg.begin('9', wrap - 80);
    leg.end('9', wrap - 80, 400);
    leg.hear_silence(800);
    EXPECT_EQ(leg.keys(), std::vector<std::string>{"heard 9 " + std::to_string(wrap - 80) + '-' +
                                                   std::to_string(wrap + 320)});
}

// As from a gateway that sends the tone beside its event; the same however the audio is cut.
TEST(LegHearingEvents, ToneAndEventAreOneKey) {
    auto samples = key("7w", SampleRate::narrowband());
    samples.insert(samples.begin(), 400, 0);
    for (const std::size_t cut : {33U, 80U, 160U, 4000U}) {
        for (const SampleCount late : {0, 320}) {
            EventLeg leg(1000);
            leg.begin('7', 1400 + late);
            leg.end('7', 1400 + late, 800);
            leg.hear(samples, cut);
            leg.hear_silence(1600);
            const auto keys = leg.keys();
            ASSERT_EQ(keys.size(), 1U) << cut << ' ' << late;
            EXPECT_EQ(keys[0].substr(0, 7), "heard 7");
        }
    }
}

TEST(LegHearingEvents, ATornToneInsideAnEventIsTheSameKey) {
    const auto tone = key("7w", SampleRate::narrowband());
    EventLeg leg(0);
    leg.begin('7', 0);
    leg.hear(std::span(tone).first(800));
    leg.hear_silence(800);
    leg.hear(std::span(tone).first(800));
    leg.end('7', 0, 2400);
    leg.hear_silence(1600);
    EXPECT_EQ(leg.keys(), std::vector<std::string>{"heard 7 0-2400"});
}

TEST(LegHearingEvents, AToneAloneStaysWhatItWas) {
    const auto samples = key("1w2w3w", SampleRate::narrowband());
    EventLeg without(0);
    without.hear(samples);
    EventLeg with(0);
    with.hear(samples);
    with.begin('4', std::ssize(samples));
    with.end('4', std::ssize(samples), 400);
    with.hear_silence(800);
    auto expected = without.keys();
    ASSERT_EQ(expected.size(), 3U);
    const auto from = static_cast<SampleIndex>(samples.size());
    expected.push_back("heard 4 " + std::to_string(from) + '-' + std::to_string(from + 400));
    EXPECT_EQ(with.keys(), expected);
}

TEST(LegHearingEvents, FinishEndsOneThatStillSounds) {
    EventLeg leg(0);
    leg.begin('8', 80);
    leg.hear_silence(800);
    leg.hearing.finish();
    EXPECT_EQ(leg.keys(), std::vector<std::string>{"heard 8 80-800"});
}

TEST(LegHearingEvents, MoreThanCanWaitAreToldBeforeTheirTime) {
    EventLeg leg(0);
    for (int i = 0; i < 12; ++i) {
        leg.begin('3', 640 * i + 640);
        leg.end('3', 640 * i + 640, 320);
    }
    leg.hear_silence(640 * 14);
    EXPECT_EQ(leg.keys().size(), 12U);
}

// Whoever silences an event can do so to the sample: it is told before its first sample is heard.
TEST(LegHearingEvents, AreToldAtTheirSamplesBeforeTheseAreHeard) {
    using Told = std::pair<KeyReport::Kind, SampleIndex>;
    for (const std::size_t cut : {1U, 33U, 80U, 160U, 4000U}) {
        ReportOutbox outbox(50, 0);
        LegHearing hearing(Leg::a, SampleRate::narrowband(), {}, outbox);
        hearing.start_at(1000);
        SampleIndex heard_to = 1000;
        std::vector<Told> told;
        const auto note = [&](KeyReport::Kind kind, SampleIndex at) {
            EXPECT_LE(heard_to, at) << cut;
            EXPECT_EQ((heard_to - 1000) % 80, 0) << cut;
            told.emplace_back(kind, at);
        };
        hearing.hear_event(event(KeyReport::Kind::begin, '7', 1111), note);
        hearing.hear_event(event(KeyReport::Kind::end, '7', 1111, 400), note);
        const std::vector<std::int16_t> silence(2000);
        for (std::size_t i = 0; i < silence.size(); i += cut) {
            hearing.hear(
                std::span(silence).subspan(i, std::min(cut, silence.size() - i)), [](const LineEvent&) {},
                note, [&](std::span<const std::int16_t> part) { heard_to += std::ssize(part); });
        }
        EXPECT_EQ(told, (std::vector{Told{KeyReport::Kind::begin, 1111}, Told{KeyReport::Kind::end, 1511}}));
    }
}

TEST(LegHearingEvents, OfAnotherClockAreToldAsTheyCome) {
    ReportOutbox outbox(50, 0);
    LegHearing hearing(Leg::a, SampleRate::narrowband(), {}, outbox);
    std::vector<SampleIndex> told;
    const auto note = [&](KeyReport::Kind /*kind*/, SampleIndex at) { told.push_back(at); };
    hearing.hear_event(event(KeyReport::Kind::begin, '1', 80'000), note);
    hearing.hear(
        std::vector<std::int16_t>(800), [](const LineEvent&) {}, note, no_part);
    hearing.hear_event(event(KeyReport::Kind::end, '1', 80'000, 400), note);
    hearing.hear(
        std::vector<std::int16_t>(80), [](const LineEvent&) {}, note, no_part);
    EXPECT_EQ(told, (std::vector<SampleIndex>{0, 800}));
}

} // namespace
} // namespace keytone
