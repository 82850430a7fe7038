// SPDX-License-Identifier: MIT
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/line_listener.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

namespace keytone::test {
namespace {

constexpr LineLimits limits;
constexpr LineFront::Threshold threshold{limits.min_sound_level,        limits.max_noise_level,
                                         limits.min_sound_over_noise,   limits.max_steady_noise_level,
                                         limits.min_sound_over_loudest, limits.min_sound_over_hum};

struct Heard {
    SampleIndex end;
    float power;
    bool active;
    float cosine;
    std::size_t averages;

    friend bool operator==(const Heard&, const Heard&) = default;
};

Heard heard(const LineFront::Frame& frame) {
    const auto tone = frame.short_lag.one_tone();
    return {frame.end, frame.power, frame.active, tone ? tone->cosine : 2.0F, frame.averages.size()};
}

std::vector<std::int16_t> tone_and_silence(int rate_hz) {
    Signal signal(sample_count(1000.0, rate_hz));
    for (std::size_t n = 0; n < signal.size() / 2; ++n) {
        signal[n] = 0.1 * std::sin(2.0 * std::numbers::pi * 1000.0 * static_cast<double>(n) / rate_hz);
    }
    return to_pcm16(signal);
}

TEST(LineFront, FramesAreTheSameHoweverTheStreamIsCut) {
    for (const int rate_hz : SampleRate::offered_hz) {
        const auto samples = tone_and_silence(rate_hz);
        LineFront whole(*SampleRate::from_hz(rate_hz), threshold);
        std::vector<Heard> expected;
        whole.process(samples, [&](const LineFront::Frame& frame) { expected.push_back(heard(frame)); });
        ASSERT_GE(expected.size(), 100U);
        EXPECT_TRUE(expected[10].active);
        EXPECT_FALSE(expected[90].active);
        EXPECT_NEAR(
            static_cast<double>(expected[10].cosine),
            std::cos(2.0 * std::numbers::pi * 1000.0 / LineFront::average_hz(*SampleRate::from_hz(rate_hz))),
            0.01);
        LineFront cut(*SampleRate::from_hz(rate_hz), threshold);
        for (int pass = 0; pass < 2; ++pass) {
            std::vector<Heard> found;
            std::size_t size = 1;
            for (std::size_t at = 0; at < samples.size(); at += size) {
                size = std::min((5 * size + 7) % 977 + 1, samples.size() - at);
                cut.process(std::span(samples).subspan(at, size),
                            [&](const LineFront::Frame& frame) { found.push_back(heard(frame)); });
            }
            EXPECT_TRUE(found == expected) << rate_hz;
            cut.reset();
        }
    }
}

/// 1 kHz at these levels.
std::vector<std::int16_t> tone(const std::vector<std::pair<double, double>>& ms_and_dbm0) {
    Signal signal;
    for (const auto& [ms, dbm0] : ms_and_dbm0) {
        const double peak = std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 20.0);
        for (std::size_t n = 0; n < sample_count(ms, 8000); ++n) {
            signal.push_back(peak * std::sin(2.0 * std::numbers::pi * static_cast<double>(n) / 8.0));
        }
    }
    return to_pcm16(signal);
}

TEST(LineFront, ASoftToneIsNoNoiseHoweverLong) {
    for (const bool is_tone : {false, true}) {
        LineFront front(SampleRate::narrowband(), threshold);
        int frames = 0;
        int active = 0;
        front.process(tone({{500.0, -70.0}, {3000.0, -33.0}}), [&](const LineFront::Frame& frame) {
            active += frame.active ? 1 : 0;
            if (is_tone && ++frames % 5 == 0) {
                front.take_for_tone();
            }
        });
        if (is_tone) {
            EXPECT_GE(active, 299);
        } else {
            EXPECT_LE(active, 160);
        }
    }
}

TEST(LineFront, NoiseMayBeLikeAToneForAMoment) {
    const auto active_with = [](int tones_a_half_second) {
        LineFront front(SampleRate::narrowband(), threshold);
        int frames = 0;
        int active = 0;
        front.process(tone({{500.0, -70.0}, {3000.0, -33.0}}), [&](const LineFront::Frame& frame) {
            active += frame.active ? 1 : 0;
            if (frames++ % 50 < tones_a_half_second) {
                front.take_for_tone();
            }
        });
        return active;
    };
    EXPECT_LE(active_with(2), 160);
    EXPECT_GE(active_with(4), 299);
}

TEST(LineFront, SoundIsLouderThanTheLoudestOfANoise) {
    const auto active_at = [](double dbm0) {
        std::vector<std::pair<double, double>> levels;
        for (int i = 0; i < 13; ++i) {
            levels.push_back({100.0, -36.0});
            levels.push_back({100.0, -33.0});
        }
        levels.push_back({200.0, dbm0});
        LineFront front(SampleRate::narrowband(), threshold);
        int active = 0;
        front.process(tone(levels), [&](const LineFront::Frame& frame) {
            active += frame.active && frame.end > 8 * 2600 ? 1 : 0;
        });
        return active;
    };
    EXPECT_EQ(active_at(-32.2), 0);
    EXPECT_GE(active_at(-30.9), 19);
}

/// Frames that are sound, from `from_ms` on.
int active_from(int from_ms, const std::vector<std::pair<double, double>>& ms_and_dbm0) {
    LineFront front(SampleRate::narrowband(), threshold);
    int active = 0;
    front.process(tone(ms_and_dbm0), [&](const LineFront::Frame& frame) {
        active += frame.active && frame.end > SampleIndex{8} * from_ms ? 1 : 0;
    });
    return active;
}

TEST(LineFront, ALittleNoiseIsKnownSoonLouderNoiseLater) {
    EXPECT_EQ(active_from(1500, {{500.0, -70.0}, {1500.0, -37.0}}), 0);
    EXPECT_GE(active_from(1500, {{500.0, -70.0}, {1500.0, -36.0}}), 49);
    EXPECT_EQ(active_from(2000, {{500.0, -70.0}, {2000.0, -22.0}}), 0);
    EXPECT_GE(active_from(2000, {{500.0, -70.0}, {2000.0, -21.0}}), 49) << "no line is as noisy";
}

TEST(LineFront, NoiseIsSteady) {
    const auto active_with = [](double softer_db) {
        std::vector<std::pair<double, double>> levels{{500.0, -70.0}};
        for (int i = 0; i < 15; ++i) {
            levels.push_back({100.0, -41.0});
            levels.push_back({100.0, -41.0 - softer_db});
        }
        return active_from(1500, levels);
    };
    EXPECT_EQ(active_with(7.0), 0);
    EXPECT_GE(active_with(9.0), 90);
}

TEST(LineFront, NoiseThatDipsIsStillNoise) {
    const auto active_of = [](double dip_dbm0) {
        LineFront front(SampleRate::narrowband(), threshold);
        int active = 0;
        front.process(
            tone({{2500.0, -38.0}, {20.0, dip_dbm0}, {400.0, -38.0}}),
            [&](const LineFront::Frame& frame) { active += frame.active && frame.end > 8 * 2500 ? 1 : 0; });
        return active;
    };
    EXPECT_EQ(active_of(-44.0), 0);
    EXPECT_GE(active_of(-60.0), 38) << "silence: what comes then is sound";
}

TEST(LineFront, SoundIsALittleLouderThanAHum) {
    const auto active_at = [](double dbm0) {
        LineFront front(SampleRate::narrowband(), threshold);
        int active = 0;
        front.process(tone({{2500.0, -33.0}, {200.0, dbm0}}), [&](const LineFront::Frame& frame) {
            active += frame.active && frame.end > 8 * 2500 ? 1 : 0;
        });
        return active;
    };
    EXPECT_EQ(active_at(-29.8), 0);
    EXPECT_GE(active_at(-29.0), 19);
}

TEST(LineFront, ALineListenerHandsOnItsFrames) {
    const auto samples = tone_and_silence(8000);
    LineFront front(SampleRate::narrowband(), threshold);
    LineListener listener(SampleRate::narrowband());
    std::vector<Heard> expected;
    std::vector<Heard> found;
    front.process(samples, [&](const LineFront::Frame& frame) { expected.push_back(heard(frame)); });
    listener.process(
        samples, [](const LineEvent&) {},
        [&](const LineFront::Frame& frame) {
            EXPECT_EQ(listener.heard_to(), frame.end);
            found.push_back(heard(frame));
        });
    EXPECT_TRUE(found == expected);
}

} // namespace
} // namespace keytone::test
