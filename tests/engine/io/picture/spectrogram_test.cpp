// SPDX-License-Identifier: MIT
#include "engine/io/picture/spectrogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace keytone::io {
namespace {

constexpr double row_hz = 4000.0 / 256;

std::vector<std::int16_t> sine(int rate_hz, double hz, double peak, double seconds) {
    std::vector<std::int16_t> samples;
    for (int i = 0; i < seconds * rate_hz; ++i) {
        samples.push_back(
            static_cast<std::int16_t>(std::lround(peak * std::sin(2 * std::numbers::pi * hz * i / rate_hz))));
    }
    return samples;
}

Spectrogram heard(int rate_hz, std::span<const std::int16_t> samples, std::size_t max_columns = 1000) {
    Spectrogram spectrogram(rate_hz, max_columns);
    spectrogram.process(samples);
    spectrogram.finish();
    return spectrogram;
}

std::size_t loudest_row(std::span<const float> column) {
    return static_cast<std::size_t>(std::max_element(column.begin(), column.end()) - column.begin());
}

TEST(Spectrogram, ShowsASineAtItsFrequencyAndLevelAtAnyRate) {
    for (const int rate : {8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000}) {
        for (const double hz : {440.0, 697.0, 1633.0, 3400.0}) {
            const auto spectrogram = heard(rate, sine(rate, hz, 3276.8, 0.5));
            EXPECT_NEAR(spectrogram.seconds(), 0.5, 1.0 / rate);
            EXPECT_NEAR(static_cast<double>(spectrogram.columns()) * spectrogram.column_seconds(), 0.5,
                        0.004);
            const auto column = spectrogram.column(spectrogram.columns() / 2);
            const std::size_t row = loudest_row(column);
            EXPECT_NEAR(static_cast<double>(row) * row_hz, hz, 8.0) << rate;
            // A tenth of full scale is 20 dB below 3.14 dBm0; between two bins the window loses 0.4 dB.
            EXPECT_NEAR(static_cast<double>(column[row]), -16.86, 0.6) << rate << ' ' << hz;
            // Hann's side lobes: nothing is visible far away.
            EXPECT_LT(static_cast<double>(column[row + 25]), -75.0) << rate << ' ' << hz;
        }
    }
}

TEST(Spectrogram, TellsNeighbouringTonesOfAKeyApart) {
    auto samples = sine(8000, 697, 3000, 0.3);
    const auto second = sine(8000, 770, 3000, 0.3);
    std::transform(samples.begin(), samples.end(), second.begin(), samples.begin(),
                   [](std::int16_t a, std::int16_t b) { return static_cast<std::int16_t>(a + b); });
    const auto spectrogram = heard(8000, samples);
    // Averaged over time, the valley between them shows.
    const auto mean = [&](double hz) {
        double sum = 0.0;
        for (std::size_t i = 20; i < 130; ++i) {
            sum += std::pow(10.0, static_cast<double>(spectrogram.column(
                                      i)[static_cast<std::size_t>(std::lround(hz / row_hz))]) /
                                      10.0);
        }
        return 10.0 * std::log10(sum);
    };
    EXPECT_GT(mean(697), mean(733) + 1.0);
    EXPECT_GT(mean(770), mean(733) + 1.0);
}

TEST(Spectrogram, PutsASoundAtItsTime) {
    std::vector<std::int16_t> samples(8000, 0);
    const auto tone = sine(8000, 1000, 8000, 0.2);
    std::copy(tone.begin(), tone.end(), samples.begin() + 4000);
    const auto spectrogram = heard(8000, samples);
    ASSERT_EQ(spectrogram.columns(), 500U);
    for (std::size_t i = 0; i < 500; ++i) {
        const auto level = static_cast<double>(spectrogram.column(i)[64]);
        const double at_s = (static_cast<double>(i) + 0.5) * 0.002;
        if (at_s < 0.5 - 0.016 || at_s > 0.7 + 0.016) {
            EXPECT_LT(level, -100.0) << at_s;
        } else if (at_s > 0.5 + 0.016 && at_s < 0.7 - 0.016) {
            EXPECT_NEAR(level, 3.14 - 20 * std::log10(32768.0 / 8000.0), 0.1) << at_s;
        }
    }
}

TEST(Spectrogram, DoesNotDependOnTheBlocks) {
    std::mt19937 random(1);
    std::vector<std::int16_t> samples(20000);
    for (std::int16_t& sample : samples) {
        sample = static_cast<std::int16_t>(random() % 20000) - 10000;
    }
    const auto whole = heard(8000, samples, 100);
    for (const std::size_t block : {1U, 7U, 160U, 4096U}) {
        Spectrogram parts(8000, 100);
        for (std::span<const std::int16_t> rest = samples; !rest.empty();) {
            const auto part = rest.first(std::min(block, rest.size()));
            parts.process(part);
            rest = rest.subspan(part.size());
        }
        parts.finish();
        ASSERT_EQ(parts.columns(), whole.columns());
        for (std::size_t i = 0; i < whole.columns(); ++i) {
            ASSERT_TRUE(std::equal(parts.column(i).begin(), parts.column(i).end(), whole.column(i).begin()));
        }
    }
}

TEST(Spectrogram, KeepsItsSizeAndEveryShortSound) {
    // An hour of silence with a tone as long as a key in the middle, in 100 columns.
    Spectrogram spectrogram(8000, 100);
    const std::vector<std::int16_t> silence(8000, 0);
    const auto tone = sine(8000, 1000, 8000, 0.1);
    for (int second = 0; second < 3600; ++second) {
        spectrogram.process(silence);
        if (second == 1799) {
            spectrogram.process(tone);
        }
    }
    spectrogram.finish();
    EXPECT_NEAR(spectrogram.seconds(), 3600.1, 1e-6);
    EXPECT_LE(spectrogram.columns(), 100U);
    EXPECT_GT(spectrogram.columns(), 50U);
    EXPECT_GE(static_cast<double>(spectrogram.columns()) * spectrogram.column_seconds(), 3600.1);
    std::size_t loud = 0;
    for (std::size_t i = 0; i < spectrogram.columns(); ++i) {
        if (static_cast<double>(spectrogram.column(i)[64]) > -10.0) {
            ++loud;
            EXPECT_NEAR((static_cast<double>(i) + 0.5) * spectrogram.column_seconds(), 1800.0,
                        spectrogram.column_seconds());
        }
    }
    EXPECT_GE(loud, 1U);
    EXPECT_LE(loud, 2U);
}

TEST(Spectrogram, OfNothingOrLittle) {
    EXPECT_EQ(heard(8000, {}).columns(), 0U);
    EXPECT_EQ(heard(8000, {}).seconds(), 0.0);
    EXPECT_EQ(heard(8000, std::vector<std::int16_t>(1, 1000)).columns(), 1U);
    const auto silent = heard(8000, std::vector<std::int16_t>(800, 0));
    for (const float level : silent.column(10)) {
        EXPECT_EQ(level, -120.0F);
    }
}

TEST(Spectrogram, TakesRatesOutOfBoundsAsTheNearest) {
    for (const int rate : {-1, 0, 1, 1000, 768000, 2000000000}) {
        const auto spectrogram = heard(rate, std::vector<std::int16_t>(2000, 1000), 0);
        EXPECT_GE(spectrogram.columns(), 1U) << rate;
        EXPECT_LE(spectrogram.columns(), 2U) << rate;
    }
    // There is nothing above half the rate.
    EXPECT_EQ(heard(4000, sine(4000, 1000, 8000, 0.5)).column(100)[200], -120.0F);
}

} // namespace
} // namespace keytone::io
