// SPDX-License-Identifier: MIT
#include "dsp/detector/sub_block.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/instruction_set.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstring>
#include <numbers>
#include <random>
#include <tuple>

namespace keytone::simd {
namespace {

using Samples = std::array<std::int16_t, sub_block_size>;

/// Runs with every instruction set that this machine supports.
class Kernel : public testing::TestWithParam<InstructionSet> {
  protected:
    void SetUp() override {
        if (!use_instruction_set(GetParam())) {
            GTEST_SKIP() << "this machine does not run " << name(GetParam());
        }
    }
    void TearDown() override { use_instruction_set(before_); }

    /// The kernels for the instruction set that every machine has.
    static const Kernels& baseline() {
        const InstructionSet own = instruction_set();
        use_instruction_set(InstructionSet::baseline);
        const Kernels& kernels = simd::kernels();
        use_instruction_set(own);
        return kernels;
    }

    Samples noise(int peak = 32767) {
        std::uniform_int_distribution<int> any(-peak - 1, peak);
        Samples samples{};
        for (auto& sample : samples) {
            sample = static_cast<std::int16_t>(any(random_));
        }
        return samples;
    }

    std::mt19937 random_{1};

  private:
    InstructionSet before_ = instruction_set();
};

INSTANTIATE_TEST_SUITE_P(EverySet, Kernel, testing::ValuesIn(all_instruction_sets),
                         [](const auto& set) { return std::string(name(set.param)); });

template <class Value>
bool same_bits(const Value& a, const Value& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

constexpr ScreenDemands any_demands{
    .least_energy = 1.0F, .least_tone_energy = 1.0F, .max_power_ratio = 25.0F, .least_dial_energy = 1.0F};

std::complex<double> plain_sum(const Samples& samples, Hertz frequency) {
    std::complex<double> sum{};
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double from_middle = static_cast<double>(n) - 19.5;
        sum += static_cast<double>(samples[n]) *
               std::polar(1.0, -2.0 * std::numbers::pi * frequency.value * from_middle / bank_rate_hz);
    }
    return sum;
}

void expect_plain_sums(const Samples& samples) {
    BankSums sums;
    kernels().bank(samples.data(), sums);
    double magnitudes = 0.0;
    for (const std::int16_t sample : samples) {
        magnitudes += std::abs(static_cast<double>(sample));
    }
    // Each coefficient is rounded by at most half of 1/3276, each sum or difference of two samples down to a
    // multiple of 2.
    const double rounding =
        magnitudes * 0.5 / (2.0 * bank_scale) * std::numbers::sqrt2 + 20.0 * std::numbers::sqrt2;
    for (std::size_t k = 0; k < 8; ++k) {
        const std::complex<double> heard(sums.re[k] / double{bank_scale}, sums.im[k] / double{bank_scale});
        EXPECT_LE(std::abs(heard - plain_sum(samples, bank_frequency(k))), rounding) << k;
    }
}

TEST_P(Kernel, BankEqualsPlainSums) {
    for (int trial = 0; trial < 200; ++trial) {
        expect_plain_sums(noise());
    }
}

TEST_P(Kernel, BankDoesNotOverflowAtFullScale) {
    Samples samples{};
    samples.fill(-32768);
    expect_plain_sums(samples);
    for (std::size_t k = 0; k < 8; ++k) {
        // The worst case for one filter: full scale with the sign of its cosine.
        for (std::size_t n = 0; n < samples.size(); ++n) {
            const double phase = 2.0 * std::numbers::pi * bank_frequency(k).value *
                                 (static_cast<double>(n) - 19.5) / bank_rate_hz;
            samples[n] = std::cos(phase) < 0.0 ? std::int16_t{-32768} : std::int16_t{32767};
        }
        expect_plain_sums(samples);
    }
}

TEST_P(Kernel, EnergyAndProductsEqualPlainSums) {
    for (int trial = 0; trial < 100; ++trial) {
        Samples samples = noise(trial < 50 ? 32767 : 300);
        if (trial == 0) {
            samples.fill(-32768);
        }
        double energy = 0.0;
        double lag1 = 0.0;
        double lag2 = 0.0;
        for (std::size_t n = 0; n < samples.size(); ++n) {
            const double x = samples[n];
            energy += x * x;
            lag1 += n >= 1 ? x * samples[n - 1] : 0.0;
            lag2 += n >= 2 ? x * samples[n - 2] : 0.0;
        }
        // Twenty pairs, each rounded down to a multiple of 32; then converted to float.
        const double rounding = 20.0 * 32.0 + 1e-6 * energy;
        EXPECT_NEAR(kernels().energy(samples.data()), energy, rounding);
        if (trial > 0) {
            EXPECT_NEAR(kernels().lag1_product(samples.data()), lag1, rounding);
            EXPECT_NEAR(kernels().lag2_product(samples.data()), lag2, rounding);
        }
    }
}

TEST_P(Kernel, ScreenSeesTheStrongestFilters) {
    Samples samples{};
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double t = 2.0 * std::numbers::pi * static_cast<double>(n) / bank_rate_hz;
        samples[n] = static_cast<std::int16_t>(
            std::lround(4000.0 * std::sin(770.0 * t) + 2000.0 * std::sin(1477.0 * t)));
    }
    BankSums sums;
    ScreenDemands demands = any_demands;
    const Screened seen = kernels().screen(samples.data(), demands, sums);
    EXPECT_NEAR(seen.low, 20.0 * 4000.0 * 4000.0, 0.1 * static_cast<double>(seen.low));
    EXPECT_NEAR(seen.high, 20.0 * 2000.0 * 2000.0, 0.2 * static_cast<double>(seen.high));
    EXPECT_TRUE(seen.passes);
    demands.least_energy = 2.0F * seen.energy;
    const Screened quiet = kernels().screen(samples.data(), demands, sums);
    EXPECT_FALSE(quiet.passes);
    EXPECT_EQ(quiet.low, 0.0F);
    EXPECT_EQ(quiet.energy, seen.energy);
}

TEST_P(Kernel, ProjectsAndTakesOff) {
    const std::array<double, 2> hertz{852.0, 1336.0};
    const std::array<Phase, 2> half{static_cast<Phase>(hertz[0] / 16000.0 * 0x1p32),
                                    static_cast<Phase>(hertz[1] / 16000.0 * 0x1p32)};
    TonePairBasis basis;
    kernels().make_basis(half.data(), basis);
    const Samples samples = noise(8000);
    TonePairParts parts;
    kernels().project(basis, samples.data(), parts);
    alignas(32) std::array<float, sub_block_size> left;
    const TakenOff taken =
        kernels().take_off(basis, {{100.0F, -50.0F}, {20.0F, 70.0F}}, samples.data(), left.data());
    double tones = 0.0;
    std::array<double, TakenOff::groups> evidence{};
    std::array<double, 2> cos{};
    std::array<double, 2> sin{};
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double x = samples[n];
        double tone = 0.0;
        for (std::size_t k = 0; k < 2; ++k) {
            const double w =
                2.0 * std::numbers::pi * hertz[k] / bank_rate_hz * (static_cast<double>(n) - 19.5);
            EXPECT_NEAR(basis.cos[k][n], std::cos(w), 2e-6);
            EXPECT_NEAR(basis.sin[k][n], std::sin(w), 2e-6);
            cos[k] += x * std::cos(w);
            sin[k] += x * std::sin(w);
            tone += (k == 0 ? 100.0 : -50.0) * std::cos(w) + (k == 0 ? 20.0 : 70.0) * std::sin(w);
        }
        EXPECT_NEAR(left[n], x - tone, 0.01);
        tones += tone * tone;
        evidence[n / 8] += x * x - (x - tone) * (x - tone);
    }
    EXPECT_NEAR(taken.tones, tones, 1e-4 * tones);
    for (std::size_t g = 0; g < evidence.size(); ++g) {
        EXPECT_NEAR(taken.evidence[g], evidence[g], 1e-4 * std::abs(evidence[g]) + 100.0);
    }
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_NEAR(parts.cos[k], cos[k], 1.0);
        EXPECT_NEAR(parts.sin[k], sin[k], 1.0);
    }
}

