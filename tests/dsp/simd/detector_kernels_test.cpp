// SPDX-License-Identifier: MIT
#include "dsp/detector/sub_block.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/simd/instruction_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstring>
#include <numbers>
#include <numeric>
#include <ostream>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace keytone::simd {
namespace {

using Samples = std::array<std::int16_t, sub_block_size>;

/// An instruction set, and the registers that it computes in.
struct Tested {
    InstructionSet set;
    Registers registers = Registers::narrow;

    [[nodiscard]] std::string name() const {
        return std::string(keytone::name(set)) + (registers == Registers::wide ? "_wide" : "");
    }
    friend void PrintTo(const Tested& tested, std::ostream* out) { *out << tested.name(); }
};

/// Runs with every instruction set that this machine supports.
class Kernel : public testing::TestWithParam<Tested> {
  protected:
    void SetUp() override {
        if (!use_tested()) {
            GTEST_SKIP() << "this machine does not run " << GetParam().name();
        }
    }
    void TearDown() override { use_instruction_set(before_); }

    /// The kernels for the instruction set that every machine has.
    static const Kernels& baseline() {
        use_instruction_set(InstructionSet::baseline);
        const Kernels& kernels = simd::kernels();
        use_tested();
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
    static bool use_tested() { return use_instruction_set(GetParam().set, GetParam().registers); }

    InstructionSet before_ = instruction_set();
};

INSTANTIATE_TEST_SUITE_P(EverySet, Kernel,
                         testing::Values(Tested{InstructionSet::baseline}, Tested{InstructionSet::avx2},
                                         Tested{InstructionSet::avx512},
                                         Tested{InstructionSet::avx512, Registers::wide}),
                         [](const auto& tested) { return tested.param.name(); });

template <class Value>
bool same_bits(const Value& a, const Value& b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

LagProducts products_left(const Kernels& kernels, const Samples& samples, const LagCosines& cosines) {
    const std::int16_t* const heard = samples.data();
    return kernels.residual_products(&heard, 1, cosines);
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
            const LagProducts products = products_left(kernels(), samples, {});
            EXPECT_NEAR(products.lag1, lag1, rounding);
            EXPECT_NEAR(products.lag2, lag2, rounding);
        }
    }
}

TEST_P(Kernel, TheStrongestFiltersAreSubtractedFromTheProducts) {
    const LagCosines some{{0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.4F, 0.3F, 0.2F},
                          {-0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F, -0.9F}};
    for (int trial = 0; trial < 200; ++trial) {
        // Digital silence, where all filters hold the same, is one of them.
        const Samples samples = trial == 0 ? Samples{} : noise(trial < 100 ? 32767 : 300);
        BankSums sums;
        kernels().bank(samples.data(), sums);
        const Screened seen = kernels().screen(samples.data(), any_demands, sums);
        const auto strongest = [&](std::size_t group) {
            const auto norm = [&](std::size_t k) {
                const auto re = static_cast<float>(sums.re[k]);
                const auto im = static_cast<float>(sums.im[k]);
                return re * re + im * im;
            };
            std::size_t most = group;
            for (std::size_t k = group + 1; k < group + 4; ++k) {
                most = norm(k) > norm(most) ? k : most;
            }
            return most;
        };
        const std::size_t low = strongest(0);
        const std::size_t high = strongest(4);
        const LagProducts all = products_left(kernels(), samples, {});
        const LagProducts left = products_left(kernels(), samples, some);
        EXPECT_EQ(left.lag1, all.lag1 - (seen.low * some.lag1[low] + seen.high * some.lag1[high]));
        EXPECT_EQ(left.lag2, all.lag2 - (seen.low * some.lag2[low] + seen.high * some.lag2[high]));
        // One after another, two or three of them.
        const Samples other = noise();
        const Samples last = noise();
        const std::array<const std::int16_t*, 3> more{samples.data(), other.data(), last.data()};
        const float of_two = left.lag1 + products_left(kernels(), other, some).lag1;
        EXPECT_EQ(kernels().residual_products(more.data(), 2, some).lag1, of_two);
        EXPECT_EQ(kernels().residual_products(more.data(), 3, some).lag1,
                  of_two + products_left(kernels(), last, some).lag1);
        EXPECT_EQ(kernels().residual_products(more.data(), 0, some).lag2, 0.0F);
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

Phase phase_of_radians(double radians) {
    return static_cast<Phase>(static_cast<std::int64_t>(radians / (2.0 * std::numbers::pi) * 0x1p32));
}

/// Sub-blocks that stand at these places.
HeardSubBlocks heard_at(const std::vector<int>& places, const std::vector<Samples>& samples) {
    HeardSubBlocks heard{};
    heard.size = static_cast<int>(places.size());
    heard.middle = std::accumulate(places.begin(), places.end(), 0.0F) / static_cast<float>(heard.size);
    for (std::size_t i = 0; i < places.size(); ++i) {
        heard.place[i] = places[i];
        heard.weight[i] = 1.0F;
        heard.samples[i] = samples[i].data();
        const float off = static_cast<float>(places[i]) - heard.middle;
        heard.square += off * off;
    }
    return heard;
}

/// Writes what the tones at `place` leave over to `left`.
void take_off(const TonePairBasis& basis, const TonePairSeries& tones, int place, const std::int16_t* x,
              float* left) {
    for (std::size_t n = 0; n < sub_block_size; ++n) {
        double both = 0.0;
        for (std::size_t k = 0; k < 2; ++k) {
            both += double{tones.tone[k].re[place]} * double{basis.cos[k][n]} -
                    double{tones.tone[k].im[place]} * double{basis.sin[k][n]};
        }
        left[n] = static_cast<float>(x[n] - both);
    }
}

TEST_P(Kernel, MakesABasisAndProjects) {
    const std::array<double, 2> hertz{852.0, 1336.0};
    const std::array<Phase, 2> half{static_cast<Phase>(hertz[0] / 16000.0 * 0x1p32),
                                    static_cast<Phase>(hertz[1] / 16000.0 * 0x1p32)};
    TonePairBasis basis;
    kernels().make_basis(half.data(), basis);
    const Samples samples = noise(8000);
    TonePairParts parts;
    kernels().project(basis, samples.data(), parts);
    std::array<double, 2> cos{};
    std::array<double, 2> sin{};
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double x = samples[n];
        for (std::size_t k = 0; k < 2; ++k) {
            const double w =
                2.0 * std::numbers::pi * hertz[k] / bank_rate_hz * (static_cast<double>(n) - 19.5);
            EXPECT_NEAR(basis.cos[k][n], std::cos(w), 2e-6);
            EXPECT_NEAR(basis.sin[k][n], std::sin(w), 2e-6);
            cos[k] += x * std::cos(w);
            sin[k] += x * std::sin(w);
        }
    }
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_NEAR(parts.cos[k], cos[k], 1.0);
        EXPECT_NEAR(parts.sin[k], sin[k], 1.0);
    }
}

// Against plain sums, for each number of the last sub-block, and with some that were never screened.
TEST_P(Kernel, LooksBackAtWhatWasScreened) {
    ScreenedSubBlocks screened{};
    for (std::uint32_t last = 20; last < 36; ++last) {
        for (std::uint32_t b = last - 7; b <= last; ++b) {
            screened.index[b % 8] = b % 5 == 0 ? b - 8 : b;
            screened.tones[b % 8] = static_cast<float>(1U + random_() % 1000U);
            screened.residual[b % 8] = static_cast<float>(random_() % 1000U);
        }
        for (unsigned count = 0; count <= 8; ++count) {
            for (const bool with_residual : {false, true}) {
                double roots = 0.0;
                double most_root = 0.0;
                float most = 0.0F;
                const auto energy = [&](std::uint32_t b) {
                    return screened.tones[b % 8] + (with_residual ? screened.residual[b % 8] : 0.0F);
                };
                for (std::uint32_t b = last - count + 1; b <= last; ++b) {
                    if (b % 5 != 0) {
                        most = std::max(most, energy(b));
                        roots += std::sqrt(double{screened.tones[b % 8]});
                        most_root = std::max(most_root, std::sqrt(double{screened.tones[b % 8]}));
                    }
                }
                EXPECT_NEAR(kernels().sum_roots(screened, last, count),
                            most_root > 0.0 ? roots / most_root : 0.0, 1e-5);
                unsigned seen = 0;
                for (unsigned age = 0; age < count; ++age) {
                    const bool belongs = (last - age) % 5 != 0 && energy(last - age) >= 0.5F * most;
                    seen |= (belongs ? 1U : 0U) << age;
                }
                const EnergyRun run = kernels().find_run(screened, last, count, with_residual, 0.5F);
                EXPECT_EQ(run.most, most);
                EXPECT_EQ(run.seen, seen);
            }
        }
    }
}

TEST_P(Kernel, FollowsSilence) {
    std::vector<std::int16_t> samples(4 * sub_block_size, 30);
    samples[2 * sub_block_size + 7] = 2000;
    FollowedSubBlocks found;
    EXPECT_EQ(kernels().follow_silence(samples.data(), 4, 1e6F, found), 2);
    EXPECT_EQ(kernels().follow_silence(samples.data(), 1, 1e6F, found), 1);
    EXPECT_EQ(found.tones[0], 0.0F);
    EXPECT_EQ(found.residual[0], kernels().energy(samples.data()));
    EXPECT_EQ(found.energy[0], kernels().energy(samples.data()));
}

// As each by itself, however many there are.
TEST_P(Kernel, HearsTheSubBlocksOfASeries) {
    for (int count = 0; count <= BankSeries::most; ++count) {
        std::array<Samples, BankSeries::most> samples{};
        std::array<const std::int16_t*, BankSeries::most> places{};
        BankSeries right{};
        float energy = 0.0F;
        for (int age = 0; age < count; ++age) {
            const auto at = static_cast<std::size_t>(age);
            samples[at] = noise(8000);
            places[at] = samples[at].data();
            BankSums sums;
            kernels().bank(places[at], sums);
            kernels().put(right, age, sums);
            energy += kernels().energy(places[at]);
        }
        BankSeries heard{};
        EXPECT_EQ(kernels().hear(heard, places.data(), count), energy);
        EXPECT_TRUE(same_bits(right, heard));
    }
}

// Against the plain sum, sample by sample, either way. The tones begin at any sample: what is before them, on
// the way, is noise.
TEST_P(Kernel, FindsHowFarTonesSound) {
    const std::array<Phase, 2> half{phase_of_radians(0.27), phase_of_radians(0.51)};
    TonePairBasis basis;
    kernels().make_basis(half.data(), basis);
    constexpr int sub_blocks = 10; // of which some are lost
    for (const bool backwards : {false, true}) {
        for (const int sounding : {0, 1, 39, 40, 63, 80, 121, 200, 317, 322, 400}) {
            ToneWalk walk{.re = {3000.0F, -20.0F},
                          .im = {40.0F, 2000.0F},
                          .start = {{half[1], half[0]}, {}},
                          .step = {40 * half[0], 40 * half[1]},
                          .samples = {},
                          .sub_blocks = sub_blocks,
                          .backwards = backwards};
            for (int k = 0; k < 2; ++k) {
                walk.start[1][k] = walk.start[0][k] + (backwards ? -8U : 8U) * walk.step[k];
            }
            std::vector<Samples> samples;
            double sum = 0.0;
            double most = 0.0;
            int exact = 0;
            for (int i = 0; i < sub_blocks; ++i) {
                samples.push_back(noise(100));
            }
            for (int i = 0; i < sub_blocks; ++i) {
                auto& heard = samples[static_cast<std::size_t>(i)];
                TonePairSeries tones;
                for (int k = 0; k < 2; ++k) {
                    kernels().spread(walk.re[k], walk.im[k], walk.start[i / 8][k], walk.step[k],
                                     tones.tone[k]);
                }
                alignas(32) std::array<float, sub_block_size> minus_tones;
                take_off(basis, tones, backwards ? 7 - i % 8 : i % 8, Samples{}.data(), minus_tones.data());
                const bool is_lost = i == 1 || i == 8;
                walk.samples[i] = is_lost ? nullptr : heard.data();
                for (int n = 0; n < 40; ++n) {
                    const auto at = static_cast<std::size_t>(backwards ? 39 - n : n);
                    if (40 * i + n < sounding) {
                        heard[at] = static_cast<std::int16_t>(heard[at] - std::lround(minus_tones[at]));
                    }
                    const double x = heard[at];
                    const double left = x + double{minus_tones[at]};
                    sum += is_lost ? 0.0 : x * x - left * left;
                    if (sum > most) {
                        most = sum;
                        exact = 40 * i + n + 1;
                    }
                }
            }
            EXPECT_EQ(kernels().find_sounding(basis, walk), exact) << sounding << backwards;
        }
    }
}

// Against plain sums, with a place left out.
TEST_P(Kernel, SumsWhatIsLeftOver) {
    const std::array<Phase, 2> half{phase_of_radians(0.27), phase_of_radians(0.51)};
    const std::vector<int> places{0, 1, 3};
    const std::vector<Samples> samples{noise(500), noise(500), noise(500)};
    TonePairBasis basis;
    kernels().make_basis(half.data(), basis);
    TonePairSeries tones;
    kernels().spread(300.0F, 40.0F, half[1], half[0], tones.tone[0]);
    kernels().spread(-20.0F, 200.0F, half[0], half[1], tones.tone[1]);
    PhasorSeries hum;
    kernels().spread(1.0F, 0.0F, half[1], half[1], hum);
    LeftOverSums sums;
    kernels().sum_left_over(basis, tones, hum, heard_at(places, samples), sums);
    std::array<double, 7> exact{};
    std::array<double, 2> before{};
    for (std::size_t i = 0; i < places.size(); ++i) {
        alignas(32) std::array<float, sub_block_size> left;
        take_off(basis, tones, places[i], samples[i].data(), left.data());
        const std::complex<double> wave(hum.re[places[i]], hum.im[places[i]]);
        for (std::size_t n = 0; n < left.size(); ++n) {
            const double now = left[n];
            const double tone = samples[i][n] - now;
            const std::complex<double> at =
                wave * std::polar(1.0, 2.0 * std::numbers::pi * hum_hz / bank_rate_hz *
                                           (static_cast<double>(n) - 19.5));
            const std::array products{tone * tone, now * now,       now * before[0], now * before[1],
                                      now,         now * at.real(), now * at.imag()};
            for (std::size_t sum = 0; sum < exact.size(); ++sum) {
                exact[sum] += products[sum];
            }
            before = {now, before[0]};
        }
    }
    const std::array found{sums.tones, sums.square,  sums.lag1,   sums.lag2,
                           sums.mean,  sums.hum_cos, sums.hum_sin};
    for (std::size_t sum = 0; sum < exact.size(); ++sum) {
        EXPECT_NEAR(found[sum], exact[sum], sum < 4 ? 1e-5 * exact[1] : 1e-4 * std::sqrt(exact[1])) << sum;
    }
    LeftOverSums power{};
    kernels().sum_power_left_over(basis, tones, hum, heard_at(places, samples), power);
    EXPECT_EQ(power.tones, sums.tones);
    EXPECT_EQ(power.square, sums.square);
    EXPECT_EQ(power.mean, sums.mean);
    EXPECT_EQ(power.hum_cos, sums.hum_cos);
    EXPECT_EQ(power.hum_sin, sums.hum_sin);
    EXPECT_EQ(power.lag1, 0.0F);
    EXPECT_EQ(power.lag2, 0.0F);
}

// Against the plain sum, sample by sample.
TEST_P(Kernel, FindsTheStop) {
    const std::array<Phase, 2> half{phase_of_radians(0.27), phase_of_radians(0.51)};
    TonePairBasis basis;
    kernels().make_basis(half.data(), basis);
    TonePairSeries tones;
    kernels().spread(3000.0F, 40.0F, half[1], half[0], tones.tone[0]);
    kernels().spread(-20.0F, 2000.0F, half[0], half[1], tones.tone[1]);
    const std::vector<int> places{0, 1, 3};
    for (const int sounding : {0, 1, 17, 40, 63, 80, 97, 120}) {
        std::vector<Samples> samples{noise(100), noise(100), noise(100)};
        for (int n = 0; n < sounding; ++n) {
            const auto i = static_cast<std::size_t>(n / 40);
            alignas(32) std::array<float, sub_block_size> minus_tones;
            const Samples nothing{};
            take_off(basis, tones, places[i], nothing.data(), minus_tones.data());
            const auto at = static_cast<std::size_t>(n % 40);
            samples[i][at] = static_cast<std::int16_t>(static_cast<float>(samples[i][at]) - minus_tones[at]);
        }
        const StopEvidence says{1e-4F, 1e-4F, -0.5F};
        double sum = 0.0;
        double most = 0.0;
        int exact = 0;
        for (std::size_t i = 0; i < places.size(); ++i) {
            alignas(32) std::array<float, sub_block_size> left;
            take_off(basis, tones, places[i], samples[i].data(), left.data());
            for (std::size_t n = 0; n < left.size(); ++n) {
                const double x = samples[i][n];
                sum += 1e-4 * (x * x - double{left[n]} * double{left[n]}) - 0.5;
                if (sum > most) {
                    most = sum;
                    exact = places[i] * 40 + static_cast<int>(n) + 1;
                }
            }
        }
        const int found = kernels().find_stop(basis, tones, heard_at(places, samples), says);
        EXPECT_EQ(found, exact) << sounding;
        EXPECT_GE(found, sounding > 0 ? places[static_cast<std::size_t>(sounding - 1) / 40] * 40 : 0);
    }
}

TEST_P(Kernel, FindsASteadyTurning) {
    const std::array<std::complex<double>, 2> first{std::polar(3000.0, 0.7), std::polar(2000.0, -2.0)};
    constexpr std::array own{0.55, 1.05}; // radians a sample
    const std::vector<int> places{0, 1, 2, 4, 5, 6};
    for (const double off : {-0.015, -0.0025, 0.0, 0.0005, 0.0125, 0.02}) { // the last is too far
        const std::array radians{own[0] + off, own[1] - off};
        std::vector<Samples> samples(places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            for (std::size_t n = 0; n < sub_block_size; ++n) {
                double x = 0.0;
                for (std::size_t k = 0; k < 2; ++k) {
                    x += (first[k] *
                          std::polar(1.0, radians[k] * (40.0 * places[i] + static_cast<double>(n) - 19.5)))
                             .real();
                }
                samples[i][n] = static_cast<std::int16_t>(std::lround(x));
            }
        }
        const HeardSubBlocks heard = heard_at(places, samples);
        constexpr double hertz_of_radian = 8000.0 / (2.0 * std::numbers::pi);
        std::array hertz{own[0] * hertz_of_radian, own[1] * hertz_of_radian};
        const std::array assumed = hertz;
        Turning found;
        TonePairBasis basis;
        kernels().fit(hertz.data(), heard, basis, found);
        if (off * hertz_of_radian > 20.0) {
            EXPECT_EQ(hertz, assumed);
            continue;
        }
        for (std::size_t k = 0; k < 2; ++k) {
            EXPECT_NEAR(hertz[k], radians[k] * hertz_of_radian, 0.004);
            EXPECT_NEAR(found.mean[k][0], first[k].real(), 0.5);
            EXPECT_NEAR(found.mean[k][1], first[k].imag(), 0.5);
            EXPECT_LT(found.wavering[k], 5.0);
        }
    }
}

TEST_P(Kernel, SumsSquaresExactly) {
    for (const std::size_t size : {1U, 15U, 16U, 40U, 80U, 112U, 160U, 500U}) {
        const std::vector<std::int16_t> loudest(size, -32768);
        EXPECT_EQ(kernels().square_sum(loudest.data(), size), static_cast<std::int64_t>(size) << 30U);
        // The loudest whose sums need no more than 32 bits.
        const std::vector<std::int16_t> loud(size, 16383);
        EXPECT_EQ(kernels().square_sum(loud.data(), size), static_cast<std::int64_t>(size) * 16383 * 16383);
    }
    const Samples samples = noise(32767);
    const std::int64_t squares =
        std::accumulate(samples.begin(), samples.begin() + 37, std::int64_t{0},
                        [](std::int64_t sum, std::int64_t sample) { return sum + sample * sample; });
    EXPECT_EQ(kernels().square_sum(samples.data(), 37), squares);
}

// Exact for samples of ten bits; for others, of these samples rounded down to ten.
TEST_P(Kernel, SumsTheProductsOfRecurrences) {
    for (const std::size_t lag : {4U, 5U, 7U, 8U}) {
        for (const std::size_t count : {16U, 30U, 80U, 110U, 128U}) {
            for (const int bits : {0, 3, 5}) {
                std::vector<std::int16_t> samples(rough_history + count);
                std::vector<std::int64_t> kept(samples.size());
                for (std::size_t n = 0; n < samples.size(); ++n) {
                    kept[n] = static_cast<std::int64_t>(random_() % 2048U) - 1024;
                    samples[n] = static_cast<std::int16_t>(kept[n] * (1 << bits) + (kept[n] < 0 ? 0 : bits));
                }
                const std::size_t first = rough_history - 4 * lag;
                kept[first] = 1023;
                samples[first] = static_cast<std::int16_t>(1023 << bits);
                // What no sum has makes none coarser.
                std::fill_n(samples.begin(), first, std::int16_t{-32768});
                OneToneSums one{};
                RecurrenceSums far{};
                kernels().rough_recurrences(samples.data(), samples.data() + rough_history, count, lag, one,
                                            far);
                const auto exact = [&](std::size_t begin, std::size_t distance) {
                    std::array<std::int64_t, 6> sums{};
                    for (std::size_t n = begin; n < begin + count; ++n) {
                        const std::int64_t y = kept[n + 2 * distance];
                        const std::int64_t s = kept[n + distance] + kept[n + 3 * distance];
                        const std::int64_t t = kept[n] + kept[n + 4 * distance];
                        const std::array products{y * y, s * y, s * s, t * y, t * s, t * t};
                        for (std::size_t i = 0; i < sums.size(); ++i) {
                            sums[i] += products[i];
                        }
                    }
                    std::array<float, 6> scaled{};
                    for (std::size_t i = 0; i < sums.size(); ++i) {
                        scaled[i] = static_cast<float>(1 << (2 * bits)) * static_cast<float>(sums[i]);
                    }
                    return scaled;
                };
                const std::array found{far.yy, far.sy, far.ss, far.ty, far.ts, far.tt};
                EXPECT_EQ(found, exact(first, lag)) << count << ' ' << lag << ' ' << bits;
                const auto by_one = exact(rough_history - 4, 1);
                EXPECT_EQ((std::array{one.yy, one.sy, one.ss}), (std::array{by_one[0], by_one[1], by_one[2]}))
                    << count << ' ' << lag << ' ' << bits;
            }
        }
    }
}

// Bit for bit the baseline's results.
TEST_P(Kernel, GivesTheBaselinesBits) {
    const Kernels& own = kernels();
    const Kernels& plain = baseline();
    int went_on = 0;
    for (int trial = 0; trial < 300; ++trial) {
        const Samples samples = noise(trial % 3 == 0 ? 32767 : 1000);
        const std::int16_t* const x = samples.data();
        const auto phase = [&] { return static_cast<Phase>(random_()); };
        const auto same = [](const auto& a, const auto& b) { return same_bits(a, b); };

        BankSums a{};
        BankSums b{};
        const Screened own_seen = own.screen(x, any_demands, a);
        const Screened plain_seen = plain.screen(x, any_demands, b);
        ASSERT_EQ(std::tie(own_seen.low, own_seen.high, own_seen.energy, own_seen.passes),
                  std::tie(plain_seen.low, plain_seen.high, plain_seen.energy, plain_seen.passes));
        own.bank(x, a);
        plain.bank(x, b);
        ASSERT_TRUE(same(a, b));
        std::uint8_t own_alike = 1;
        std::uint8_t plain_alike = 1;
        own.follow_dial_tone(x, true, 1.0F, own_alike);
        plain.follow_dial_tone(x, true, 1.0F, plain_alike);
        ASSERT_EQ(own_alike, plain_alike);
        const LagCosines some{{0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.4F, 0.3F, 0.2F},
                              {0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F, 0.8F, 0.9F}};
        ASSERT_TRUE(same(products_left(own, samples, some), products_left(plain, samples, some)));
        ScreenedSubBlocks screened{};
        for (std::uint32_t i = 0; i < 8; ++i) {
            screened.index[i] = i + 8;
            screened.tones[i] = static_cast<float>(std::abs(int{samples[i]}));
            screened.residual[i] = static_cast<float>(std::abs(int{samples[i + 8]}));
        }
        const unsigned looked_at = static_cast<unsigned>(trial) % 9;
        ASSERT_TRUE(same(own.sum_roots(screened, 15, looked_at), plain.sum_roots(screened, 15, looked_at)));
        ASSERT_TRUE(same(own.find_run(screened, 15, looked_at, trial % 2 == 0, 0.1F),
                         plain.find_run(screened, 15, looked_at, trial % 2 == 0, 0.1F)));
        // Two tones in noise, heard as the key that sounds: mostly it goes on.
        std::array<std::int16_t, 4 * sub_block_size> key{};
        for (std::size_t n = 0; n < key.size(); ++n) {
            const double angle = 2.0 * std::numbers::pi * static_cast<double>(n) / bank_rate_hz;
            const double both = 4000.0 * std::sin(770.0 * angle) + 3000.0 * std::sin(1336.0 * angle);
            key[n] = static_cast<std::int16_t>(both + samples[n % samples.size()] / (1 + trial % 40));
        }
        const std::array filters{1, 5};
        FollowedTones own_tones{
            .full_energy = {3.2e8F, 1.8e8F},
            .least_energy = {1.0e6F, 1.0e6F},
            .most_energy = 4.0e8F,
            .noise = 1.0F,
            .turn_re = {static_cast<float>(std::cos(2.0 * std::numbers::pi * 770.0 / 200.0)),
                        static_cast<float>(std::cos(2.0 * std::numbers::pi * 1336.0 / 200.0))},
            .turn_im = {static_cast<float>(std::sin(2.0 * std::numbers::pi * 770.0 / 200.0)),
                        static_cast<float>(std::sin(2.0 * std::numbers::pi * 1336.0 / 200.0))},
            .phasor_re = {},
            .phasor_im = {}};
        FollowedTones plain_tones = own_tones;
        FollowedSubBlocks own_found{};
        FollowedSubBlocks plain_found{};
        const auto index = static_cast<unsigned>(trial);
        const int followed =
            own.follow(key.data(), 4, index, any_demands, filters.data(), own_tones, own_found);
        ASSERT_EQ(followed,
                  plain.follow(key.data(), 4, index, any_demands, filters.data(), plain_tones, plain_found));
        ASSERT_TRUE(same(own_found, plain_found));
        ASSERT_TRUE(same(own_tones, plain_tones));
        went_on += followed == 4 ? 1 : 0;
        RecurrenceSums own_products_of_lags{};
        RecurrenceSums plain_products_of_lags{};
        const std::size_t lag = 1 + static_cast<std::size_t>(trial) % 5;
        own.recurrence(x, sub_block_size - 4 * lag, lag, own_products_of_lags);
        plain.recurrence(x, sub_block_size - 4 * lag, lag, plain_products_of_lags);
        ASSERT_TRUE(same(own_products_of_lags, plain_products_of_lags));
        OneToneSums own_products_of_one{};
        OneToneSums plain_products_of_one{};
        std::vector<std::int16_t> frame(rough_history + most_rough);
        std::ranges::generate(frame, [&] { return static_cast<std::int16_t>(phase() >> (16 + trial % 9)); });
        const std::size_t count = 16 + phase() % (most_rough - 15);
        own.rough_recurrences(frame.data(), frame.data() + rough_history, count, 3 + lag, own_products_of_one,
                              own_products_of_lags);
        plain.rough_recurrences(frame.data(), frame.data() + rough_history, count, 3 + lag,
                                plain_products_of_one, plain_products_of_lags);
        ASSERT_TRUE(same(own_products_of_lags, plain_products_of_lags));
        ASSERT_TRUE(same(own_products_of_one, plain_products_of_one));
        const auto size = static_cast<std::size_t>(trial % 41);
        ASSERT_EQ(own.square_sum(x, size), plain.square_sum(x, size));

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
        PhasorSeries own_phasors;
        PhasorSeries plain_phasors;
        own.spread(3.0F, -2.0F, half[0], half[1], own_phasors);
        plain.spread(3.0F, -2.0F, half[0], half[1], plain_phasors);
        ASSERT_TRUE(same(own_phasors, plain_phasors));
        TonePairSeries tones;
        own.spread(200.0F, 300.0F, half[1], half[0], tones.tone[0]);
        own.spread(-90.0F, 50.0F, half[0], half[1], tones.tone[1]);
        const std::vector<Samples> several{samples,     noise(900), noise(30),
                                           noise(2000), noise(900), noise(90)};
        const HeardSubBlocks heard = heard_at({0, 1, 2, 3, 5, 6}, several);
        ToneWalk walk{.re = {200.0F, -90.0F},
                      .im = {300.0F, 50.0F},
                      .start = {{half[1], half[0]}, {}},
                      .step = {half[0], half[1]},
                      .samples = {x, several[1].data(), nullptr, several[2].data()},
                      .sub_blocks = 4,
                      .backwards = trial % 2 == 1};
        ASSERT_EQ(own.find_sounding(own_basis, walk), plain.find_sounding(own_basis, walk));
        LeftOverSums own_sums;
        LeftOverSums plain_sums;
        own.sum_left_over(own_basis, tones, own_phasors, heard, own_sums);
        plain.sum_left_over(own_basis, tones, own_phasors, heard, plain_sums);
        ASSERT_TRUE(same(own_sums, plain_sums));
        own.sum_power_left_over(own_basis, tones, own_phasors, heard, own_sums);
        plain.sum_power_left_over(own_basis, tones, own_phasors, heard, plain_sums);
        ASSERT_TRUE(same(own_sums, plain_sums));
        const StopEvidence says{1e-5F, 1e-5F, -0.1F};
        ASSERT_EQ(own.find_stop(own_basis, tones, heard, says),
                  plain.find_stop(own_basis, tones, heard, says));
        Turning own_turning;
        Turning plain_turning;
        std::array own_hertz{700.0 + trial, 1400.0 - trial};
        std::array plain_hertz = own_hertz;
        own.fit(own_hertz.data(), heard, own_basis, own_turning);
        plain.fit(plain_hertz.data(), heard, plain_basis, plain_turning);
        ASSERT_EQ(own_hertz, plain_hertz);
        ASSERT_TRUE(same(own_basis, plain_basis));
        ASSERT_TRUE(same(own_turning, plain_turning));
    }
    EXPECT_GT(went_on, 100);
}

} // namespace
} // namespace keytone::simd
