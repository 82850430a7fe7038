// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_fit.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace keytone {
namespace {

using test::Signal;

struct Tone {
    double frequency_hz;
    double peak; // full scale is 1
    double phase;
};

// Both tones from sample `onset` to before `end` of twelve sub-blocks.
Signal tones_in(const Tone& low, const Tone& high, std::size_t onset, std::size_t end) {
    Signal signal(12 * sub_block_size, 0.0);
    for (std::size_t n = onset; n < end; ++n) {
        for (const Tone& tone : {low, high}) {
            const double phase =
                2.0 * std::numbers::pi * tone.frequency_hz * static_cast<double>(n) / bank_rate_hz;
            signal[n] += tone.peak * std::sin(phase + tone.phase);
        }
    }
    return signal;
}

ToneTracker track(const Signal& signal, std::int64_t lost = -1) {
    const auto samples = test::to_pcm16(signal);
    ToneTracker tracker;
    for (std::size_t b = 0; b < samples.size() / sub_block_size; ++b) {
        tracker.push(SubBlock(samples.data() + b * sub_block_size, sub_block_size),
                     static_cast<std::int64_t>(b) == lost, true);
    }
    return tracker;
}

constexpr TonePair guess{1, 2, {780.0}, {1470.0}};
constexpr Tone low{770.5, 0.2, 0.3};
constexpr Tone high{1481.25, 0.1, 2.0};

TEST(ToneFit, RecoversFrequencyAndLevelOfBoth) {
    const ToneTracker tracker = track(tones_in(low, high, 0, 480));
    const ToneFit fit = fit_tones(tracker, 4, 9, guess);
    EXPECT_NEAR(fit.tones[0].frequency.value, low.frequency_hz, 0.01);
    EXPECT_NEAR(fit.tones[1].frequency.value, high.frequency_hz, 0.01);
    EXPECT_NEAR(std::abs(fit.tones[0].phasor), 32768.0 * low.peak, 1.0);
    EXPECT_NEAR(std::abs(fit.tones[1].phasor), 32768.0 * high.peak, 1.0);
    EXPECT_LT(fit.residual_power, 1.0); // 74 dB below the tones
    EXPECT_LT(fit.wavering, 1e-6);
}

TEST(ToneFit, PassesOverWhatWasLost) {
    Signal signal = tones_in(low, high, 0, 480);
    std::fill(signal.begin() + 6 * 40, signal.begin() + 7 * 40, 0.7);
    const ToneFit fit = fit_tones(track(signal, 6), 4, 9, guess);
    EXPECT_NEAR(fit.tones[0].frequency.value, low.frequency_hz, 0.02);
    EXPECT_NEAR(fit.tones[1].frequency.value, high.frequency_hz, 0.02);
    EXPECT_LT(fit.residual_power, 1.0);
}

TEST(ToneFit, FindsOnsetAndEndToTheSample) {
    for (const std::size_t onset : {0U, 77U, 120U, 131U}) {
        for (const std::size_t end : {360U, 399U, 403U, 480U}) {
            const ToneTracker tracker = track(tones_in(low, high, onset, end));
            const ToneFit fit = fit_tones(tracker, 4, 9, guess);
            EXPECT_NEAR(static_cast<double>(likeliest_onset(fit, tracker, 0, 6)), static_cast<double>(onset),
                        1.0);
            EXPECT_NEAR(static_cast<double>(likeliest_end(fit, tracker, 6)), static_cast<double>(end), 1.0);
        }
    }
}

TEST(ToneFit, TellsWhiteFromColoured) {
    Signal white = tones_in(low, high, 0, 480);
    test::mix_into(white, test::white_noise(480, -10.0, 3), 0);
    EXPECT_LT(fit_tones(track(white), 4, 12, guess).residual_prediction_gain.value, 0.5);

    Signal coloured = tones_in(low, high, 0, 480);
    double state = 0.0;
    Signal noise = test::white_noise(480, -10.0, 3);
    for (double& sample : noise) {
        state = 0.8 * state + sample;
        sample = state;
    }
    test::mix_into(coloured, noise, 0);
    // An order-1 process with coefficient a is predicted by 1 / (1 - a²): 4.4 dB.
    EXPECT_NEAR(fit_tones(track(coloured), 4, 12, guess).residual_prediction_gain.value, 4.4, 1.5);
}

TEST(ToneFit, OfSilenceIsFinite) {
    const ToneTracker tracker = track(Signal(480, 0.0));
    const ToneFit fit = fit_tones(tracker, 4, 9, guess);
    EXPECT_TRUE(std::isfinite(fit.tones[0].frequency.value));
    EXPECT_EQ(fit.tone_power, 0.0);
    EXPECT_EQ(fit.residual_prediction_gain.value, 0.0);
    EXPECT_EQ(fit.wavering, 0.0);
}

} // namespace
} // namespace keytone
