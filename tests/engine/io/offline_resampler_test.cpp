// SPDX-License-Identifier: MIT
#include "dsp/sample_rate.hpp"
#include "engine/io/offline_resampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <vector>

namespace keytone::io {
namespace {

std::vector<float> sine(double hz, int rate_hz, std::size_t count) {
    std::vector<float> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples[i] = static_cast<float>(
            0.5 * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
    }
    return samples;
}

std::vector<float> converted(const std::vector<float>& in, int from_hz, int to_hz, std::size_t cut) {
    OfflineResampler resampler(from_hz, to_hz);
    for (std::size_t at = 0; at < in.size(); at += cut) {
        resampler.add(std::span(in).subspan(at, std::min(cut, in.size() - at)));
    }
    return resampler.finish();
}

TEST(OfflineResampler, KeepsASineInPlace) {
    for (const int from : {8000, 11025, 16000, 44100, 48000, 96000}) {
        for (const int to : SampleRate::offered_hz) {
            const auto count = static_cast<std::size_t>(from);
            const auto out = converted(sine(1000, from, count), from, to, count);
            ASSERT_EQ(out.size(), static_cast<std::size_t>(to));
            const auto ideal = sine(1000, to, out.size());
            for (std::size_t i = out.size() / 10; i < out.size() * 9 / 10; ++i) {
                ASSERT_NEAR(out[i], ideal[i], 1e-3) << from << " to " << to << " at " << i;
            }
        }
    }
}

TEST(OfflineResampler, GivesTheLengthToTheNearest) {
    for (const std::size_t count : {0U, 1U, 2U, 159U, 4095U, 4096U, 4097U, 12345U}) {
        for (const int to : SampleRate::offered_hz) {
            const auto out = converted(sine(500, 8000, count), 8000, to, 1000);
            EXPECT_EQ(out.size(),
                      static_cast<std::size_t>(std::llround(static_cast<double>(count) * to / 8000.0)));
        }
    }
}

TEST(OfflineResampler, DoesNotDependOnTheCuts) {
    const auto in = sine(700, 16000, 20000);
    const auto whole = converted(in, 16000, 44100, in.size());
    for (const std::size_t cut : {1U, 333U, 4096U, 5000U}) {
        EXPECT_EQ(converted(in, 16000, 44100, cut), whole) << cut;
    }
}

TEST(OfflineResampler, GivesWhatIsDoneWhileMoreComes) {
    for (const int to : {8000, 16000, 44100}) {
        const auto in = sine(700, 16000, 50000);
        OfflineResampler resampler(16000, to);
        std::vector<float> out;
        std::size_t waiting = 0;
        for (std::size_t at = 0; at < in.size(); at += 500) {
            resampler.add(std::span(in).subspan(at, 500));
            const auto part = resampler.take();
            out.insert(out.end(), part.begin(), part.end());
            const auto due = (at + 500) * static_cast<std::size_t>(to) / 16000;
            waiting = std::max(waiting, due - std::min(due, out.size()));
        }
        EXPECT_LT(waiting, static_cast<std::size_t>(to) / 2);
        const auto rest = resampler.finish();
        out.insert(out.end(), rest.begin(), rest.end());
        EXPECT_EQ(out, converted(in, 16000, to, in.size())) << to;
    }
}

TEST(OfflineResampler, PassesEqualRatesThrough) {
    const auto in = sine(700, 44100, 1000);
    EXPECT_EQ(converted(in, 44100, 44100, 100), in);
}

TEST(OfflineResampler, LetsNothingFold) {
    // 6 kHz is above half of 8 kHz.
    const auto out = converted(sine(6000, 48000, 48000), 48000, 8000, 4096);
    for (std::size_t i = 800; i < 7200; ++i) {
        ASSERT_LT(std::abs(out[i]), 1e-3F);
    }
}

TEST(OfflineResampler, RoundsAndClamps) {
    const std::vector<float> in{0.0F, 0.5F, -0.5F, 1.0F, -1.0F, 2.0F, -2.0F, 1.6F / 32768.0F};
    EXPECT_EQ(to_pcm16(in), (std::vector<std::int16_t>{0, 16384, -16384, 32767, -32768, 32767, -32768, 2}));
    std::vector<std::int16_t> all;
    for (int i = -32768; i < 32768; ++i) {
        all.push_back(static_cast<std::int16_t>(i));
    }
    EXPECT_EQ(to_pcm16(from_pcm16(all)), all);
}

} // namespace
} // namespace keytone::io
