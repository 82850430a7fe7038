// SPDX-License-Identifier: MIT
#include "tests/support/block_sizes.hpp"
#include "tools/device/line_monitor.hpp"
#include "tools/render/digit_stream.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <thread>
#include <vector>

namespace keytone::tools {
namespace {

std::vector<std::int16_t> keyed(const char* digits, SampleRate rate, Milliseconds length = Milliseconds{60}) {
    DigitStream stream = *DigitStream::create(digits, {.rate = rate,
                                                       .tone = {.tone = length, .gap = length},
                                                       .lead = Milliseconds{50},
                                                       .tail = Milliseconds{50}});
    std::vector<std::int16_t> samples(static_cast<std::size_t>(stream.length()));
    stream.generate(std::span<std::int16_t>(samples));
    return samples;
}

/// What a detector reports for these samples.
std::vector<DtmfReport> detected(std::span<const std::int16_t> samples, SampleRate rate) {
    std::vector<DtmfReport> reports;
    DtmfDetector detector(rate);
    detector.process(samples, [&](const DtmfReport& report) { reports.push_back(report); });
    detector.finish([&](const DtmfReport& report) { reports.push_back(report); });
    return reports;
}

std::vector<DtmfReport> reports_of(LineMonitor& monitor) {
    std::vector<DtmfReport> reports;
    while (const auto report = monitor.poll()) {
        reports.push_back(*report);
    }
    return reports;
}

/// `samples` on one channel of several; the others are at full scale.
std::vector<std::int16_t> frames_of(std::span<const std::int16_t> samples, std::size_t channels,
                                    std::size_t channel) {
    std::vector<std::int16_t> frames(samples.size() * channels, 32'767);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        frames[i * channels + channel] = samples[i];
    }
    return frames;
}

TEST(LineMonitor, HearsWhatTheDetectorHearsWhateverTheBlocks) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        const auto samples = keyed("159D#", rate);
        const auto expected = detected(samples, rate);
        ASSERT_GE(expected.size(), 10U);
        for (const std::size_t size : test::device_block_sizes()) {
            LineMonitor monitor(rate, {}, 3, 1);
            for (std::size_t begin = 0; begin < samples.size(); begin += size) {
                const auto part = std::span(samples).subspan(begin, std::min(size, samples.size() - begin));
                const auto frames = frames_of(part, 3, 1);
                monitor.on_block({.frames = part.size(), .heard = frames, .sent = {}});
            }
            monitor.finish();
            EXPECT_EQ(reports_of(monitor), expected) << hz << " Hz, blocks of " << size;
            EXPECT_EQ(monitor.position(), static_cast<SampleIndex>(samples.size()));
            EXPECT_EQ(monitor.reports_lost(), 0U);
        }
    }
}

TEST(LineMonitor, EndsAtItsLimit) {
    const SampleRate rate = SampleRate::narrowband();
    const auto samples = keyed("12345", rate);
    LineMonitor monitor(rate, {}, 1, 0, 2000);
    for (int i = 0; i < 3; ++i) {
        monitor.on_block({.frames = samples.size(), .heard = samples, .sent = {}});
    }
    monitor.finish();
    EXPECT_EQ(monitor.position(), 2000);
    EXPECT_EQ(reports_of(monitor), detected(std::span(samples).first(2000), rate));
}

// Samples that a device does not deliver are lost, not silent: a key that goes on is one key.
TEST(LineMonitor, TakesNothingForALoss) {
    const SampleRate rate = SampleRate::narrowband();
    const auto samples = keyed("5", rate, Milliseconds{200});
    LineMonitor monitor(rate, {}, 1, 0);
    for (std::size_t begin = 0; begin < samples.size(); begin += 80) {
        const auto part =
            std::span(samples).subspan(begin, std::min<std::size_t>(80, samples.size() - begin));
        const bool lost = begin / 80 == 13 || begin / 80 == 14;
        monitor.on_block(
            {.frames = part.size(), .heard = lost ? std::span<const std::int16_t>() : part, .sent = {}});
    }
    monitor.finish();
    const auto reports = reports_of(monitor);
    ASSERT_FALSE(reports.empty());
    EXPECT_EQ(std::ranges::count(reports, DtmfReport::Kind::end, &DtmfReport::kind), 1);
    EXPECT_NEAR(static_cast<double>(reports.back().duration), 1600.0, 16.0);
}

TEST(LineMonitor, CountsTheReportsThatFoundNoRoom) {
    const SampleRate rate = SampleRate::narrowband();
    const auto samples = keyed("12345678901234567890", rate);
    LineMonitor monitor(rate, {}, 1, 0);
    std::size_t all = 0;
    for (int i = 0; i < 10; ++i) {
        monitor.on_block({.frames = samples.size(), .heard = samples, .sent = {}});
        all += 60; // hint, begin and end of each key
    }
    monitor.finish();
    EXPECT_EQ(monitor.reports_lost(), all - LineMonitor::ring_capacity);
    EXPECT_EQ(reports_of(monitor).size(), LineMonitor::ring_capacity);
}

TEST(LineMonitor, MeasuresTheLevelSinceTheLastLook) {
    const SampleRate rate = SampleRate::narrowband();
    LineMonitor monitor(rate, {}, 1, 0);
    const auto hear = [&](std::int16_t amplitude) {
        std::vector<std::int16_t> square(800, amplitude);
        for (std::size_t i = 0; i < square.size(); i += 2) {
            square[i] = static_cast<std::int16_t>(-amplitude);
        }
        monitor.on_block({.frames = square.size(), .heard = square, .sent = {}});
    };
    EXPECT_EQ(monitor.level_since().value, -std::numeric_limits<double>::infinity());
    hear(32'767); // 3 dB above a sine of the same peak
    EXPECT_NEAR(monitor.level_since().value, 3.14 + 3.01, 0.01);
    hear(3277);
    EXPECT_NEAR(monitor.level_since().value, 3.14 + 3.01 - 20.0, 0.01);
    hear(0);
    EXPECT_EQ(monitor.level_since().value, -std::numeric_limits<double>::infinity());
}

TEST(LineMonitor, TwoThreadsShareIt) {
    const SampleRate rate = SampleRate::narrowband();
    const auto samples = keyed("1234567890", rate);
    LineMonitor monitor(rate, {}, 1, 0);
    constexpr int rounds = 20;
    std::atomic<bool> over{false};
    std::thread audio([&] {
        for (int round = 0; round < rounds; ++round) {
            for (std::size_t begin = 0; begin < samples.size(); begin += 128) {
                const auto part =
                    std::span(samples).subspan(begin, std::min<std::size_t>(128, samples.size() - begin));
                monitor.on_block({.frames = part.size(), .heard = part, .sent = {}});
            }
            std::this_thread::yield();
        }
        over.store(true, std::memory_order_release);
    });
    std::uint64_t seen = 0;
    SampleIndex last = 0;
    for (bool done = false; !done;) {
        done = over.load(std::memory_order_acquire);
        seen += reports_of(monitor).size();
        EXPECT_FALSE(std::isnan(monitor.level_since().value));
        EXPECT_GE(monitor.position(), last);
        last = monitor.position();
    }
    audio.join();
    EXPECT_EQ(seen + monitor.reports_lost(), 30U * rounds);
}

} // namespace
} // namespace keytone::tools
