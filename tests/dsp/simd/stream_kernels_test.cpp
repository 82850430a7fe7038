// SPDX-License-Identifier: MIT
#include "dsp/g711.hpp"
#include "dsp/simd/instruction_set.hpp"
#include "dsp/simd/stream_kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

namespace keytone::simd {
namespace {

/// Runs with every instruction set that this machine supports.
class StreamKernel : public testing::TestWithParam<InstructionSet> {
  protected:
    void SetUp() override {
        if (!use_instruction_set(GetParam())) {
            GTEST_SKIP() << "this machine does not run " << name(GetParam());
        }
    }
    void TearDown() override { use_instruction_set(before_); }

  private:
    InstructionSet before_ = instruction_set();
};

INSTANTIATE_TEST_SUITE_P(EverySet, StreamKernel, testing::ValuesIn(all_instruction_sets),
                         [](const auto& set) { return std::string(name(set.param)); });

std::vector<std::int16_t> every_sample() {
    std::vector<std::int16_t> samples(65'536);
    std::iota(samples.begin(), samples.end(), std::int16_t{-32768});
    return samples;
}

std::vector<std::uint8_t> every_code() {
    std::vector<std::uint8_t> codes(256);
    std::iota(codes.begin(), codes.end(), std::uint8_t{0});
    return codes;
}

// Compared with the functions for single samples, which are tested against the Recommendation's tables.
TEST_P(StreamKernel, EncodesEverySample) {
    const auto samples = every_sample();
    std::vector<std::uint8_t> ulaw(samples.size());
    std::vector<std::uint8_t> alaw(samples.size());
    stream_kernels().ulaw_encode(samples.data(), static_cast<int>(samples.size()), ulaw.data());
    stream_kernels().alaw_encode(samples.data(), static_cast<int>(samples.size()), alaw.data());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        ASSERT_EQ(ulaw[i], ulaw_encode(samples[i])) << samples[i];
        ASSERT_EQ(alaw[i], alaw_encode(samples[i])) << samples[i];
    }
}

TEST_P(StreamKernel, DecodesEveryCode) {
    const auto codes = every_code();
    std::vector<std::int16_t> ulaw(codes.size());
    std::vector<std::int16_t> alaw(codes.size());
    stream_kernels().ulaw_decode(codes.data(), static_cast<int>(codes.size()), ulaw.data());
    stream_kernels().alaw_decode(codes.data(), static_cast<int>(codes.size()), alaw.data());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        ASSERT_EQ(ulaw[i], ulaw_decode(codes[i])) << i;
        ASSERT_EQ(alaw[i], alaw_decode(codes[i])) << i;
    }
}

// The vectors end with the last sample, so that AddressSanitizer detects reading or writing beyond it.
TEST_P(StreamKernel, ConvertsAnyCountFromAnywhere) {
    const StreamKernels& kernels = stream_kernels();
    for (std::size_t size = 1; size < 100; ++size) {
        for (const std::size_t from : {std::size_t{0}, std::size_t{1}}) {
            std::vector<std::int16_t> samples(size);
            std::vector<std::uint8_t> codes(size);
            for (std::size_t i = 0; i < size; ++i) {
                samples[i] = static_cast<std::int16_t>((i + size) * 1201);
                codes[i] = static_cast<std::uint8_t>((i + size) * 37);
            }
            std::vector<std::uint8_t> ulaw_codes(size);
            std::vector<std::uint8_t> alaw_codes(size);
            std::vector<std::int16_t> ulaw_samples(size);
            std::vector<std::int16_t> alaw_samples(size);
            const auto count = static_cast<int>(size - from);
            kernels.ulaw_encode(samples.data() + from, count, ulaw_codes.data() + from);
            kernels.alaw_encode(samples.data() + from, count, alaw_codes.data() + from);
            kernels.ulaw_decode(codes.data() + from, count, ulaw_samples.data() + from);
            kernels.alaw_decode(codes.data() + from, count, alaw_samples.data() + from);
            for (std::size_t i = from; i < size; ++i) {
                ASSERT_EQ(ulaw_codes[i], ulaw_encode(samples[i])) << size << ' ' << i;
                ASSERT_EQ(alaw_codes[i], alaw_encode(samples[i])) << size << ' ' << i;
                ASSERT_EQ(ulaw_samples[i], ulaw_decode(codes[i])) << size << ' ' << i;
                ASSERT_EQ(alaw_samples[i], alaw_decode(codes[i])) << size << ' ' << i;
            }
        }
    }
}

TEST_P(StreamKernel, WritesNothingBehindTheEnd) {
    const auto samples = every_sample();
    const auto codes = every_code();
    SineBlock block{};
    const SinePair pair{&block, &block, 0, 0, 0.0F, 0.0F};
    for (int count = 0; count < 40; ++count) {
        const auto size = static_cast<std::size_t>(count);
        std::vector<std::uint8_t> encoded(size + 1, 0x42);
        stream_kernels().ulaw_encode(samples.data(), count, encoded.data());
        EXPECT_EQ(encoded[size], 0x42);
        std::vector<std::int16_t> decoded(size + 1, 0x42);
        stream_kernels().alaw_decode(codes.data(), count, decoded.data());
        EXPECT_EQ(decoded[size], 0x42);
        std::vector<std::int16_t> tones(size + 1, 0x42);
        stream_kernels().add_sines_pcm16(pair, 5, count, tones.data());
        EXPECT_EQ(tones[size], 0x42);
        stream_kernels().add_edge_pcm16(pair, 5, {}, count, tones.data());
        EXPECT_EQ(tones[size], 0x42);
    }
}

constexpr double turn = 2.0 * std::numbers::pi;
constexpr std::uint64_t low_step = 0x1234'5678'9abc'def0U;
constexpr std::uint64_t high_step = 0x2fed'cba9'8765'4321U;

SineBlock sine_block(std::uint64_t step) {
    SineBlock block{};
    for (std::uint64_t n = 0; n < SineBlock::size; ++n) {
        const double phase = turn * static_cast<double>(n * step) / 0x1p64;
        block.cos[n] = static_cast<float>(std::cos(phase));
        block.sin[n] = static_cast<float>(std::sin(phase));
    }
    return block;
}

// An edge is the float samples scaled, and then rounded; it may begin anywhere, in the first block, in a
// later one, or at their boundary, and is cut anywhere.
TEST_P(StreamKernel, RoundsWhatAnEdgeHasScaled) {
    const SineBlock low = sine_block(low_step);
    const SineBlock high = sine_block(high_step);
    const SinePair pair{&low, &high, low_step, high_step, 0.6F, 0.5F};
    const GainEdge edge{0x0123'4567'89ab'cdefU, 0x0060'0000'0000'1234U};
    for (const std::uint64_t first : {0U, 500U, 1000U, 1020U, 5'000'000U}) {
        for (int count = 0; count < 60; ++count) {
            const auto size = static_cast<std::size_t>(count);
            std::vector<float> scaled(size);
            stream_kernels().add_sines(pair, first, count, scaled.data());
            stream_kernels().shape(edge, count, scaled.data());
            std::vector<std::int16_t> expected(size);
            stream_kernels().to_pcm16(scaled.data(), count, expected.data());
            std::vector<std::int16_t> out(size);
            const int cut = count / 3;
            stream_kernels().add_edge_pcm16(pair, first, edge, cut, out.data());
            const auto before = static_cast<std::uint64_t>(cut);
            stream_kernels().add_edge_pcm16(pair, first + before,
                                            {edge.phase + before * edge.step, edge.step}, count - cut,
                                            out.data() + cut);
            ASSERT_EQ(out, expected) << first << ' ' << count;
        }
    }
}

TEST_P(StreamKernel, SumsBothSines) {
    const SineBlock low = sine_block(low_step);
    const SineBlock high = sine_block(high_step);
    const SinePair pair{&low, &high, low_step, high_step, 0.4F, 0.2F};
    constexpr std::uint64_t first = 1'000'003;
    std::vector<float> out(700);
    stream_kernels().add_sines(pair, first, 700, out.data());
    for (std::uint64_t n = 0; n < out.size(); ++n) {
        const auto sine = [&](std::uint64_t step) {
            return std::sin(turn * static_cast<double>((first + n) * step) / 0x1p64);
        };
        EXPECT_NEAR(out[n], 0.4 * sine(low_step) + 0.2 * sine(high_step), 1e-6);
    }
}

} // namespace
} // namespace keytone::simd
