// SPDX-License-Identifier: MIT
#include "dsp/generator/key_sines.hpp"
#include "tests/support/key_press.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

namespace keytone {
namespace {

constexpr float low_peak = 0.25F;
constexpr float high_peak = 0.3F;

/// Both sines at sample `n`. The phases are reduced to a turn exactly, as every frequency is a whole number
/// of hertz.
double exact(Key key, int rate_hz, SampleIndex n) {
    const auto sine = [&](Hertz frequency) {
        const auto hz = static_cast<SampleIndex>(frequency.value);
        const SampleIndex turns = hz * (n % rate_hz) % rate_hz;
        return std::sin(2.0 * std::numbers::pi * static_cast<double>(turns) / rate_hz);
    };
    return static_cast<double>(low_peak) * sine(key.low()) +
           static_cast<double>(high_peak) * sine(key.high());
}

KeySines sines(Key key, int rate_hz) {
    return {key, SampleRate::from_hz(rate_hz).value(), low_peak, high_peak};
}

TEST(KeySines, AreTheSinesOfEveryKeyAtEveryRate) {
    for (const int rate_hz : SampleRate::offered_hz) {
        for (const char character : test::all_keys) {
            const Key key = *Key::from_character(character);
            std::vector<float> samples(1000);
            sines(key, rate_hz).generate(0, std::span(samples));
            for (std::size_t n = 0; n < samples.size(); ++n) {
                ASSERT_NEAR(static_cast<double>(samples[n]), exact(key, rate_hz, static_cast<SampleIndex>(n)),
                            6e-7)
                    << character << rate_hz << ' ' << n;
            }
        }
    }
}

TEST(KeySines, DoNotDriftIn24Hours) {
    for (const int rate_hz : SampleRate::offered_hz) {
        for (const char character : {'1', '5', '9', 'D'}) {
            const Key key = *Key::from_character(character);
            const SampleIndex day = SampleIndex{24} * 3600 * rate_hz + 12'345;
            std::vector<float> samples(300);
            sines(key, rate_hz).generate(day, std::span(samples));
            for (std::size_t n = 0; n < samples.size(); ++n) {
                // An error of 1e-5 rad in both sines.
                ASSERT_NEAR(static_cast<double>(samples[n]),
                            exact(key, rate_hz, day + static_cast<SampleIndex>(n)), 0.55 * 1e-5);
            }
        }
    }
}

template <class Sample>
void expect_that_blocks_do_not_matter() {
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> length(0, 300);
    const KeySines tone = sines(*Key::from_character('7'), 48000);
    std::vector<Sample> whole(20'000);
    tone.generate(0, std::span(whole));
    std::vector<Sample> cut(whole.size());
    for (std::size_t at = 0; at < cut.size();) {
        const std::size_t now = std::min(length(random), cut.size() - at);
        tone.generate(static_cast<SampleIndex>(at), std::span(cut).subspan(at, now));
        at += now;
    }
    EXPECT_EQ(cut, whole);
}

TEST(KeySines, BlocksDoNotMatter) {
    expect_that_blocks_do_not_matter<float>();
    expect_that_blocks_do_not_matter<std::int16_t>();
}

TEST(KeySines, IntegersAreTheFloatsRoundedAndCut) {
    const KeySines tone(*Key::from_character('#'), SampleRate::narrowband(), 0.9F, 0.6F);
    std::vector<float> floats(2000);
    std::vector<std::int16_t> integers(2000);
    tone.generate(3, std::span(floats));
    tone.generate(3, std::span(integers));
    int cut = 0;
    for (std::size_t n = 0; n < floats.size(); ++n) {
        const double scaled = 32768.0 * static_cast<double>(floats[n]);
        EXPECT_EQ(integers[n], std::lrint(std::clamp(scaled, -32768.0, 32767.0)));
        cut += std::abs(scaled) > 32768.0 ? 1 : 0;
    }
    EXPECT_GT(cut, 10);
}

} // namespace
} // namespace keytone
