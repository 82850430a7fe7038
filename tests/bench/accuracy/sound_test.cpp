// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace keytone::accuracy {
namespace {

std::vector<float> sine(double hz, double dbm0, int rate_hz, std::size_t count) {
    std::vector<float> samples(count);
    Random random(1);
    add_sine(samples, hz, dbm0, rate_hz, random);
    return samples;
}

/// Power from 0 to 4 kHz of a line at 16 kHz, by a plain Fourier sum over `count` samples.
double power_below_4_khz(std::span<const float> samples, std::size_t count) {
    double power = 0.0;
    for (std::size_t bin = 1; bin < count / 4; ++bin) {
        std::complex<double> sum = 0.0;
        const double turn = 2.0 * std::numbers::pi * static_cast<double>(bin) / static_cast<double>(count);
        for (std::size_t i = 0; i < count; ++i) {
            sum += static_cast<double>(samples[i]) * std::polar(1.0, turn * static_cast<double>(i));
        }
        power += 2.0 * std::norm(sum) / static_cast<double>(count * count);
    }
    return power;
}

// A full-scale sine is +3.14 dBm0 (ITU-T G.711, A-law): 0 dBm0 peaks at 10^(-3.14/20) of full scale.
TEST(Sound, LevelsAreThoseOfG711) {
    EXPECT_NEAR(sine_peak(3.14), 1.0, 1e-12);
    EXPECT_NEAR(sine_peak(0.0), 0.6966, 1e-4);
    EXPECT_NEAR(sine_peak(-13.0), 0.15596, 1e-5);
    EXPECT_NEAR(mean_square(3.14), 0.5, 1e-12);
    EXPECT_NEAR(dbm0_of(mean_square(-27.5)), -27.5, 1e-9);
    EXPECT_NEAR(power_ratio(3.0), 1.99526, 1e-5);
}

TEST(Sound, ASineHasItsLevelAndPeak) {
    const auto samples = sine(1000.0, -13.0, 8000, 8000);
    EXPECT_NEAR(dbm0_of(mean_square(samples)), -13.0, 1e-3);
    // 997 Hz, as the samples of 1000 Hz at 8 kHz may all miss its peak.
    float peak = 0.0F;
    for (const float sample : sine(997.0, -13.0, 8000, 8000)) {
        peak = std::max(peak, std::abs(sample));
    }
    EXPECT_NEAR(static_cast<double>(peak), 0.15596, 1e-4);
}

TEST(Sound, NoiseHasItsSnr) {
    for (const double snr_db : {-3.0, 1.0, 20.0}) {
        Sound sound{8000, std::vector<float>(200000), {}};
        Random random(3);
        add_noise(sound, 0.01, snr_db, random);
        EXPECT_NEAR(10.0 * std::log10(0.01 / mean_square(sound.samples)), snr_db, 0.05);
    }
}

TEST(Sound, OnlyNoiseBelow4KHzCounts) {
    constexpr std::size_t count = 2048;
    double power = 0.0;
    constexpr int times = 8;
    for (int i = 0; i < times; ++i) {
        Sound sound{16000, std::vector<float>(count), {}};
        Random random(static_cast<std::uint64_t>(i) + 10);
        add_noise(sound, 0.01, 1.0, random);
        power += power_below_4_khz(sound.samples, count) / times;
    }
    EXPECT_NEAR(10.0 * std::log10(0.01 / power), 1.0, 0.3);
}

TEST(Sound, SpeechIsMeasuredWhileItSounds) {
    auto samples = sine(400.0, -20.0, 8000, 8000);
    samples.resize(80000, 0.0001F);
    EXPECT_NEAR(dbm0_of(active_mean_square(samples, 8000)), -20.0, 0.01);
    EXPECT_EQ(active_mean_square(std::vector<float>(100), 8000), 0.0);
    EXPECT_EQ(active_mean_square(std::vector<float>(1600), 8000), 0.0);
}

TEST(Sound, PcmIsRoundedAndClamped) {
    const std::vector<float> samples{0.0F, 0.5F, 1.0F, -1.0F, 2.0F, -2.0F, 1.4F / 32768.0F, -1.6F / 32768.0F};
    EXPECT_EQ(to_pcm(samples), (Pcm{0, 16384, 32767, -32768, 32767, -32768, 1, -2}));
    EXPECT_EQ(from_pcm(Pcm{-32768, 16384}), (std::vector<float>{-1.0F, 0.5F}));
}

TEST(Sound, ResamplingKeepsTheInstant) {
    std::vector<float> impulse(1000);
    impulse[400] = 0.5F;
    for (const double ratio : {2.0, 6.0, 1.0 / 1.4, 1.0 / 0.7}) {
        const auto out = resampled(impulse, ratio);
        EXPECT_NEAR(static_cast<double>(out.size()), 1000.0 * ratio, 2.0);
        const auto peak = std::max_element(out.begin(), out.end()) - out.begin();
        EXPECT_NEAR(static_cast<double>(peak), 400.0 * ratio, 1.0) << ratio;
    }
}

TEST(Sound, AnotherRateMovesNoKey) {
    Random random(5);
    const Sound sound = at_rate(key_stream({}, 3, 8000, random), 48000);
    EXPECT_EQ(sound.rate_hz, 48000);
    ASSERT_EQ(sound.keys.size(), 3U);
    const auto at = [&](double seconds) { return static_cast<std::size_t>(seconds * 48000); };
    for (const SentKey& key : sound.keys) {
        const std::span<const float> samples(sound.samples);
        // Two tones of -13 dBm0 have -10 dBm0 together.
        EXPECT_NEAR(dbm0_of(mean_square(samples.subspan(at(key.onset_s), at(0.050)))), -10.0, 0.5);
        EXPECT_LT(dbm0_of(mean_square(samples.subspan(at(key.onset_s - 0.020), at(0.015)))), -50.0);
        EXPECT_LT(dbm0_of(mean_square(samples.subspan(at(key.end_s + 0.005), at(0.015)))), -50.0);
    }
}

} // namespace
} // namespace keytone::accuracy
