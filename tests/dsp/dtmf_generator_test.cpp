// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "dsp/levels.hpp"

#include <Eigen/Dense>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace keytone {
namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view all_keys = "0123456789*#ABCD";

DtmfGenerator generator(std::string_view digits, const DtmfTone& tone = {}, int rate = 8000) {
    return *DtmfGenerator::create(*DigitString::parse(digits), tone, *SampleRate::from_hz(rate));
}

template <class Sample>
std::vector<Sample> all_samples(DtmfGenerator generator) {
    std::vector<Sample> samples(static_cast<std::size_t>(generator.remaining()) + 1);
    const std::size_t count = generator.generate(std::span<Sample>(samples));
    EXPECT_EQ(count, samples.size() - 1);
    samples.resize(count);
    return samples;
}

/// The tones as `1:0-1600 *:2400-4000`, then the length as ` /4000`.
std::string layout(const DtmfGenerator& generator) {
    std::string text;
    generator.for_each_tone([&](const DtmfGenerator::Tone& tone) {
        text += std::string{tone.key.character()} + ':' + std::to_string(tone.begin) + '-' +
                std::to_string(tone.end) + ' ';
    });
    return text + '/' + std::to_string(generator.length());
}

constexpr DtmfTone tone_200_gap_100{.tone = Milliseconds{200}, .gap = Milliseconds{100}};

// --- When ---

TEST(DtmfGenerator, TonesAndGapsFollowEachOther) {
    EXPECT_EQ(layout(generator("1*0", tone_200_gap_100)), "1:0-1600 *:2400-4000 0:4800-6400 /6400");
    EXPECT_EQ(layout(generator("5", tone_200_gap_100)), "5:0-1600 /1600");
}

TEST(DtmfGenerator, APauseTakesThePlaceOfTheGap) {
    EXPECT_EQ(layout(generator("1w2", tone_200_gap_100)), "1:0-1600 2:5600-7200 /7200");
    EXPECT_EQ(layout(generator("1W2", tone_200_gap_100)), "1:0-1600 2:9600-11200 /11200");
    EXPECT_EQ(layout(generator("1wWw2", tone_200_gap_100)), "1:0-1600 2:17600-19200 /19200");
    const DtmfTone long_gap{.tone = Milliseconds{200}, .gap = Milliseconds{800}};
    EXPECT_EQ(layout(generator("1w2", long_gap)), "1:0-1600 2:8000-9600 /9600");
    EXPECT_EQ(layout(generator("1ww2", long_gap)), "1:0-1600 2:9600-11200 /11200");
}

TEST(DtmfGenerator, LeadingAndTrailingPausesCountInFull) {
    EXPECT_EQ(layout(generator("w1", tone_200_gap_100)), "1:4000-5600 /5600");
    EXPECT_EQ(layout(generator("Ww1", tone_200_gap_100)), "1:12000-13600 /13600");
    EXPECT_EQ(layout(generator("1w", tone_200_gap_100)), "1:0-1600 /5600");
    EXPECT_EQ(layout(generator("w1wW", tone_200_gap_100)), "1:4000-5600 /17600");
    const DtmfTone long_gap{.tone = Milliseconds{200}, .gap = Milliseconds{800}};
    EXPECT_EQ(layout(generator("w1w", long_gap)), "1:4000-5600 /9600");
}

TEST(DtmfGenerator, EveryLengthIsRoundedOnItsOwn) {
    // 5.03 ms are 221.823 samples, 7.01 ms are 309.141.
    const DtmfTone odd{.tone = Milliseconds{5.03}, .gap = Milliseconds{7.01}};
    EXPECT_EQ(layout(generator("12w3", odd, 44100)), "1:0-222 2:531-753 3:22803-23025 /23025");
}

