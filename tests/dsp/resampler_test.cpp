// SPDX-License-Identifier: MIT
#include "dsp/resampler.hpp"

#include <gtest/gtest.h>
#include <samplerate.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

// What resampler.hpp states.
constexpr double pass_band = 0.85;
constexpr double max_ripple_db = 0.1;
constexpr double max_image_db = -65.0;

class ResamplerBetween : public testing::TestWithParam<std::pair<int, int>> {
  protected:
    [[nodiscard]] static int from_hz() { return GetParam().first; }
    [[nodiscard]] static int to_hz() { return GetParam().second; }
    [[nodiscard]] static int lower_hz() { return std::min(from_hz(), to_hz()); }
    [[nodiscard]] static Resampler resampler() {
        return {*SampleRate::from_hz(from_hz()), *SampleRate::from_hz(to_hz())};
    }
    [[nodiscard]] static std::size_t exact_count(std::size_t in) {
        return (in * static_cast<std::size_t>(to_hz()) + static_cast<std::size_t>(from_hz()) - 1) /
               static_cast<std::size_t>(from_hz());
    }
};

Samples sine(int rate_hz, double frequency_hz, double peak, std::size_t count) {
    Samples samples(count);
    for (std::size_t n = 0; n < count; ++n) {
        const double turns = frequency_hz * static_cast<double>(n) / rate_hz;
        samples[n] = static_cast<std::int16_t>(std::lround(peak * std::sin(2.0 * std::numbers::pi * turns)));
    }
    return samples;
}

Samples any_samples(std::size_t count) {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> any(-32768, 32767);
    Samples samples(count);
    std::generate(samples.begin(), samples.end(), [&] { return static_cast<std::int16_t>(any(random)); });
    return samples;
}

Samples resample(Resampler& resampler, std::span<const std::int16_t> in) {
    Samples out(static_cast<std::size_t>(resampler.output_count(static_cast<SampleCount>(in.size()))));
    EXPECT_EQ(resampler.process(in, out), out.size());
    EXPECT_TRUE(in.empty());
    return out;
}

/// The content of a fifth of a second, from 0.2 s on, which is a whole number of samples at every rate: the
/// complex amplitude of one frequency (a whole number of periods), and the power of everything else.
struct Spectrum {
    std::complex<double> amplitude;
    double rest;
};

Spectrum spectrum(const Samples& samples, int rate_hz, double frequency_hz) {
    const auto count = static_cast<std::size_t>(rate_hz / 5);
    std::complex<double> sum{};
    double power = 0.0;
    for (std::size_t n = count; n < 2 * count; ++n) {
        const double x = samples[n];
        sum += x * std::polar(1.0, -2.0 * std::numbers::pi * frequency_hz * static_cast<double>(n) / rate_hz);
        power += x * x;
    }
    const std::complex<double> amplitude = 2.0 / static_cast<double>(count) * sum;
    return {amplitude, power / static_cast<double>(count) - 0.5 * std::norm(amplitude)};
}

double decibels(double power_ratio) {
    return 10.0 * std::log10(power_ratio);
}

TEST_P(ResamplerBetween, PassesTonesInTheirPlaceWithoutImages) {
    constexpr double peak = 30000.0;
    const int highest = static_cast<int>(pass_band * lower_hz() / 2) / 10 * 10;
    for (int step = 0; step <= 24; ++step) {
        const double frequency = 10.0 * std::round((10.0 + (highest - 10.0) * step / 24.0) / 10.0);
        Resampler tested = resampler();
        const Samples out = resample(
            tested, sine(from_hz(), frequency, peak, static_cast<std::size_t>(from_hz() * 2 / 5 + 1)));
        const Spectrum heard = spectrum(out, to_hz(), frequency);
        EXPECT_LT(std::abs(decibels(std::norm(heard.amplitude) / (peak * peak))), max_ripple_db) << frequency;
        EXPECT_LT(decibels(heard.rest / (0.5 * peak * peak)), max_image_db) << frequency;
        // A sine of another frequency, or with another delay, would have another phase.
        const double delay_turns = frequency * static_cast<double>(tested.delay()) / lower_hz();
        const std::complex<double> expected =
            std::polar(peak, -2.0 * std::numbers::pi * (0.25 + delay_turns));
        EXPECT_LT(std::abs(std::arg(heard.amplitude / expected)), 1e-3) << frequency;
    }
}

