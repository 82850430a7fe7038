// SPDX-License-Identifier: MIT
#include "dsp/detector/decimator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

class DecimatorAt : public testing::TestWithParam<int> {
  protected:
    [[nodiscard]] SampleRate rate() const { return *SampleRate::from_hz(GetParam()); }
};

Samples sine(int rate_hz, double frequency_hz, double peak, std::size_t count) {
    Samples samples(count);
    for (std::size_t n = 0; n < count; ++n) {
        const double turns = frequency_hz * static_cast<double>(n) / rate_hz;
        samples[n] = static_cast<std::int16_t>(std::lround(peak * std::sin(2.0 * std::numbers::pi * turns)));
    }
    return samples;
}

Samples decimate(Decimator& decimator, std::span<const std::int16_t> in) {
    Samples out;
    std::array<std::int16_t, 64> block{};
    while (const std::size_t written = decimator.process(in, block)) {
        out.insert(out.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(written));
    }
    return out;
}

// Complex amplitude of `frequency_hz` at 8 kHz from sample 400 on, over a whole number of 10 ms; -j A for A
// sin(w t).
std::complex<double> amplitude(const Samples& samples, double frequency_hz) {
    std::complex<double> sum{};
    const std::size_t first = 400;
    const std::size_t count = 4000;
    for (std::size_t n = first; n < first + count; ++n) {
        sum += static_cast<double>(samples[n]) *
               std::polar(1.0, -2.0 * std::numbers::pi * frequency_hz * static_cast<double>(n) / 8000.0);
    }
    return 2.0 / static_cast<double>(count) * sum;
}

TEST_P(DecimatorAt, PassesTheVoiceBandInPlace) {
    for (double frequency = 100.0; frequency <= 3100.0; frequency += 100.0) {
        Decimator decimator(rate());
        const Samples out =
            decimate(decimator, sine(GetParam(), frequency, 20000.0, static_cast<std::size_t>(GetParam())));
        const std::complex<double> gain = amplitude(out, frequency) / std::complex<double>(0.0, -20000.0);
        EXPECT_LT(std::abs(20.0 * std::log10(std::abs(gain))), 0.1) << frequency;
        // Output m stands for the exact instant of its input: the remaining delay is below a hundredth of a
        // sample.
        EXPECT_LT(std::abs(std::arg(gain)), 0.01 * 2.0 * std::numbers::pi * frequency / 8000.0 + 1e-3)
            << frequency;
    }
}

TEST_P(DecimatorAt, StopsWhatWouldFoldOntoTheVoiceBand) {
    for (double frequency = 4900.0; frequency < 0.49 * GetParam(); frequency += 173.0) {
        const double image = std::abs(frequency - 8000.0 * std::round(frequency / 8000.0));
        if (image > 3100.0) {
            continue;
        }
        Decimator decimator(rate());
        const Samples out =
            decimate(decimator, sine(GetParam(), frequency, 30000.0, static_cast<std::size_t>(GetParam())));
        double energy = 0.0;
        for (std::size_t n = 400; n < 4400; ++n) {
            energy += static_cast<double>(out[n]) * out[n];
        }
        EXPECT_LT(10.0 * std::log10(energy / 4000.0 / (0.5 * 30000.0 * 30000.0)), -54.0) << frequency;
    }
}

TEST_P(DecimatorAt, DoesNotDependOnHowTheInputIsCut) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> any(-32768, 32767);
    Samples in(static_cast<std::size_t>(GetParam()) / 2);
    for (auto& sample : in) {
        sample = static_cast<std::int16_t>(any(random));
    }
    Decimator whole(rate());
    const Samples expected = decimate(whole, in);
    Decimator cut(rate());
    Samples out;
    std::span<const std::int16_t> rest = in;
    while (!rest.empty()) {
        const std::size_t count = std::min<std::size_t>(rest.size(), random() % 400);
        const Samples part = decimate(cut, rest.first(count));
        out.insert(out.end(), part.begin(), part.end());
        rest = rest.subspan(count);
    }
    EXPECT_EQ(out, expected);
    cut.reset();
    EXPECT_EQ(decimate(cut, in), expected);
}

TEST_P(DecimatorAt, KeepsItsRatioForFiveMinutes) {
    Decimator decimator(rate());
    const Samples second(static_cast<std::size_t>(GetParam()));
    std::size_t out = 0;
    for (int s = 0; s < 300; ++s) {
        out += decimate(decimator, second).size();
    }
    // The last outputs still wait for the inputs after them.
    EXPECT_NEAR(static_cast<double>(out), 300.0 * 8000.0, 8000.0 * decimator.lookahead() / GetParam() + 1.0);
}

TEST_P(DecimatorAt, ClampsAtFullScale) {
    // A step overshoots full scale on either side.
    Samples step(static_cast<std::size_t>(GetParam()) / 10, std::int16_t{-32768});
    std::fill(step.begin() + GetParam() / 20, step.end(), std::int16_t{32767});
    Decimator decimator(rate());
    const Samples out = decimate(decimator, step);
    for (std::size_t n = 16; n < 390; ++n) {
        EXPECT_LT(out[n], -29000) << n;
    }
    for (std::size_t n = 410; n < out.size(); ++n) {
        EXPECT_GT(out[n], 29000) << n;
    }
    EXPECT_EQ(*std::min_element(out.begin(), out.end()), -32768);
    EXPECT_EQ(*std::max_element(out.begin(), out.end()), 32767);
}

INSTANTIATE_TEST_SUITE_P(EveryRate, DecimatorAt,
                         testing::ValuesIn(SampleRate::offered_hz.begin() + 1, SampleRate::offered_hz.end()));

TEST(Decimator, PassesEightKilohertzAsItIs) {
    Decimator decimator(SampleRate::narrowband());
    const Samples in = sine(8000, 440.0, 32767.0, 8000);
    EXPECT_EQ(decimate(decimator, in), in);
    EXPECT_EQ(decimator.lookahead(), 0);
}

} // namespace
} // namespace keytone
