// SPDX-License-Identifier: MIT
#include "dsp/listener/call_listener.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace keytone {
namespace {

using Lines = std::vector<std::string>;

void add_tones(test::Signal& signal, double ms, double first, double second, int rate_hz) {
    const std::size_t begin = signal.size();
    signal.resize(begin + test::sample_count(ms, rate_hz));
    for (std::size_t i = begin; i < signal.size(); ++i) {
        const double turns = 2.0 * std::numbers::pi * static_cast<double>(i - begin) / rate_hz;
        signal[i] = 0.08 * (std::sin(first * turns) + std::sin(second * turns));
    }
}

void add_silence(test::Signal& signal, double ms, int rate_hz) {
    test::append_silence(signal, test::sample_count(ms, rate_hz));
}

/// Ringing, a greeting, a beep, more words, special information and a fax.
std::vector<std::int16_t> call(int rate_hz) {
    test::Signal signal;
    const auto words = [&](int syllables) {
        for (int i = 0; i < syllables; ++i) {
            test::append(signal, test::white_noise(test::sample_count(120, rate_hz), -20.0 - i % 3,
                                                   7U + static_cast<std::uint64_t>(i)));
        }
    };
    for (int i = 0; i < 2; ++i) {
        add_tones(signal, 2000, 440, 480, rate_hz);
        add_silence(signal, i == 0 ? 4000 : 1000, rate_hz);
    }
    words(5);
    add_silence(signal, 1700, rate_hz);
    add_tones(signal, 300, 1000, 1000, rate_hz);
    add_silence(signal, 1000, rate_hz);
    words(3);
    add_silence(signal, 800, rate_hz);
    for (const double hz : {950, 1400, 1800}) {
        add_tones(signal, 330, hz, hz, rate_hz);
    }
    add_silence(signal, 500, rate_hz);
    add_tones(signal, 1500, 2100, 2100, rate_hz);
    add_silence(signal, 1000, rate_hz);
    return test::to_pcm16(signal);
}

std::string line_of(const LineEvent& event) {
    return "line " + std::to_string(static_cast<int>(event.kind)) + " " + std::to_string(event.at) + " " +
           std::to_string(event.known);
}

std::string line_of(const ProgressEvent& event) {
    return std::string(event.kind == ProgressEvent::Kind::began ? "began " : "ended ") +
           std::string(name_of(event.tone)) + " " + std::to_string(event.at) + " " +
           std::to_string(event.known);
}

std::string line_of(const Answer& answer) {
    return "answer " + std::string(name_of(answer.by)) + " " + std::to_string(answer.begin) + " " +
           std::to_string(answer.known);
}

void hear(CallListener& listener, std::span<const std::int16_t> samples, Lines& lines) {
    const auto take = [&](const auto& heard) { lines.push_back(line_of(heard)); };
    listener.process(samples, {.line = take, .progress = take, .answer = take});
}

Lines heard(const CallListener& fresh, std::span<const std::int16_t> samples, std::size_t block) {
    CallListener listener = fresh;
    Lines lines;
    for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
        hear(listener, samples.first(std::min(block, samples.size())), lines);
    }
    return lines;
}

CallListener listening_for_all(SampleRate rate) {
    CallListener listener(rate);
    listener.begin_progress();
    listener.begin_answer(0);
    return listener;
}

/// By the listeners one by one.
Lines heard_apart(SampleRate rate, std::span<const std::int16_t> samples) {
    LineListener line(rate);
    BeepListener beeps(rate);
    ProgressListener progress(rate);
    AnswerListener answer;
    Lines lines;
    const auto decided = [&](const std::optional<Answer>& known) {
        if (known) {
            lines.push_back(line_of(*known));
        }
    };
    const auto on_line = [&](const LineEvent& event) {
        lines.push_back(line_of(event));
        if (event.kind == LineEvent::Kind::beep_ended) {
            decided(answer.hear_beep());
        }
    };
    for (LineFront::Frame frame; !samples.empty() && beeps.next(line, samples, frame, on_line);) {
        progress.hear(frame, [&](const ProgressEvent& event) {
            lines.push_back(line_of(event));
            if (event.kind == ProgressEvent::Kind::began) {
                decided(answer.hear_tone(event.tone));
            }
        });
        decided(answer.hear(line, 0, progress.sounding()));
    }
    return lines;
}

std::size_t count(const Lines& lines, std::string_view begin) {
    return static_cast<std::size_t>(
        std::ranges::count_if(lines, [&](const std::string& line) { return line.starts_with(begin); }));
}