TEST_P(ResamplerBetween, StopsWhatTheOutputCannotHold) {
    constexpr double peak = 30000.0;
    // The first is a tenth of a percent of the rate above the band's edge, so that its alias is just below
    // the edge.
    for (double frequency = 0.501 * to_hz(); frequency < 0.5 * from_hz(); frequency += 0.0173 * to_hz()) {
        Resampler tested = resampler();
        const Samples out =
            resample(tested, sine(from_hz(), frequency, peak, static_cast<std::size_t>(from_hz() / 5 + 1)));
        double power = 0.0;
        for (std::size_t n = out.size() / 2; n < out.size(); ++n) {
            power += static_cast<double>(out[n]) * out[n];
        }
        power /= static_cast<double>(out.size() - out.size() / 2);
        EXPECT_LT(decibels(power / (0.5 * peak * peak)), max_image_db) << frequency;
    }
}

// Noise of 300 sines up to 80 % of the lower rate's half, compared with libsamplerate's best converter.
TEST_P(ResamplerBetween, AgreesWithLibsamplerateOnNoise) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> any(0.0, 1.0);
    std::vector<float> in(static_cast<std::size_t>(from_hz()) / 2);
    for (int tone = 0; tone < 300; ++tone) {
        const double step = 2.0 * std::numbers::pi * (20.0 + any(random) * 0.4 * lower_hz()) / from_hz();
        const double phase = 2.0 * std::numbers::pi * any(random);
        for (std::size_t n = 0; n < in.size(); ++n) {
            in[n] += static_cast<float>(std::sin(step * static_cast<double>(n) + phase) / 60.0);
        }
    }
    Samples pcm;
    for (float& x : in) {
        x = std::round(std::clamp(x, -1.0F, 0.999F) * 32768.0F);
        pcm.push_back(static_cast<std::int16_t>(x));
    }
    Resampler tested = resampler();
    const Samples out = resample(tested, pcm);
    // libsamplerate's output has no delay.
    const auto delay = static_cast<std::size_t>(tested.delay());
    const std::size_t input_delay = from_hz() < to_hz() ? delay : 0;
    const std::size_t output_delay = from_hz() < to_hz() ? 0 : delay;
    in.insert(in.begin(), input_delay, 0.0F);
    std::vector<float> expected(out.size() + 100);
    SRC_DATA data{};
    data.data_in = in.data();
    data.input_frames = static_cast<long>(in.size());
    data.data_out = expected.data();
    data.output_frames = static_cast<long>(expected.size());
    data.src_ratio = static_cast<double>(to_hz()) / from_hz();
    ASSERT_EQ(src_simple(&data, SRC_SINC_BEST_QUALITY, 1), 0);
    double difference = 0.0;
    double power = 0.0;
    const auto edge = static_cast<std::size_t>(to_hz() / 20); // the noise begins and ends abruptly
    for (std::size_t n = edge; n + edge < out.size(); ++n) {
        const auto reference = static_cast<double>(expected[n - output_delay]);
        difference += (out[n] - reference) * (out[n] - reference);
        power += reference * reference;
    }
    const double difference_db = decibels(difference / power);
    RecordProperty("difference_db", std::to_string(difference_db));
    EXPECT_LT(difference_db, -75.0);
    EXPECT_GT(power, 0.0);
}

TEST_P(ResamplerBetween, DoesNotDependOnHowTheStreamIsCut) {
    const Samples in = any_samples(static_cast<std::size_t>(from_hz()) / 4);
    Resampler whole = resampler();
    const Samples expected = resample(whole, in);
    Resampler cut = resampler();
    std::mt19937 random(8);
    Samples out;
    std::span<const std::int16_t> rest = in;
    while (out.size() < expected.size()) {
        std::span<const std::int16_t> block = rest.first(std::min<std::size_t>(rest.size(), random() % 400));
        rest = rest.subspan(block.size());
        do {
            // Room for fewer samples than the block gives, and now and then for none.
            Samples room(random() % 100);
            const Resampler copy = cut;
            cut = Resampler(copy);
            const std::size_t written = cut.process(block, room);
            out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(written));
        } while (!block.empty());
    }
    EXPECT_EQ(out, expected);
    cut.reset();
    EXPECT_EQ(resample(cut, in), expected);
}

TEST_P(ResamplerBetween, GivesTheExactNumberOfSamples) {
    Resampler tested = resampler();
    std::mt19937 random(9);
    std::size_t in_total = 0;
    std::size_t out_total = 0;
    for (int block = 0; block < 500; ++block) {
        const Samples in(random() % 300);
        in_total += in.size();
        out_total += resample(tested, in).size();
        ASSERT_EQ(out_total, exact_count(in_total)) << in_total;
        // A day and a little more from here on: computed, not rendered.
        const std::size_t day = std::size_t{86400} * static_cast<std::size_t>(from_hz()) + random() % 1000;
        ASSERT_EQ(static_cast<std::size_t>(tested.output_count(static_cast<SampleCount>(day))),
                  exact_count(in_total + day) - out_total);
    }
}

