// SPDX-License-Identifier: MIT
//
// The generator against plain sines in double precision, and against itself, cut in other ways.
#include "dsp/progress/country_tones.hpp"
#include "dsp/progress/machine_tones.hpp"
#include "dsp/progress/progress_generator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace keytone {
namespace {

constexpr double turn = 2.0 * std::numbers::pi;

ProgressGenerator generator(const TonePattern& pattern, const ProgressSound& sound = {}, int rate_hz = 8000) {
    return *ProgressGenerator::create(pattern, sound, *SampleRate::from_hz(rate_hz));
}

std::vector<float> generated(ProgressGenerator from, std::size_t count) {
    std::vector<float> samples(count);
    from.generate(std::span<float>(samples));
    return samples;
}

double mean_square(std::span<const float> samples) {
    double sum = 0.0;
    for (const float sample : samples) {
        sum += static_cast<double>(sample) * static_cast<double>(sample);
    }
    return sum / static_cast<double>(samples.size());
}

double dbm0(std::span<const float> samples) {
    return 10.0 * std::log10(2.0 * mean_square(samples)) + 3.14;
}

TEST(ProgressGenerator, SendsASineAtItsLevel) {
    const auto samples = generated(generator(continuous(single(425)), {Dbm0{-10}, Milliseconds{0}}), 8000);
    const double peak = std::pow(10.0, (-10.0 - 3.14) / 20.0);
    for (std::size_t n = 0; n < samples.size(); ++n) {
        ASSERT_NEAR(static_cast<double>(samples[n]),
                    peak * std::sin(turn * 425.0 * static_cast<double>(n) / 8000.0), 1e-6);
    }
}

TEST(ProgressGenerator, KeepsTheCadenceToTheSampleForHours) {
    // A third of a second is no whole number of samples: rounding must not add up.
    const TonePattern thirds = cadence(single(400), {1000.0 / 3.0, 1000.0 / 3.0});
    auto from = generator(thirds, {Dbm0{-10}, Milliseconds{0}}, 11025);
    std::vector<float> second(11025);
    for (int i = 0; i < 4 * 3600; ++i) {
        from.generate(std::span<float>(second));
    }
    const auto all = generated(from, 11025);
    // Two thirds of a second are a round: at every second full second a new one begins.
    EXPECT_EQ(all[0], 0.0F);
    EXPECT_NE(all[1], 0.0F);
    EXPECT_NE(all[3674], 0.0F);
    EXPECT_EQ(all[3676], 0.0F);
    EXPECT_EQ(all[7349], 0.0F);
    EXPECT_NE(all[7351], 0.0F);
}

TEST(ProgressGenerator, AllSoundsHaveTheLevelThatIsAskedFor) {
    for (const ToneSound& sound : {single(425), pair(440, 480), modulated(400, 25)}) {
        const auto samples = generated(generator(continuous(sound), {Dbm0{-20}, Milliseconds{0}}), 80000);
        EXPECT_NEAR(dbm0(samples), -20.0, 0.01);
    }
}

TEST(ProgressGenerator, DoesNotDependOnHowItIsCut) {
    for (const TonePattern& pattern :
         {country_tones()[Country::from_code("gb")->place()].ringback,
          machine_pattern(ProgressTone::fax_preamble), machine_pattern(ProgressTone::modem_answering),
          information_pattern(SpecialInformation::intercept),
          country_tones()[Country::from_code("us")->place()].second_dial}) {
        std::vector<std::int16_t> whole(40000);
        generator(pattern, {}, 22050).generate(std::span<std::int16_t>(whole));
        auto from = generator(pattern, {}, 22050);
        std::vector<std::int16_t> cut(whole.size());
        std::size_t size = 1;
        for (std::size_t at = 0; at < cut.size(); at += size) {
            size = std::min((7 * size + 3) % 701 + 1, cut.size() - at);
            from.generate(std::span<std::int16_t>(cut).subspan(at, size));
        }
        EXPECT_EQ(whole, cut);
        from.reset();
        from.generate(std::span<std::int16_t>(cut));
        EXPECT_EQ(whole, cut);
    }
}

// Frequencies are shifted without a step of the phase: the largest step from sample to sample is that of the
// higher frequency.
TEST(ProgressGenerator, AModemsFlagsKeepTheirPhase) {
    const auto samples = generated(
        generator(machine_pattern(ProgressTone::fax_preamble), {Dbm0{3.14}, Milliseconds{0}}, 48000), 480000);
    const double most = turn * 1850.0 / 48000.0;
    for (std::size_t n = 1; n < samples.size(); ++n) {
        ASSERT_LE(std::abs(static_cast<double>(samples[n] - samples[n - 1])), most + 1e-4) << n;
    }
}

TEST(ProgressGenerator, ReversesAnAnsweringTone) {
    const auto samples = generated(
        generator(machine_pattern(ProgressTone::modem_answering), {Dbm0{-10}, Milliseconds{0}}), 8000);
    // 450 ms are 945 turns of 2100 Hz: what follows is the opposite of what was.
    double product = 0.0;
    for (std::size_t n = 0; n < 400; ++n) {
        product += static_cast<double>(samples[3000 + n]) * static_cast<double>(samples[3000 + 3600 + n]);
    }
    EXPECT_LT(product, 0.0);
}

TEST(ProgressGenerator, RefusesWhatItCannotSend) {
    const auto rate = SampleRate::narrowband();
    const auto error = [&](const TonePattern& pattern, const ProgressSound& sound) {
        return ProgressGenerator::create(pattern, sound, rate).error();
    };
    EXPECT_EQ(error(continuous(single(425)), {Dbm0{4}}), Error::level_out_of_range);
    EXPECT_EQ(error(continuous(single(425)), {Dbm0{-61}}), Error::level_out_of_range);
    EXPECT_TRUE(ProgressGenerator::create(continuous(single(425)), {Dbm0{-59}}, rate).has_value());
    EXPECT_EQ(error(continuous(pair(350, 440)), {Dbm0{2}}), Error::level_clips);
    EXPECT_EQ(error(continuous(single(425)), {Dbm0{-10}, Milliseconds{-1}}), Error::edge_out_of_range);
}

} // namespace
} // namespace keytone
