// SPDX-License-Identifier: MIT
#include "dsp/arithmetic/turns.hpp"
#include "dsp/simd/instruction_set.hpp"
#include "dsp/simd/listener_kernels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace keytone::simd {
namespace {

/// Runs with every instruction set that this machine supports.
class ListenerKernel : public testing::TestWithParam<InstructionSet> {
  protected:
    void SetUp() override {
        if (!use_instruction_set(GetParam())) {
            GTEST_SKIP() << "this machine does not run " << name(GetParam());
        }
    }
    void TearDown() override { use_instruction_set(before_); }

    std::vector<std::int16_t> noise(std::size_t size) {
        std::vector<std::int16_t> samples(size);
        std::ranges::generate(samples, [&] { return static_cast<std::int16_t>(random_()); });
        return samples;
    }

  private:
    InstructionSet before_ = instruction_set();
    std::mt19937 random_{7};
};

INSTANTIATE_TEST_SUITE_P(EverySet, ListenerKernel, testing::ValuesIn(all_instruction_sets),
                         [](const auto& set) { return std::string(name(set.param)); });

// All kernels give the bits of the same arithmetic, one sample after the other.

TEST_P(ListenerKernel, AveragesFours) {
    for (const std::size_t count : {0U, 4U, 20U, 28U}) {
        auto samples = noise(4 * count);
        std::fill_n(samples.begin(), std::min<std::size_t>(8, samples.size()), std::int16_t{-32768});
        std::vector<std::int16_t> averages(count);
        listener_kernels().average_fours(samples.data(), count, averages.data());
        for (std::size_t i = 0; i < count; ++i) {
            const int sum = samples[4 * i] + samples[4 * i + 1] + samples[4 * i + 2] + samples[4 * i + 3];
            ASSERT_EQ(averages[i], sum >> 2) << count << ' ' << i;
        }
    }
}

TEST_P(ListenerKernel, Weighs) {
    for (const std::size_t count : {1U, 7U, 8U, 48U, 61U, 400U, 551U, 600U}) {
        const auto samples = noise(count);
        std::vector<float> weighted(count + 8);
        const Weighed found = listener_kernels().weigh(samples.data(), count, weighted.data());
        float weights = 0.0F;
        double energy = 0.0;
        double neighbours = 0.0;
        for (std::size_t i = 0; i < count; ++i) {
            const float weight =
                0.5F - 0.5F * cosine_of_turns((static_cast<double>(i) + 0.5) / static_cast<double>(count));
            ASSERT_EQ(weighted[i], weight * static_cast<float>(samples[i])) << count << ' ' << i;
            weights += weight * weight;
            energy += static_cast<double>(weighted[i]) * static_cast<double>(weighted[i]);
            neighbours +=
                i == 0 ? 0.0 : static_cast<double>(weighted[i - 1]) * static_cast<double>(weighted[i]);
        }
        EXPECT_EQ(found.weights, weights) << count;
        EXPECT_NEAR(static_cast<double>(found.samples) / energy, 1.0, 1e-5) << count;
        EXPECT_NEAR(static_cast<double>(found.neighbours) / energy, neighbours / energy, 1e-5) << count;
    }
}

TEST_P(ListenerKernel, ComputesBins) {
    constexpr std::size_t count = 400;
    const auto samples = noise(count);
    const std::vector<float> floats(samples.begin(), samples.end());
    for (std::size_t groups = 0; groups <= 12; ++groups) {
        constexpr int first = 40;
        std::vector<float> energies(bins_at_once * groups);
        listener_kernels().bins(floats.data(), count, first, groups, energies.data());
        for (std::size_t i = 0; i < energies.size(); ++i) {
            const float factor =
                2.0F * cosine_of_turns((first + static_cast<int>(i)) / static_cast<double>(count));
            float last = 0.0F;
            float before = 0.0F;
            for (const float sample : floats) {
                const float next = sample + factor * last - before;
                before = last;
                last = next;
            }
            ASSERT_EQ(energies[i], last * last + before * before - factor * last * before) << i;
        }
    }
}

} // namespace
} // namespace keytone::simd
