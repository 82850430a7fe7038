// SPDX-License-Identifier: MIT
#include "engine/io/speech_level.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace keytone::io {
namespace {

/// Bursts of noise at `dbm0`, each `burst_ms` long, followed by `pause_ms` of silence.
std::vector<float> bursts(double dbm0, double burst_ms, double pause_ms, int count, int rate_hz) {
    std::vector<float> speech;
    for (int i = 0; i < count; ++i) {
        for (const double x :
             test::white_noise(test::sample_count(burst_ms, rate_hz), dbm0, static_cast<std::uint64_t>(i))) {
            speech.push_back(static_cast<float>(x));
        }
        speech.resize(speech.size() + test::sample_count(pause_ms, rate_hz), 0.0F);
    }
    return speech;
}

TEST(ActiveSpeechLevel, OfSteadyNoiseIsItsMeanSquare) {
    for (const double dbm0 : {-10.0, -20.0, -35.0}) {
        EXPECT_NEAR(active_speech_level(bursts(dbm0, 5000, 0, 1, 8000), 8000).value, dbm0, 0.1);
    }
}

TEST(ActiveSpeechLevel, LeavesLongPausesOut) {
    for (const int rate_hz : {8000, 16000}) {
        // Counted as active: a burst, the 200 ms of hangover, and the envelope's fall by some 16 dB (4 to 5
        // time constants of 30 ms, smoothed twice). Of 1000 + 2000 ms these are some 1330 ms: 1.2 dB, while
        // the plain mean is 4.8 dB lower.
        const double level = active_speech_level(bursts(-20, 1000, 2000, 8, rate_hz), rate_hz).value;
        EXPECT_NEAR(level, -21.2, 0.3) << rate_hz;
    }
}

TEST(ActiveSpeechLevel, CountsShortPauses) {
    EXPECT_NEAR(active_speech_level(bursts(-20, 150, 150, 40, 8000), 8000).value, -23.0, 0.3);
}

TEST(ActiveSpeechLevel, FollowsGainExactlyEnough) {
    const auto loud = bursts(-12, 700, 900, 8, 8000);
    auto soft = loud;
    for (float& x : soft) {
        x *= 0.1F;
    }
    EXPECT_NEAR(active_speech_level(loud, 8000).value - active_speech_level(soft, 8000).value, 20.0, 0.2);
}

TEST(ActiveSpeechLevel, OfSilenceIsNothing) {
    EXPECT_EQ(active_speech_level({}, 8000).value, -INFINITY);
    EXPECT_EQ(active_speech_level(std::vector<float>(8000, 0.0F), 8000).value, -INFINITY);
    EXPECT_TRUE(std::isfinite(active_speech_level(std::vector<float>{0.5F}, 8000).value));
}

TEST(TrimSilence, KeepsTenMilliseconds) {
    std::vector<float> speech(8000, 0.0F);
    for (std::size_t i = 3000; i < 5000; ++i) {
        speech[i] = i % 2 == 0 ? 0.5F : -0.5F;
    }
    speech[2000] = 0.004F; // 42 dB down: silence
    const auto trimmed = trim_silence(speech, 8000);
    EXPECT_EQ(trimmed.data() - speech.data(), 3000 - 80);
    EXPECT_EQ(trimmed.size(), 2000U + 160U);
    speech[2000] = -0.006F; // 38 dB down: sound
    EXPECT_EQ(trim_silence(speech, 8000).data() - speech.data(), 2000 - 80);
}

TEST(TrimSilence, StaysInside) {
    const std::vector<float> speech(100, 0.5F);
    EXPECT_EQ(trim_silence(speech, 8000).size(), 100U);
    EXPECT_TRUE(trim_silence(std::vector<float>(100, 0.0F), 8000).empty());
    EXPECT_TRUE(trim_silence({}, 8000).empty());
}

TEST(SetSpeechLevel, BringsSpeechToTheLevel) {
    for (const double before : {-50.0, -20.0, -6.0}) {
        auto speech = bursts(before, 800, 100, 5, 8000);
        set_speech_level(speech, 8000, Dbm0{-20});
        EXPECT_NEAR(active_speech_level(speech, 8000).value, -20.0, 0.2);
    }
}

TEST(SetSpeechLevel, NeverClips) {
    auto speech = bursts(-30, 1000, 0, 1, 8000);
    speech[4000] = 0.9F;
    set_speech_level(speech, 8000, Dbm0{0});
    EXPECT_NEAR(speech[4000], 0.7079, 1e-3);
    std::vector<float> silence(100, 0.0F);
    set_speech_level(silence, 8000, Dbm0{-20});
    EXPECT_EQ(silence, std::vector<float>(100, 0.0F));
}

} // namespace
} // namespace keytone::io
