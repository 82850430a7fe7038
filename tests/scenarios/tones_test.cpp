// SPDX-License-Identifier: MIT
//
// What every call's legs send, checked independently: SpanDSP decodes the keys, and this test's own
// measurement finds each key's first and last sample.
#include "tests/scenarios/narrow_band.hpp"
#include "tests/scenarios/scenario_run.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/spandsp_decoder.hpp"

#include <gtest/gtest.h>
#include <samplerate.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using namespace test;

/// A keypad's frequencies (ITU-T Q.23), listed here independently.
constexpr std::array low_hz{697.0, 770.0, 852.0, 941.0};
constexpr std::array high_hz{1209.0, 1336.0, 1477.0, 1633.0};
constexpr std::string_view keypad = "123A456B789C*0#D";

/// The sample at which the legs are connected; the leg's end where they are not.
SampleIndex bridged_at(const CallRun& run, Leg leg) {
    for (const Outcome& outcome : run.outcomes) {
        const auto* const intent = std::get_if<Intent>(&outcome.what);
        if (intent != nullptr && intent->what == Intent::Do::bridge) {
            const double at_s = static_cast<double>(outcome.sample) / run.rate(outcome.leg).hz();
            return std::llround(at_s * run.rate(leg).hz());
        }
    }
    return static_cast<SampleIndex>(run.audio[leg].sent.size());
}

/// What keytone itself sent: up to the bridge, after which the other leg is heard.
std::vector<std::int16_t> own_samples(const CallRun& run, Leg leg) {
    std::vector<std::int16_t> samples = run.audio[leg].sent;
    samples.resize(std::min(samples.size(), static_cast<std::size_t>(bridged_at(run, leg))));
    return samples;
}

/// Converted to 8 kHz by libsamplerate.
std::vector<std::int16_t> at_8khz(const std::vector<std::int16_t>& samples, int rate_hz) {
    if (rate_hz == 8000 || samples.empty()) {
        return samples;
    }
    std::vector<float> input(samples.size());
    src_short_to_float_array(samples.data(), input.data(), static_cast<int>(samples.size()));
    std::vector<float> output(samples.size());
    SRC_DATA data{};
    data.data_in = input.data();
    data.data_out = output.data();
    data.input_frames = static_cast<long>(input.size());
    data.output_frames = static_cast<long>(output.size());
    data.src_ratio = 8000.0 / rate_hz;
    EXPECT_EQ(src_simple(&data, SRC_SINC_FASTEST, 1), 0);
    std::vector<std::int16_t> converted(static_cast<std::size_t>(data.output_frames_gen));
    src_float_to_short_array(output.data(), converted.data(), static_cast<int>(converted.size()));
    return converted;
}

/// The frequency of a group that is strongest around a sample.
template <std::size_t Count>
std::size_t strongest(const std::vector<std::int16_t>& samples, int rate_hz, SampleIndex at,
                      const std::array<double, Count>& group) {
    std::array<double, Count> peaks{};
    std::ranges::transform(group, peaks.begin(),
                           [&](double hz) { return NarrowBand(samples, rate_hz, hz).peak_at(at); });
    return static_cast<std::size_t>(std::ranges::max_element(peaks) - peaks.begin());
}

class Tones : public testing::TestWithParam<std::string> {
  protected:
    CallRun run_ = run_offline(scenario_file(GetParam() + ".jsonl"));
};

TEST_P(Tones, AreReadBySpandsp) {
    for (const Leg leg : both_legs) {
        std::string sent;
        bool sensitive = false;
        for (const Outcome& outcome : sent_tones(run_, leg)) {
            sent += std::get<ToneCompleted>(outcome.what).digit;
            sensitive = sensitive || outcome.sensitive;
        }
        std::string read = spandsp_digits(at_8khz(own_samples(run_, leg), run_.rate(leg).hz()));
        if (sensitive) {
            read.assign(read.size(), '?');
        }
        EXPECT_EQ(read, sent) << "leg " << character(leg);
    }
}

TEST_P(Tones, BeginAndEndWhenTheySaid) {
    constexpr double edge_s = 0.002; // The gain is one half in the middle of an edge.
    constexpr double within_s = 0.001;
    constexpr double cut_within_s = 0.006; // A cut tone is faded out over 5 ms.
    for (const Leg leg : both_legs) {
        const std::vector<std::int16_t> samples = own_samples(run_, leg);
        const int rate_hz = run_.rate(leg).hz();
        for (const Outcome& outcome : sent_tones(run_, leg)) {
            const auto& tone = std::get<ToneCompleted>(outcome.what);
            const SampleIndex inside = (tone.begin + tone.end) / 2;
            const std::size_t row = strongest(samples, rate_hz, inside, low_hz);
            const std::size_t column = strongest(samples, rate_hz, inside, high_hz);
            if (!outcome.sensitive) {
                EXPECT_EQ(keypad[4 * row + column], tone.digit);
            }
            for (const double hz : {low_hz[row], high_hz[column]}) {
                const NarrowBand band(samples, rate_hz, hz);
                const auto begin = band.begin(inside, tone.begin);
                const auto end = band.end(inside, tone.end);
                ASSERT_TRUE(begin && end) << tone.digit << " at " << tone.begin << ", " << hz << " Hz";
                EXPECT_NEAR(*begin / rate_hz - edge_s / 2, static_cast<double>(tone.begin) / rate_hz,
                            within_s);
                EXPECT_NEAR(*end / rate_hz + edge_s / 2, static_cast<double>(tone.end) / rate_hz,
                            tone.cut ? cut_within_s : within_s);
            }
        }
    }
}

