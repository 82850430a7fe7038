// SPDX-License-Identifier: MIT
#include "dsp/listener/answer_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <vector>

namespace keytone {
namespace {

constexpr int rate_hz = 8000;

void add_ring(test::Signal& signal, double ms, double first = 440.0, double second = 480.0) {
    const std::size_t begin = signal.size();
    signal.resize(begin + test::sample_count(ms, rate_hz));
    for (std::size_t i = begin; i < signal.size(); ++i) {
        const double turns = 2.0 * std::numbers::pi * static_cast<double>(i - begin) / rate_hz;
        signal[i] = 0.08 * (std::sin(first * turns) + std::sin(second * turns));
    }
}

/// Something like words: noise whose level changes every 120 ms.
void add_words(test::Signal& signal, int syllables) {
    for (int i = 0; i < syllables; ++i) {
        test::append(signal, test::white_noise(test::sample_count(120, rate_hz), -20.0 - i % 3,
                                               7U + static_cast<std::uint64_t>(i)));
    }
}

void add_silence(test::Signal& signal, double ms) {
    test::append_silence(signal, test::sample_count(ms, rate_hz));
}

/// Who answered, with the greeting's first frame; a line for each decision.
std::vector<std::string> decided(const test::Signal& signal) {
    LineListener line(SampleRate::narrowband());
    ProgressListener progress(SampleRate::narrowband());
    AnswerListener listener;
    std::vector<std::string> lines;
    const auto tell = [&](const std::optional<Answer>& answer) {
        if (answer) {
            lines.push_back(std::string(name_of(answer->by)) + " " + std::to_string(answer->begin));
        }
    };
    const auto samples = test::to_pcm16(signal);
    for (std::size_t at = 0; at + 80 <= samples.size(); at += 80) {
        line.process(
            std::span(samples).subspan(at, 80), [](const LineEvent&) {},
            [&](const LineFront::Frame& frame) {
                progress.hear(frame, [&](const ProgressEvent& event) {
                    if (event.kind == ProgressEvent::Kind::began) {
                        tell(listener.hear_tone(event.tone));
                    }
                });
            });
        tell(listener.hear(line, 0, progress.sounding()));
    }
    return lines;
}

using Lines = std::vector<std::string>;

TEST(AnswerListener, AWordAndSilenceAreAHuman) {
    test::Signal signal;
    add_silence(signal, 500);
    add_words(signal, 5);
    add_silence(signal, 2000);
    EXPECT_EQ(decided(signal), Lines{"human 50"});
}

TEST(AnswerListener, RingingIsNobody) {
    test::Signal signal;
    for (int i = 0; i < 4; ++i) {
        add_ring(signal, 2000);
        add_silence(signal, 4000);
    }
    EXPECT_EQ(decided(signal), Lines{}) << "a ring is as long as a greeting";
}

TEST(AnswerListener, RingingOfOneToneIsNobodyEither) {
    test::Signal signal;
    for (int i = 0; i < 4; ++i) {
        add_ring(signal, 1000, 425.0, 425.0);
        add_silence(signal, 4000);
    }
    EXPECT_EQ(decided(signal), Lines{}) << "and not unknown, while it may still be answered";
}

TEST(AnswerListener, SilenceIsUnknown) {
    test::Signal signal;
    add_silence(signal, 8000);
    EXPECT_EQ(decided(signal), Lines{"unknown 0"});
}

TEST(AnswerListener, WhoAnswersAfterRingingIsHeard) {
    test::Signal signal;
    add_ring(signal, 2000);
    add_silence(signal, 4000);
    add_ring(signal, 2000);
    add_silence(signal, 1000);
    add_words(signal, 5);
    add_silence(signal, 2500);
    const Lines lines = decided(signal);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].starts_with("human 9")) << lines[0];
}

/// What is decided of a line on which so many frames of words and of silence are heard, while a tone sounds.
struct Decided {
    Answer answer;
    AnswerListener listener;
};
Decided decided(int syllables, double silence_ms, std::optional<ProgressTone> sounding,
                SampleIndex since = 0) {
    test::Signal signal;
    add_words(signal, syllables);
    add_silence(signal, silence_ms);
    const auto samples = test::to_pcm16(signal);
    LineListener line(SampleRate::narrowband());
    Decided decided{Answer{}, AnswerListener{}};
    for (std::size_t at = 0; at + 80 <= samples.size(); at += 80) {
        line.process(std::span(samples).subspan(at, 80), [](const LineEvent&) {});
        if (const auto answer = decided.listener.hear(line, since, sounding)) {
            decided.answer = *answer;
        }
    }
    return decided;
}

TEST(AnswerListener, WhileTheNetworksTonesSoundNobodyIsWaitedFor) {
    for (const ProgressTone tone :
         {ProgressTone::dial, ProgressTone::second_dial, ProgressTone::ringback, ProgressTone::busy,
          ProgressTone::congestion, ProgressTone::number_unobtainable}) {
        EXPECT_EQ(decided(0, 6000.0, tone).answer.known, 0) << name_of(tone);
        EXPECT_EQ(decided(5, 3000.0, tone).answer.known, 0) << name_of(tone);
    }
    EXPECT_EQ(decided(0, 6000.0, ProgressTone::fax_calling).answer.known, 500);
    EXPECT_EQ(decided(5, 3000.0, ProgressTone::fax_calling).answer.by, AnsweredBy::human);
}

TEST(AnswerListener, WordsFromBeforeItListenedAreNobodys) {
    EXPECT_EQ(decided(5, 3000.0, std::nullopt, 1000).answer.by, AnsweredBy::human);
    EXPECT_EQ(decided(5, 3000.0, std::nullopt, 8000).answer.known, 0);
}

TEST(AnswerListener, ATonesBeginLaterDoesNotUndoWhoAnswered) {
    Decided human = decided(5, 3000.0, std::nullopt);
    ASSERT_EQ(human.answer.by, AnsweredBy::human);
    const LineListener line(SampleRate::narrowband());
    human.listener.hear(line, 0, ProgressTone::busy);
    const auto beep = human.listener.hear_beep();
    ASSERT_TRUE(beep);
    EXPECT_TRUE(beep->revised);
}

TEST(AnswerListener, ResetIsFresh) {
    LineListener line(SampleRate::narrowband());
    AnswerListener used;
    const std::vector<std::int16_t> silence(80);
    for (int i = 0; i < 700; ++i) {
        line.process(silence, [](const LineEvent&) {});
        used.hear(line, 0, ProgressTone::ringback);
    }
    used.reset();
    AnswerListener fresh;
    for (int i = 0; i < 600; ++i) {
        line.process(silence, [](const LineEvent&) {});
        const auto a = used.hear(line, 0, std::nullopt);
        const auto b = fresh.hear(line, 0, std::nullopt);
        ASSERT_EQ(a.has_value(), b.has_value());
        if (a) {
            EXPECT_EQ(a->known, b->known);
        }
    }
}

} // namespace
} // namespace keytone