// The output does not depend on how long it has been running: after one period of the ratio everything
// repeats.
TEST_P(ResamplerBetween, RepeatsItselfFromPeriodToPeriod) {
    const int period = from_hz() / 25; // whole at every rate
    const Samples in = sine(from_hz(), 200.0, 10000.0, static_cast<std::size_t>(period));
    Resampler tested = resampler();
    for (int settling = 0; settling < 5; ++settling) {
        resample(tested, in);
    }
    const Samples first = resample(tested, in);
    ASSERT_EQ(first.size(), static_cast<std::size_t>(to_hz() / 25));
    for (int repeat = 0; repeat < 125; ++repeat) {
        ASSERT_EQ(resample(tested, in), first) << repeat;
    }
}

TEST_P(ResamplerBetween, SaturatesInsteadOfWrapping) {
    // A step overshoots full scale on either side.
    const auto length = static_cast<std::size_t>(from_hz() / 5);
    Samples step(2 * length, std::int16_t{-32768});
    std::fill(step.begin() + static_cast<std::ptrdiff_t>(length), step.end(), std::int16_t{32767});
    Resampler tested = resampler();
    const Samples out = resample(tested, step);
    const auto middle = static_cast<std::size_t>(to_hz() / 5) +
                        static_cast<std::size_t>(tested.delay() * to_hz() / lower_hz());
    const auto margin = static_cast<std::size_t>(2 * to_hz() / lower_hz() + 1);
    for (std::size_t n = out.size() / 4; n < middle - margin; ++n) {
        EXPECT_LT(out[n], -28000) << n;
    }
    for (std::size_t n = middle + margin; n < out.size(); ++n) {
        EXPECT_GT(out[n], 28000) << n;
    }
    EXPECT_EQ(*std::min_element(out.begin(), out.end()), -32768);
    EXPECT_EQ(*std::max_element(out.begin(), out.end()), 32767);
}

TEST_P(ResamplerBetween, AnImpulseComesOutAfterTheDelayAndNowhereElse) {
    Samples in(static_cast<std::size_t>(from_hz() / 10));
    const auto at = static_cast<std::size_t>(from_hz() / 50);
    in[at] = 32767;
    Resampler tested = resampler();
    const Samples out = resample(tested, in);
    const auto highest = std::max_element(out.begin(), out.end()) - out.begin();
    const double expected = static_cast<double>(at) / from_hz() * to_hz() +
                            static_cast<double>(tested.delay()) * to_hz() / lower_hz();
    EXPECT_NEAR(static_cast<double>(highest), expected, 0.51);
    const double reach = static_cast<double>(tested.delay()) * to_hz() / lower_hz();
    for (std::size_t n = 0; n < out.size(); ++n) {
        if (std::abs(static_cast<double>(n) - expected) > reach) {
            EXPECT_EQ(out[n], 0) << n;
        }
    }
}

// All pairs with a rate that calls use, and the pair with the most phases, both ways.
std::vector<std::pair<int, int>> tested_pairs() {
    const auto is_usual = [](int hz) { return hz == 8000 || hz == 16000 || hz == 44100 || hz == 48000; };
    std::vector<std::pair<int, int>> pairs{{11025, 192000}, {192000, 11025}};
    for (const int from : SampleRate::offered_hz) {
        for (const int to : SampleRate::offered_hz) {
            if (from != to && (is_usual(from) || is_usual(to))) {
                pairs.emplace_back(from, to);
            }
        }
    }
    return pairs;
}

INSTANTIATE_TEST_SUITE_P(Pairs, ResamplerBetween, testing::ValuesIn(tested_pairs()), [](const auto& pair) {
    return std::to_string(pair.param.first) + "_to_" + std::to_string(pair.param.second);
});

TEST(Resampler, PassesEqualRatesAsTheyAre) {
    const Samples in = any_samples(5000);
    for (const int hz : SampleRate::offered_hz) {
        Resampler resampler(*SampleRate::from_hz(hz), *SampleRate::from_hz(hz));
        EXPECT_EQ(resample(resampler, in), in);
        EXPECT_EQ(resampler.delay(), 0);
    }
}

TEST(Resampler, IsSmall) {
    EXPECT_LT(sizeof(Resampler), 300U);
}

} // namespace
} // namespace keytone