TEST(DtmfGenerator, TheLongestStringIsCounted) {
    const DtmfTone longest{.tone = Milliseconds{6000}, .gap = Milliseconds{6000}};
    EXPECT_EQ(generator(std::string(128, 'D'), longest, 48000).length(), (128 + 127) * 288'000);
    EXPECT_EQ(generator(std::string(127, 'W') + '1', longest, 48000).length(), 127 * 48'000 + 288'000);
}

template <class Sample>
void expect_sound_only_in_tones(const DtmfGenerator& generator) {
    const auto samples = all_samples<Sample>(generator);
    SampleIndex silent_from = 0;
    const auto expect_silence_up_to = [&](SampleIndex end) {
        for (SampleIndex i = silent_from; i < end; ++i) {
            ASSERT_EQ(samples[static_cast<std::size_t>(i)], Sample{0}) << i;
        }
    };
    generator.for_each_tone([&](const DtmfGenerator::Tone& tone) {
        expect_silence_up_to(tone.begin);
        // Both tones begin at phase 0, so the first sample is 0 whatever the key.
        EXPECT_NE(samples[static_cast<std::size_t>(tone.begin + 1)], Sample{0});
        EXPECT_NE(samples[static_cast<std::size_t>(tone.end - 1)], Sample{0});
        silent_from = tone.end;
    });
    expect_silence_up_to(generator.length());
}

TEST(DtmfGenerator, SoundsInTheTonesAndNowhereElse) {
    const DtmfTone hard{.tone = Milliseconds{50}, .gap = Milliseconds{50}, .edge = Milliseconds{0}};
    expect_sound_only_in_tones<float>(generator("w12*WDw", hard));
    expect_sound_only_in_tones<std::int16_t>(generator("w12*WDw", hard));
    expect_sound_only_in_tones<float>(generator("w12*WDw", {}, 44100));
}

// --- How it sounds ---

/// Least-squares fit of two sines of known frequencies to part of a signal.
struct TwoTones {
    double low_peak;
    double high_peak;
    double low_phase; ///< Radians, at sample 0 of the stream.
    double high_phase;
    double residual; ///< Mean square of what is left.

    TwoTones(const std::vector<double>& samples, std::size_t begin, std::size_t end, Key key, int rate) {
        const auto basis = [&](std::size_t n) {
            const double turn = two_pi * static_cast<double>(n) / rate;
            const double low = turn * key.low().value;
            const double high = turn * key.high().value;
            return Eigen::Vector4d(std::sin(low), std::cos(low), std::sin(high), std::cos(high));
        };
        Eigen::Matrix4d gram = Eigen::Matrix4d::Zero();
        Eigen::Vector4d product = Eigen::Vector4d::Zero();
        for (std::size_t n = begin; n < end; ++n) {
            const Eigen::Vector4d b = basis(n);
            gram += b * b.transpose();
            product += samples[n] * b;
        }
        const Eigen::Vector4d fit = gram.ldlt().solve(product);
        low_peak = std::hypot(fit[0], fit[1]);
        high_peak = std::hypot(fit[2], fit[3]);
        low_phase = std::atan2(fit[1], fit[0]);
        high_phase = std::atan2(fit[3], fit[2]);
        double square = 0.0;
        for (std::size_t n = begin; n < end; ++n) {
            const double left = samples[n] - fit.dot(basis(n));
            square += left * left;
        }
        residual = square / static_cast<double>(end - begin);
    }
};

/// Frequency by the phases of two fits that are `distance` samples apart.
double measured_hz(double nominal, double phase, double later_phase, std::size_t distance, int rate) {
    const double turns = (later_phase - phase) / two_pi;
    return nominal + (turns - std::round(turns)) * rate / static_cast<double>(distance);
}

template <class Sample>
std::vector<double> relative_to_full_scale(const std::vector<Sample>& samples) {
    const double scale = std::is_same_v<Sample, float> ? 1.0 : full_scale_pcm16;
    std::vector<double> result;
    result.reserve(samples.size());
    for (const Sample sample : samples) {
        result.push_back(static_cast<double>(sample) / scale);
    }
    return result;
}

/// Stricter than Q.23, which asks a sender for each tone within 1.8 %, and everything else 20 dB below.
template <class Sample>
void expect_pure(const DtmfTone& tone, int rate) {
    double worst_purity = infinity;
    for (const char character : all_keys) {
        SCOPED_TRACE(std::string{character} + " at " + std::to_string(rate));
        const Key key = *Key::from_character(character);
        const auto samples =
            relative_to_full_scale(all_samples<Sample>(generator({&character, 1}, tone, rate)));
        const auto edge = static_cast<std::size_t>(SampleRate::from_hz(rate)->samples(tone.edge));
        const std::size_t half = (samples.size() - 2 * edge) / 2;
        const TwoTones whole(samples, edge, edge + 2 * half, key, rate);
        const TwoTones front(samples, edge, edge + half, key, rate);
        const TwoTones back(samples, edge + half, edge + 2 * half, key, rate);

        EXPECT_NEAR(sine_level(whole.low_peak).value, tone.low_level.value, 0.05);
        EXPECT_NEAR(sine_level(whole.high_peak).value, tone.high_level.value, 0.05);

        const double low = measured_hz(key.low().value, front.low_phase, back.low_phase, half, rate);
        const double high = measured_hz(key.high().value, front.high_phase, back.high_phase, half, rate);
        EXPECT_NEAR(low / key.low().value, 1.0, 1e-4);
        EXPECT_NEAR(high / key.high().value, 1.0, 1e-4);

        const Dbm0 weaker = std::min(sine_level(whole.low_peak), sine_level(whole.high_peak));
        const Decibels purity = weaker - mean_square_level(whole.residual);
        EXPECT_GE(purity.value, 60.0);
        worst_purity = std::min(worst_purity, purity.value);
    }
    ::testing::Test::RecordProperty(
        (std::is_same_v<Sample, float> ? "float_purity_db_" : "pcm16_purity_db_") + std::to_string(rate),
        std::to_string(worst_purity));
}

class DtmfGeneratorAtRate : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Offered, DtmfGeneratorAtRate, ::testing::ValuesIn(SampleRate::offered_hz),
                         ::testing::PrintToStringParamName());

