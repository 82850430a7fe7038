// SPDX-License-Identifier: MIT
#include "dsp/goertzel_bank.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace keytone {
namespace {

using Samples = std::array<std::int16_t, sub_block_size>;

std::complex<double> plain_sum(const Samples& samples, Hertz frequency) {
    std::complex<double> sum{};
    for (std::size_t n = 0; n < samples.size(); ++n) {
        sum += static_cast<double>(samples[n]) * std::polar(1.0, -2.0 * std::numbers::pi * frequency.value *
                                                                     static_cast<double>(n) / bank_rate_hz);
    }
    return sum;
}

void expect_plain_sums(const Samples& samples) {
    const BankOutput output = run_goertzel_bank(samples);
    double magnitudes = 0.0;
    double energy = 0.0;
    for (const std::int16_t sample : samples) {
        magnitudes += std::abs(static_cast<double>(sample));
        energy += static_cast<double>(sample) * sample;
    }
    // Each coefficient is rounded to half of 1/511.
    const double rounding = magnitudes * 0.5 / 511.0 * std::numbers::sqrt2 + 1e-3;
    for (std::size_t k = 0; k < 8; ++k) {
        const std::complex<double> output_k(output.tone[k]);
        EXPECT_LE(std::abs(output_k - plain_sum(samples, bank_frequency(k))), rounding) << k;
    }
    EXPECT_NEAR(output.energy, energy, 1e-6 * energy);
}

TEST(GoertzelBank, EqualsPlainSums) {
    std::mt19937 random(1);
    std::uniform_int_distribution<int> any(-32768, 32767);
    for (int trial = 0; trial < 200; ++trial) {
        Samples samples{};
        for (auto& sample : samples) {
            sample = static_cast<std::int16_t>(any(random));
        }
        expect_plain_sums(samples);
    }
}

TEST(GoertzelBank, DoesNotOverflowAtFullScale) {
    Samples samples{};
    samples.fill(-32768);
    expect_plain_sums(samples);
    for (std::size_t k = 0; k < 8; ++k) {
        // The worst a signal can do to one filter: full scale with its own sign.
        for (std::size_t n = 0; n < samples.size(); ++n) {
            const double phase =
                2.0 * std::numbers::pi * bank_frequency(k).value * static_cast<double>(n) / bank_rate_hz;
            samples[n] = std::cos(phase) < 0.0 ? std::int16_t{-32768} : std::int16_t{32767};
        }
        expect_plain_sums(samples);
    }
}

} // namespace
} // namespace keytone
