// SPDX-License-Identifier: MIT
#include "tests/support/signal.hpp"
#include "tools/listen/line_ear.hpp"
#include "tools/listen/listen_lines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace keytone::tools {
namespace {

constexpr int rate_hz = 8000;

test::Signal tone(double hertz, double ms, double dbm0 = -15.0) {
    test::Signal signal(test::sample_count(ms, rate_hz));
    for (std::size_t i = 0; i < signal.size(); ++i) {
        signal[i] = std::sin(2.0 * std::numbers::pi * hertz * static_cast<double>(i) / rate_hz);
    }
    return test::at_level(signal, dbm0);
}

/// Something like words: bursts of noise, each of another level, 120 ms at a time.
test::Signal words(double ms) {
    test::Signal signal;
    for (std::uint64_t i = 0; signal.size() < test::sample_count(ms, rate_hz); ++i) {
        test::append(signal, test::white_noise(test::sample_count(120, rate_hz),
                                               -14.0 - 6.0 * static_cast<double>(i % 3), 7U + i));
    }
    return signal;
}

void quiet(test::Signal& signal, double ms) {
    test::append_silence(signal, test::sample_count(ms, rate_hz));
}

/// What is told, one line each, in 10 ms.
std::vector<std::string> told(const test::Signal& signal, std::size_t block) {
    LineEar ear(SampleRate::narrowband());
    std::vector<std::string> lines;
    const auto take = [&](const HeardThing& thing) {
        lines.push_back(in_words(thing) + " " + std::to_string((thing.begin + 40) / 80) + "-" +
                        std::to_string((thing.end + 40) / 80));
    };
    const auto samples = test::to_pcm16(signal);
    for (std::size_t at = 0; at < samples.size(); at += block) {
        ear.process(std::span(samples).subspan(at, std::min(block, samples.size() - at)), take);
    }
    ear.finish(take);
    return lines;
}

TEST(LineEar, TellsAGreetingAndABeep) {
    test::Signal signal;
    quiet(signal, 500);
    test::append(signal, words(3600));
    quiet(signal, 800);
    test::append(signal, tone(1000, 400));
    quiet(signal, 1500);
    const auto lines = told(signal, 160);
    EXPECT_EQ(lines.front(), "silence 0-50");
    EXPECT_EQ(std::ranges::count(lines, "speech 50-410"), 1);
    EXPECT_TRUE(
        std::ranges::any_of(lines, [](const auto& line) { return line.starts_with("answered by machine"); }));
    EXPECT_TRUE(std::ranges::any_of(lines, [](const auto& line) { return line.starts_with("beep 53"); }));
    EXPECT_TRUE(std::ranges::none_of(lines, [](const auto& line) { return line.starts_with("sound"); }));
    EXPECT_EQ(lines.back(), "silence 530-680");
}

TEST(LineEar, TellsAHuman) {
    test::Signal signal;
    quiet(signal, 500);
    test::append(signal, words(600));
    quiet(signal, 2000);
    const auto lines = told(signal, 160);
    EXPECT_TRUE(
        std::ranges::any_of(lines, [](const auto& line) { return line.starts_with("answered by human"); }));
}

TEST(LineEar, TellsNothingTwiceHoweverTheStreamIsCut) {
    test::Signal signal;
    quiet(signal, 300);
    test::append(signal, words(1800));
    quiet(signal, 900);
    test::append(signal, tone(1400, 300));
    quiet(signal, 700);
    const auto whole = told(signal, signal.size());
    for (const std::size_t block : {1U, 7U, 80U, 81U, 1024U}) {
        EXPECT_EQ(told(signal, block), whole) << block;
    }
}

TEST(LineEar, AKeyIsNoSoundWithoutAName) {
    LineEar ear(SampleRate::narrowband());
    test::Signal signal;
    quiet(signal, 300);
    test::append(signal, tone(770, 100));
    quiet(signal, 1000);
    const auto samples = test::to_pcm16(signal);
    std::vector<HeardThing::What> whats;
    const auto take = [&](const HeardThing& thing) { whats.push_back(thing.what); };
    ear.process(std::span(samples).first(3300), take);
    ear.note_key(2400, 3200);
    ear.process(std::span(samples).subspan(3300), take);
    EXPECT_EQ(std::ranges::count(whats, HeardThing::What::sound), 0);
}

} // namespace
} // namespace keytone::tools