/// Nothing but keys, speech and the agent's own audio is sent.
TEST_P(Tones, HaveSilenceAroundThem) {
    for (const Leg leg : both_legs) {
        std::vector<std::int16_t> samples = own_samples(run_, leg);
        const auto silence = [&](SampleIndex begin, SampleIndex end) {
            const auto size = static_cast<SampleIndex>(samples.size());
            std::fill(samples.begin() + std::clamp<SampleIndex>(begin, 0, size),
                      samples.begin() + std::clamp<SampleIndex>(end, 0, size), std::int16_t{0});
        };
        for (const Outcome& outcome : run_.outcomes) {
            const auto* const tone = std::get_if<ToneCompleted>(&outcome.what);
            const auto* const op = std::get_if<OpEnded>(&outcome.what);
            if (outcome.leg == leg && tone != nullptr) {
                silence(tone->begin, tone->end);
            } else if (outcome.leg == leg && op != nullptr && op->name == "prompt") {
                // When the caller hangs up, speech ends at once, apart from its fade.
                const bool cut = op->how == OpEnded::How::cancelled;
                silence(op->begin, op->end + (cut ? run_.rate(leg).samples(Milliseconds{5}) : 0));
            }
        }
        if (std::ranges::any_of(run_.scenario.sounds,
                                [leg](const auto& sound) { return sound.leg == leg && sound.by_agent; })) {
            continue; // See AgentAudio below.
        }
        if (leg == Leg::a && run_.scenario.header.hold != Hold::silence) {
            continue; // It hears the hold sound.
        }
        const auto heard = std::ranges::find_if(samples, [](std::int16_t sample) { return sample != 0; });
        EXPECT_EQ(heard, samples.end())
            << "leg " << character(leg) << " at sample " << heard - samples.begin();
    }
}

/// The last reported plan is what was sent.
TEST_P(Tones, AreSentAsPlanned) {
    for (const Leg leg : both_legs) {
        for (const Outcome& outcome : sent_tones(run_, leg)) {
            const auto& tone = std::get<ToneCompleted>(outcome.what);
            const OpPlanned* plan = nullptr;
            for (const Outcome& other : run_.outcomes) {
                const auto* const planned = std::get_if<OpPlanned>(&other.what);
                if (planned != nullptr && other.id == outcome.id && planned->op == tone.op &&
                    other.seq < outcome.seq) {
                    plan = planned;
                }
            }
            ASSERT_NE(plan, nullptr) << "a key that was not planned";
            ASSERT_LT(tone.index, plan->tones.size());
            const OpPlanned::Tone& planned = plan->tones[tone.index];
            EXPECT_EQ(planned.digit, tone.digit);
            EXPECT_EQ(planned.begin, tone.begin);
            EXPECT_TRUE(tone.cut ? planned.end > tone.end : planned.end == tone.end);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Scenario, Tones, testing::ValuesIn(scenario_names()), parameter_name);

TEST(AgentAudio, IsMutedAroundKeysAndNowhereElse) {
    const CallRun run = run_offline(scenario_file("agent_audio_masked.jsonl"));
    const std::vector<Outcome> tones = sent_tones(run, Leg::a);
    ASSERT_EQ(tones.size(), 2U);
    // The same call without its keys: the agent's audio as it is.
    std::string text = scenario_file("agent_audio_masked.jsonl");
    text.erase(text.find(R"({"at":1.0,"type")"));
    const CallRun undisturbed = run_offline(text);
    const auto& sent = run.audio[Leg::a].sent;
    const auto& spoken = undisturbed.audio[Leg::a].sent;
    constexpr SampleCount before = 320; // 40 ms; a key that was not known before begins at once
    constexpr SampleCount behind = 480; // 60 ms
    constexpr SampleCount fade = 40;    // 5 ms
    std::vector<bool> muted(sent.size(), false);
    bool announced = false;
    for (const Outcome& outcome : tones) {
        const auto& tone = std::get<ToneCompleted>(outcome.what);
        const SampleIndex first = tone.begin - (announced ? before : 0);
        for (SampleIndex i = first; i < tone.end + behind + fade; ++i) {
            const auto at = static_cast<std::size_t>(i);
            muted[at] = true;
            const bool sounds = i >= tone.begin && i < tone.end;
            if (!sounds && i >= first + fade && i < tone.end + behind) {
                ASSERT_EQ(sent[at], 0) << i;
            }
        }
        announced = true;
    }
    int changed = 0;
    for (std::size_t i = 0; i < std::min(sent.size(), spoken.size()); ++i) {
        changed += !muted[i] && sent[i] != spoken[i] ? 1 : 0;
    }
    EXPECT_EQ(changed, 0);
    EXPECT_GT(level_dbm0(from_pcm16(std::span(sent).first(7000))), -40.0) << "the agent speaks";
    EXPECT_GT(level_dbm0(from_pcm16(std::span(sent).subspan(10'200, 3000))), -40.0)
        << "between the keys, too";
}

TEST(Bridge, CarriesKeysFromLegToLegAcrossRates) {
    const CallRun run = run_offline(scenario_file("rates_8_16.jsonl"));
    const auto bridge = static_cast<std::size_t>(bridged_at(run, Leg::b));
    const auto& sent = run.audio[Leg::b].sent;
    ASSERT_LT(bridge, sent.size());
    const std::vector<std::int16_t> after(sent.begin() + static_cast<std::ptrdiff_t>(bridge), sent.end());
    EXPECT_EQ(spandsp_digits(at_8khz(after, 16000)), "3");
}

} // namespace
} // namespace keytone