TEST(CallListener, HearsWhatTheListenersHearOneByOne) {
    for (const int hz : {8000, 11025, 48000}) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        const auto samples = call(hz);
        const Lines lines = heard(listening_for_all(rate), samples, samples.size());
        EXPECT_EQ(lines, heard_apart(rate, samples)) << hz;
        EXPECT_EQ(count(lines, "began ringback"), 1U) << hz;
        EXPECT_EQ(count(lines, "began sit"), 1U) << hz;
        EXPECT_EQ(count(lines, "began answering"), 1U) << hz;
        EXPECT_EQ(count(lines, "answer human"), 1U) << hz;
        EXPECT_EQ(count(lines, "answer machine"), 1U) << hz << ": the beep";
    }
}

TEST(CallListener, DoesNotDependOnTheBlocks) {
    for (const int hz : {8000, 16000}) {
        const auto samples = call(hz);
        const CallListener listener = listening_for_all(*SampleRate::from_hz(hz));
        const Lines whole = heard(listener, samples, samples.size());
        for (const std::size_t block : {1U, 79U, 160U, 1000U}) {
            EXPECT_EQ(heard(listener, samples, block), whole) << hz << " " << block;
        }
    }
}

TEST(CallListener, TellsABeepBeforeWhomItDecidesFor) {
    const Lines lines = heard(listening_for_all(SampleRate::narrowband()), call(8000), 160);
    const auto machine = std::ranges::find_if(
        lines, [](const std::string& line) { return line.starts_with("answer machine"); });
    ASSERT_NE(machine, lines.end());
    ASSERT_NE(machine, lines.begin());
    const auto beep = static_cast<int>(LineEvent::Kind::beep_ended);
    EXPECT_TRUE(std::prev(machine)->starts_with("line " + std::to_string(beep))) << *std::prev(machine);
}

TEST(CallListener, HearsTheLineAloneUnlessMoreBegins) {
    const auto samples = call(8000);
    const CallListener listener(SampleRate::narrowband());
    const Lines lines = heard(listener, samples, 160);
    EXPECT_EQ(count(lines, "line "), lines.size());
    Lines all = heard(listening_for_all(SampleRate::narrowband()), samples, 160);
    std::erase_if(all, [](const std::string& line) { return !line.starts_with("line "); });
    EXPECT_EQ(lines, all);
}

TEST(CallListener, HearsMoreFromItsBeginToItsEnd) {
    const auto samples = call(8000);
    const std::size_t answered = 8000U * 9; // behind the second ringing
    CallListener listener(SampleRate::narrowband());
    Lines lines;
    hear(listener, std::span(samples).first(answered), lines);
    EXPECT_EQ(count(lines, "line "), lines.size());
    listener.begin_progress();
    listener.begin_answer(listener.heard_to());
    lines.clear();
    hear(listener, std::span(samples).subspan(answered, 8000U * 3), lines);
    ASSERT_EQ(count(lines, "answer human 0"), 1U) << "counted from where it begins";
    EXPECT_EQ(count(lines, "began"), 0U);
    listener.end_answer();
    lines.clear();
    hear(listener, std::span(samples).subspan(answered + 8000U * 3), lines);
    EXPECT_EQ(count(lines, "answer"), 0U);
    EXPECT_EQ(count(lines, "began sit"), 1U);
    listener.end_progress();
    lines.clear();
    hear(listener, samples, lines);
    EXPECT_EQ(count(lines, "line "), lines.size());
}

TEST(CallListener, ASinkMayBeginAnew) {
    const auto samples = call(8000);
    CallListener listener = listening_for_all(SampleRate::narrowband());
    std::vector<AnsweredBy> known;
    listener.process(samples, {.line = [](const LineEvent&) {},
                               .progress = [](const ProgressEvent&) {},
                               .answer =
                                   [&](const Answer& answer) {
                                       known.push_back(answer.by);
                                       listener.begin_answer(listener.heard_to());
                                   }});
    const std::vector expected{AnsweredBy::human, AnsweredBy::machine, AnsweredBy::special_information,
                               AnsweredBy::fax, AnsweredBy::machine};
    EXPECT_EQ(known, expected) << "the fax's tone, once it has ended, is a beep as well";
}

TEST(CallListener, ResetIsFresh) {
    const auto samples = call(8000);
    const Lines fresh = heard(listening_for_all(SampleRate::narrowband()), samples, 160);
    CallListener used = listening_for_all(SampleRate::narrowband());
    Lines lines;
    hear(used, std::span(samples).first(8000U * 5 + 33), lines);
    used.reset();
    EXPECT_EQ(used.heard_to(), 0);
    EXPECT_EQ(heard(used, samples, 160), fresh);
}

} // namespace
} // namespace keytone
