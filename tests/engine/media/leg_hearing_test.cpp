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

constexpr auto no_key = [](DtmfReport::Kind /*kind*/, SampleIndex /*known*/) {};
constexpr auto no_part = [](std::span<const std::int16_t> /*part*/) {};

TEST(LegHearing, ReportsKeysOnTheLegsClock) {
    const SampleRate rate = SampleRate::narrowband();
    ReportOutbox outbox(20, 0);
    LegHearing hearing(Leg::b, rate, {}, outbox);
    hearing.start_at(100000);
    int events = 0;
    const auto count = [&](const LineEvent&) { ++events; };
    auto samples = key("7w", rate);
    hearing.hear(samples, count, no_key, no_part);
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
        key("7", rate), [](const LineEvent&) {}, no_key, no_part);
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
                hearing.hear(std::span(samples).first(static_cast<std::size_t>(hz / 20)), ignore, no_key,
                             no_part);
                for (SampleCount left = lost; left > 0; left -= cut) {
                    hearing.hear_lost(std::min(left, cut), ignore, no_key);
                }
                hearing.hear(std::span(samples).subspan(static_cast<std::size_t>(hz / 20)), ignore, no_key,
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
    // The listener's frame, in which five samples each are averaged.
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
    hearing.hear(test::to_pcm16(test::white_noise(8000, -20.0, 3)), ignore, no_key, no_part);
    EXPECT_FALSE(hearing.quiet_since());
    hearing.hear_lost(1600, ignore, no_key);
    EXPECT_EQ(hearing.heard_to(), 5000 + 9600);
    ASSERT_TRUE(hearing.quiet_since());
    EXPECT_NEAR(static_cast<double>(*hearing.quiet_since()), 13000.0, 160.0);
    ASSERT_TRUE(hearing.last_words());
    EXPECT_NEAR(static_cast<double>(hearing.last_words()->begin), 5000.0, 160.0);
    EXPECT_EQ(hearing.last_words()->end, *hearing.quiet_since());
}

TEST(LegHearing, TellsAtTheEndOfWhichFrameAKeyIsKnown) {
    const SampleRate rate = SampleRate::narrowband();
    auto samples = key("7w", rate);
    samples.insert(samples.begin(), 137, 0);
    for (const std::size_t cut : {1U, 33U, 80U, 160U, 4000U}) {
        ReportOutbox outbox(20, 0);
        LegHearing hearing(Leg::a, rate, {}, outbox);
        hearing.start_at(1000);
        std::vector<std::pair<DtmfReport::Kind, SampleIndex>> known;
        const auto note = [&](DtmfReport::Kind kind, SampleIndex at) { known.emplace_back(kind, at); };
        for (std::size_t i = 0; i < samples.size(); i += cut) {
            hearing.hear(
                std::span(samples).subspan(i, std::min(cut, samples.size() - i)), [](const LineEvent&) {},
                note, no_part);
        }
        ASSERT_EQ(known.size(), 3U) << cut;
        EXPECT_EQ(known[0].first, DtmfReport::Kind::hint);
        EXPECT_LE(known[0].second, 1000 + 137 + 240); // 30 ms
        EXPECT_EQ(known[1].first, DtmfReport::Kind::begin);
        EXPECT_EQ(known[2].first, DtmfReport::Kind::end);
        for (const auto& [kind, at] : known) {
            EXPECT_EQ((at - 1000) % 80, 0);
        }
    }
}

} // namespace
} // namespace keytone
