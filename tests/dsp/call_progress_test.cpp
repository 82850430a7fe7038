// SPDX-License-Identifier: MIT
//
// Call progress of every country, as it sounds on lines: it is no beep, no words, and its pauses are no
// silence.
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "tests/support/call_progress.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using Kind = LineEvent::Kind;

/// What a gate would detect on a line, frame by frame.
struct Taken {
    bool beep = false;
    bool dial_tone = false;
    bool words = false;
    double longest_quiet_ms = 0.0; ///< From the first sound to 100 ms before the end.
};

Taken hear(const Signal& line, int rate_hz, double from_ms) {
    LineListener listener(*SampleRate::from_hz(rate_hz));
    BeepListener beeps(*SampleRate::from_hz(rate_hz));
    Taken taken;
    const auto samples = to_pcm16(line);
    const auto frame = static_cast<std::size_t>(listener.frame());
    const auto from = static_cast<SampleIndex>(sample_count(from_ms, rate_hz));
    for (std::size_t at = 0; at + frame <= samples.size(); at += frame) {
        beeps.process(listener, std::span(samples).subspan(at, frame), [&](const LineEvent& event) {
            taken.beep = taken.beep || event.kind == Kind::beep_ended;
            taken.dial_tone = taken.dial_tone || event.kind == Kind::dial_tone;
        });
        taken.words = taken.words || listener.last_words();
        const auto quiet = listener.quiet_since();
        if (quiet && listener.heard_to() > from) {
            const auto length = static_cast<double>(listener.heard_to() - std::max(*quiet, from));
            taken.longest_quiet_ms = std::max(taken.longest_quiet_ms, 1000.0 * length / rate_hz);
        }
    }
    return taken;
}

class CallProgressAt : public testing::TestWithParam<int> {};

TEST_P(CallProgressAt, OpensNothing) {
    constexpr double lead_ms = 700.0;
    constexpr std::array forms{
        CallProgressForm{},
        CallProgressForm{.dbm0 = -10.0, .frequency_factor = 0.985, .time_factor = 0.9, .level_step_db = 4.0},
        CallProgressForm{.dbm0 = -20.0, .frequency_factor = 1.015, .time_factor = 1.1, .level_step_db = -4.0},
    };
    for (const CallProgress& plan : call_progress_plans()) {
        const bool is_dial_tone = plan.cadence_ms.size() == 1;
        for (const CallProgressForm& form : forms) {
            for (const double noise_dbm0 : {-65.0, -45.0}) {
                if (GetParam() > 16000 && noise_dbm0 < -50.0) {
                    continue; // Left out to save time.
                }
                Signal line(sample_count(lead_ms, GetParam()));
                append(line, call_progress(plan, 8500.0, GetParam(), form));
                mix_into(line, white_noise(line.size(), noise_dbm0, 7), 0);
                const Taken taken = hear(line, GetParam(), lead_ms + 60.0);
                const std::string what =
                    plan.name + ' ' + std::to_string(form.dbm0) + " dBm0 over " + std::to_string(noise_dbm0);
                EXPECT_FALSE(taken.beep) << what;
                EXPECT_FALSE(taken.words) << what;
                EXPECT_EQ(taken.dial_tone, is_dial_tone) << what;
                if (!plan.cadence_ms.empty()) {
                    EXPECT_LT(taken.longest_quiet_ms, 100.0) << what;
                }
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Rates, CallProgressAt, testing::Values(8000, 16000, 44100, 48000));

// Words before or after ringing are detected as words; ringing is not, whatever words came before.
TEST(CallProgress, WordsAroundItAreWords) {
    constexpr int rate_hz = 8000;
    const auto words = [](std::uint64_t seed) {
        Signal line;
        for (std::uint64_t syllable = 0; syllable < 5; ++syllable) {
            append(line, white_noise(sample_count(180.0, rate_hz), -20.0, seed + syllable));
            append_silence(line, sample_count(60.0, rate_hz));
        }
        return line;
    };
    for (const CallProgress& plan : call_progress_plans()) {
        Signal line(sample_count(500.0, rate_hz));
        append(line, words(1));
        append_silence(line, sample_count(300.0, rate_hz));
        LineListener listener(SampleRate::narrowband());
        listener.process(to_pcm16(line), [](const LineEvent&) {});
        ASSERT_TRUE(listener.last_words());
        EXPECT_NEAR(static_cast<double>(listener.last_words()->end), 8.0 * (500.0 + 5 * 240.0 - 60.0), 160.0);

        Signal ringing = call_progress(plan, 4900.0, rate_hz);
        append_silence(ringing, sample_count(200.0, rate_hz));
        listener.process(to_pcm16(ringing), [](const LineEvent&) {});
        EXPECT_FALSE(listener.last_words()) << plan.name;

        Signal again = words(11);
        append_silence(again, sample_count(300.0, rate_hz));
        listener.process(to_pcm16(again), [](const LineEvent&) {});
        EXPECT_TRUE(listener.last_words()) << plan.name;
        ASSERT_TRUE(listener.quiet_since()) << plan.name;
        EXPECT_EQ(*listener.quiet_since(), listener.last_words()->end) << "words end the ringing's pause";
    }
}

// The ringing stops: 6 s after the last burst the line is quiet.
TEST(CallProgress, RingingThatStopsEndsInQuiet) {
    constexpr int rate_hz = 8000;
    Signal line = call_progress(call_progress_plans().front(), 8000.0, rate_hz); // 2 s into the second
    append_silence(line, sample_count(7000.0, rate_hz));
    LineListener listener(SampleRate::narrowband());
    listener.process(to_pcm16(line), [](const LineEvent&) {});
    ASSERT_TRUE(listener.quiet_since());
    EXPECT_NEAR(static_cast<double>(*listener.quiet_since()), 8.0 * 14000.0, 160.0);
}

} // namespace
} // namespace keytone::test