TEST_P(Kernel, FindsASteadyTurning) {
    const std::complex<double> first = std::polar(300.0, 0.7);
    constexpr double own = 0.3;
    for (const double step : {-1.2, -0.1, 0.0, 0.02, 0.9}) {
        PhasorSeries series{};
        SeriesPlaces places{};
        const std::array<int, 6> kept{0, 1, 2, 4, 5, 6};
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const std::complex<double> z = first * std::polar(1.0, (own + step) * kept[i]);
            series.re[i] = static_cast<float>(z.real());
            series.im[i] = static_cast<float>(z.imag());
            places.place[i] = kept[i];
            places.weight[i] = 1.0F;
        }
        Turning turning;
        kernels().find_turning(series, places, static_cast<Phase>(own / (2.0 * std::numbers::pi) * 0x1p32),
                               turning);
        EXPECT_NEAR(turning.step, step, 1e-4);
        EXPECT_NEAR(turning.re, first.real(), 0.1);
        EXPECT_NEAR(turning.im, first.imag(), 0.1);
        EXPECT_LT(turning.wavering, 1.0);
    }
}

// Bit for bit the baseline's results.
TEST_P(Kernel, GivesTheBaselinesBits) {
    const Kernels& own = kernels();
    const Kernels& plain = baseline();
    for (int trial = 0; trial < 300; ++trial) {
        const Samples samples = noise(trial % 3 == 0 ? 32767 : 1000);
        const std::int16_t* const x = samples.data();
        const auto phase = [&] { return static_cast<Phase>(random_()); };
        const auto same = [](const auto& a, const auto& b) { return same_bits(a, b); };

        BankSums a{};
        BankSums b{};
        const Screened own_seen = own.screen(x, any_demands, a);
        const Screened plain_seen = plain.screen(x, any_demands, b);
        ASSERT_EQ(
            std::tie(own_seen.low, own_seen.high, own_seen.energy, own_seen.lag1, own_seen.passes),
            std::tie(plain_seen.low, plain_seen.high, plain_seen.energy, plain_seen.lag1, plain_seen.passes));
        own.bank(x, a);
        plain.bank(x, b);
        ASSERT_TRUE(same(a, b));
        std::uint8_t own_alike = 1;
        std::uint8_t plain_alike = 1;
        own.follow_dial_tone(x, true, 1.0F, own_alike);
        plain.follow_dial_tone(x, true, 1.0F, plain_alike);
        ASSERT_EQ(own_alike, plain_alike);
        ASSERT_TRUE(same(own.lag2_product(x), plain.lag2_product(x)));
        RecurrenceSums own_products_of_lags{};
        RecurrenceSums plain_products_of_lags{};
        const std::size_t lag = 1 + static_cast<std::size_t>(trial) % 5;
        own.recurrence(x, sub_block_size - 4 * lag, lag, own_products_of_lags);
        plain.recurrence(x, sub_block_size - 4 * lag, lag, plain_products_of_lags);
        ASSERT_TRUE(same(own_products_of_lags, plain_products_of_lags));

        BankSeries own_series{};
        own_series.size = 5;
        BankSeries plain_series = own_series;
        for (int age = 0; age < 5; ++age) {
            const Samples other = noise(5000);
            own.bank(other.data(), a);
            own.put(own_series, age, a);
            plain.put(plain_series, age, a);
        }
        FilterLines own_lines{};
        FilterLines plain_lines{};
        for (int round = 0; round < 2; ++round) {
            own.find_lines(own_series, own_lines);
            plain.find_lines(plain_series, plain_lines);
            ASSERT_TRUE(same(own_series, plain_series));
            ASSERT_TRUE(same(own_lines, plain_lines));
            const Phase half_step = phase();
            own.take_tone_out(own_series, half_step, 2);
            plain.take_tone_out(plain_series, half_step, 2);
        }

        const std::array<Phase, 2> half{phase(), phase()};
        TonePairBasis own_basis;
        TonePairBasis plain_basis;
        own.make_basis(half.data(), own_basis);
        plain.make_basis(half.data(), plain_basis);
        ASSERT_TRUE(same(own_basis, plain_basis));
        TonePairParts own_parts;
        TonePairParts plain_parts;
        own.project(own_basis, x, own_parts);
        plain.project(plain_basis, x, plain_parts);
        ASSERT_TRUE(same(own_parts, plain_parts));
        TonePairProducts own_products;
        TonePairProducts plain_products;
        own.products(half.data(), own_products);
        plain.products(half.data(), plain_products);
        ASSERT_TRUE(same(own_products, plain_products));
        alignas(32) std::array<float, 8 + sub_block_size> own_left{};
        alignas(32) std::array<float, 8 + sub_block_size> plain_left{};
        ASSERT_TRUE(same(own.take_off(own_basis, own_parts, x, own_left.data() + 8),
                         plain.take_off(own_basis, own_parts, x, plain_left.data() + 8)));
        ASSERT_TRUE(same(own_left, plain_left));
        ResidualSums own_sums;
        ResidualSums plain_sums;
        own.sum_residual(own_left.data() + 8, own_sums);
        plain.sum_residual(plain_left.data() + 8, plain_sums);
        ASSERT_TRUE(same(own_sums, plain_sums));

        PhasorSeries own_phasors;
        PhasorSeries plain_phasors;
        own.spread(3.0F, -2.0F, half[0], half[1], own_phasors);
        plain.spread(3.0F, -2.0F, half[0], half[1], plain_phasors);
        ASSERT_TRUE(same(own_phasors, plain_phasors));
        SeriesPlaces places{{0, 1, 2, 3, 5, 6}, {1.0F, 1.0F, 1.0F, 1.0F, 1.0F, 1.0F}};
        Turning own_turning;
        Turning plain_turning;
        own.find_turning(own_phasors, places, half[0], own_turning);
        plain.find_turning(own_phasors, places, half[0], plain_turning);
        ASSERT_TRUE(same(own_turning, plain_turning));
    }
}

} // namespace
} // namespace keytone::simd