TEST_P(DtmfGeneratorAtRate, SendsTwoPureTones) {
    expect_pure<float>({}, GetParam());
    expect_pure<std::int16_t>({}, GetParam());
}

TEST_P(DtmfGeneratorAtRate, SendsTheLevelsAskedFor) {
    const DtmfTone twisted{.edge = Milliseconds{5}, .low_level = Dbm0{-4.5}, .high_level = Dbm0{-20.0}};
    expect_pure<float>(twisted, GetParam());
    expect_pure<std::int16_t>(twisted, GetParam());
    const DtmfTone loudest{.low_level = Dbm0{-2.8806}, .high_level = Dbm0{-2.8806}};
    expect_pure<float>(loudest, GetParam());
    expect_pure<std::int16_t>(loudest, GetParam());
    // In floating point only: in 16 bits, such a weak tone is only some 35 dB above the rounding.
    expect_pure<float>({.low_level = Dbm0{-60.0}, .high_level = Dbm0{-60.0}}, GetParam());
}

TEST(DtmfGenerator, EdgesScaleTheTone) {
    const DtmfTone hard{.tone = Milliseconds{40}, .edge = Milliseconds{0}};
    const DtmfTone soft{.tone = Milliseconds{40}, .edge = Milliseconds{5}};
    const auto bare = all_samples<float>(generator("8", hard));
    const auto shaped = all_samples<float>(generator("8", soft));
    const Envelope envelope(320, 40);
    ASSERT_EQ(bare.size(), shaped.size());
    for (std::size_t i = 0; i < bare.size(); ++i) {
        EXPECT_EQ(shaped[i], bare[i] * envelope.gain(static_cast<SampleIndex>(i))) << i;
    }
}

TEST(DtmfGenerator, EveryToneOfAKeyIsTheSame) {
    const auto samples = all_samples<float>(generator("5w5", tone_200_gap_100));
    EXPECT_TRUE(std::equal(samples.begin(), samples.begin() + 1600, samples.begin() + 5600));
}

TEST(DtmfGenerator, SixteenBitsAreTheFloatToTheNearestAndSaturate) {
    const DtmfTone loudest{
        .tone = Milliseconds{6000}, .low_level = Dbm0{-2.8806}, .high_level = Dbm0{-2.8806}};
    bool saturated = false;
    for (const auto& sender : {generator("1593", loudest), generator("0123456789*#ABCD", {}, 44100)}) {
        const auto exact = all_samples<float>(sender);
        const auto rounded = all_samples<std::int16_t>(sender);
        ASSERT_EQ(exact.size(), rounded.size());
        for (std::size_t i = 0; i < exact.size(); ++i) {
            const double scaled = static_cast<double>(exact[i]) * 32768.0;
            if (scaled > 32767.0) {
                saturated = saturated || scaled > 32767.5;
                ASSERT_EQ(rounded[i], 32767);
            } else {
                ASSERT_LE(std::abs(scaled - rounded[i]), 0.5) << i;
            }
        }
    }
    EXPECT_TRUE(saturated);
}

// --- In what pieces ---

template <class Sample>
void expect_blocks_not_to_matter(DtmfGenerator sender, unsigned seed) {
    const auto expected = all_samples<Sample>(sender);
    std::mt19937 random(seed);
    for (const std::size_t longest : {1U, 7U, 160U, 4096U}) {
        std::uniform_int_distribution<std::size_t> length(1, longest);
        std::vector<Sample> actual;
        sender.reset();
        for (;;) {
            std::vector<Sample> block(length(random));
            EXPECT_EQ(sender.remaining(), static_cast<SampleCount>(expected.size() - actual.size()));
            const std::size_t count = sender.generate(std::span<Sample>(block));
            actual.insert(actual.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
            if (count < block.size()) {
                break;
            }
        }
        EXPECT_EQ(actual, expected) << "blocks up to " << longest;
    }
}

TEST_P(DtmfGeneratorAtRate, BlocksDoNotMatter) {
    const DtmfTone odd{.tone = Milliseconds{43.21}, .gap = Milliseconds{17.3}, .edge = Milliseconds{3.7}};
    const auto sender = generator("w0123456789*#ABCDw1", odd, GetParam());
    expect_blocks_not_to_matter<float>(sender, 11);
    expect_blocks_not_to_matter<std::int16_t>(sender, 12);
}

TEST(DtmfGenerator, ACopyGoesOnFromWhereTheOriginalStands) {
    auto original = generator("12", tone_200_gap_100);
    const auto expected = all_samples<float>(original);
    std::vector<float> front(900);
    original.generate(std::span<float>(front));
    const auto rest = all_samples<float>(original);
    EXPECT_EQ(original.remaining(), 4000 - 900);
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), expected.begin() + 900, expected.end()));
    original.reset();
    EXPECT_EQ(all_samples<float>(original), expected);
}

TEST(DtmfGenerator, FloatAndSixteenBitsTakeTurns) {
    auto sender = generator("7", tone_200_gap_100);
    const auto expected = all_samples<std::int16_t>(sender);
    std::vector<float> skipped(333);
    sender.generate(std::span<float>(skipped));
    const auto rest = all_samples<std::int16_t>(sender);
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), expected.begin() + 333, expected.end()));
}

TEST(DtmfGenerator, WritesNothingBehindTheEnd) {
    auto sender = generator("7", tone_200_gap_100);
    std::vector<std::int16_t> out(2000, 12345);
    EXPECT_EQ(sender.generate(std::span<std::int16_t>()), 0U);
    EXPECT_EQ(sender.generate(std::span<std::int16_t>(out)), 1600U);
    EXPECT_THAT(std::vector<std::int16_t>(out.begin() + 1600, out.end()), ::testing::Each(12345));
    EXPECT_EQ(sender.remaining(), 0);
    EXPECT_EQ(sender.generate(std::span<std::int16_t>(out)), 0U);
}

// --- What is refused ---

Error error_of(const DtmfTone& tone) {
    const auto made = DtmfGenerator::create(*DigitString::parse("1"), tone, SampleRate::narrowband());
    EXPECT_FALSE(made);
    return made ? Error::empty_digits : made.error();
}

bool accepted(const DtmfTone& tone) {
    return DtmfGenerator::create(*DigitString::parse("1"), tone, SampleRate::narrowband()).has_value();
}

TEST(DtmfGenerator, RefusesAToneOrGapOutOfRange) {
    for (const double ms : {-100.0, 0.0, 4.999, 6000.001, 1e300, infinity, -infinity, nan}) {
        EXPECT_EQ(error_of({.tone = Milliseconds{ms}, .edge = Milliseconds{0}}), Error::tone_out_of_range)
            << ms;
        EXPECT_EQ(error_of({.gap = Milliseconds{ms}}), Error::gap_out_of_range) << ms;
    }
    for (const double ms : {5.0, 6000.0}) {
        EXPECT_TRUE(accepted({.tone = Milliseconds{ms}})) << ms;
        EXPECT_TRUE(accepted({.gap = Milliseconds{ms}})) << ms;
    }
}

TEST(DtmfGenerator, RefusesEdgesLongerThanTheTone) {
    for (const double ms : {-0.001, 50.001, infinity, -infinity, nan}) {
        EXPECT_EQ(error_of({.edge = Milliseconds{ms}}), Error::edge_out_of_range) << ms;
    }
    for (const double ms : {0.0, 50.0}) {
        EXPECT_TRUE(accepted({.edge = Milliseconds{ms}})) << ms;
    }
}

TEST(DtmfGenerator, RefusesALevelOutOfRange) {
    for (const double level : {-60.001, 3.141, 1e300, infinity, -infinity, nan}) {
        EXPECT_EQ(error_of({.low_level = Dbm0{level}}), Error::level_out_of_range) << level;
        EXPECT_EQ(error_of({.high_level = Dbm0{level}}), Error::level_out_of_range) << level;
    }
    EXPECT_TRUE(accepted({.low_level = Dbm0{-60}, .high_level = Dbm0{-60}}));
}

TEST(DtmfGenerator, RefusesTonesThatClipTogether) {
    EXPECT_EQ(error_of({.low_level = Dbm0{3.14}}), Error::level_clips);
    EXPECT_EQ(error_of({.low_level = Dbm0{-60}, .high_level = Dbm0{3.14}}), Error::level_clips);
    EXPECT_EQ(error_of({.low_level = Dbm0{-2.88}, .high_level = Dbm0{-2.88}}), Error::level_clips);
    EXPECT_TRUE(accepted({.low_level = Dbm0{-2.881}, .high_level = Dbm0{-2.881}}));
}

} // namespace
} // namespace keytone
