// SPDX-License-Identifier: MIT
#include "dsp/dtmf_detector.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>

namespace keytone {
namespace {

using test::KeyPress;
using test::Signal;
using Samples = std::vector<std::int16_t>;
using Reports = std::vector<DtmfReport>;

Reports hear(DtmfDetector& detector, std::span<const std::int16_t> samples, std::size_t block = 160) {
    Reports reports;
    const auto keep = [&](const DtmfReport& report) { reports.push_back(report); };
    for (std::size_t at = 0; at < samples.size(); at += block) {
        detector.process(samples.subspan(at, std::min(block, samples.size() - at)), keep);
    }
    detector.finish(keep);
    return reports;
}

Reports hear(const Samples& samples, int rate_hz = 8000, const DtmfLimits& limits = {}) {
    DtmfDetector detector(*SampleRate::from_hz(rate_hz), limits);
    return hear(detector, samples);
}

// The digits by their ends; every begin must have its end.
std::string digits(const Reports& reports) {
    std::string text;
    bool sounding = false;
    for (const DtmfReport& report : reports) {
        if (report.kind == DtmfReport::Kind::begin) {
            EXPECT_FALSE(sounding);
            sounding = true;
        } else if (report.kind == DtmfReport::Kind::end) {
            EXPECT_TRUE(sounding);
            sounding = false;
            text += report.key.character();
        }
    }
    EXPECT_FALSE(sounding);
    return text;
}

// `pattern` lists durations in ms: a positive number is a tone, a negative one silence. 50 ms of silence come
// before and after.
Samples stretches(const std::vector<double>& pattern,
                  KeyPress press = {.key = '5', .low_dbm0 = -13, .high_dbm0 = -13}, int rate_hz = 8000) {
    Signal signal(test::sample_count(50.0, rate_hz), 0.0);
    for (const double ms : pattern) {
        if (ms < 0.0) {
            test::append_silence(signal, test::sample_count(-ms, rate_hz));
        } else {
            press.tone_ms = ms;
            press.low_phase += 0.9;
            press.high_phase += 2.1;
            test::append(signal, test::sound(press, rate_hz));
        }
    }
    test::append_silence(signal, test::sample_count(50.0, rate_hz));
    return test::to_pcm16(signal);
}

class DtmfDetectorAt : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(EveryRate, DtmfDetectorAt, testing::ValuesIn(SampleRate::offered_hz));

TEST_P(DtmfDetectorAt, HearsEveryKeyWithItsTimesLevelsAndFrequencies) {
    const int rate = GetParam();
    Signal signal(test::sample_count(31.3, rate), 0.0);
    std::vector<std::size_t> onsets;
    for (const char key : test::all_keys) {
        onsets.push_back(signal.size());
        test::append(signal,
                     test::sound({.key = key, .tone_ms = 70.0, .low_dbm0 = -12, .high_dbm0 = -9}, rate));
        test::append_silence(signal, test::sample_count(60.0 + 0.37 * key, rate));
    }
    const Reports reports = hear(test::to_pcm16(signal), rate);
    EXPECT_EQ(digits(reports), test::all_keys);
    std::size_t i = 0;
    for (const DtmfReport& report : reports) {
        if (report.kind != DtmfReport::Kind::end) {
            continue;
        }
        const double ms = 1000.0 / rate;
        EXPECT_NEAR(static_cast<double>(report.onset) * ms, static_cast<double>(onsets[i]) * ms, 0.5);
        EXPECT_NEAR(static_cast<double>(report.duration) * ms, 70.0, 1.0);
        EXPECT_NEAR(report.low_level.value, -12.0, 0.2);
        EXPECT_NEAR(report.high_level.value, -9.0, 0.2);
        EXPECT_NEAR(report.low_frequency.value, report.key.low().value, 0.5);
        EXPECT_NEAR(report.high_frequency.value, report.key.high().value, 0.5);
        EXPECT_GT(report.snr.value, 40.0);
        ++i;
    }
}

TEST_P(DtmfDetectorAt, DoesNotDependOnHowTheStreamIsCut) {
    const int rate = GetParam();
    Signal signal;
    for (const char key : std::string_view("1AA#07")) {
        test::append(signal,
                     test::sound({.key = key, .tone_ms = 45.0, .low_dbm0 = -15, .high_dbm0 = -14}, rate));
        test::append_silence(signal, test::sample_count(47.3, rate));
    }
    test::mix_into(signal, test::white_noise(signal.size(), -22.0, 11), 0);
    const Samples samples = test::to_pcm16(signal);
    const Reports whole = hear(samples, rate);
    ASSERT_EQ(digits(whole), "1AA#07");

    std::mt19937 random(5);
    for (const int largest : {1, 7, 100, 1000, 40000}) {
        Reports cut;
        const auto keep = [&](const DtmfReport& report) { cut.push_back(report); };
        DtmfDetector detector(*SampleRate::from_hz(rate));
        std::span<const std::int16_t> rest = samples;
        while (!rest.empty()) {
            const std::size_t count =
                std::min<std::size_t>(rest.size(), random() % static_cast<unsigned>(largest) + 1);
            detector.process(rest.first(count), keep);
            rest = rest.subspan(count);
        }
        EXPECT_EQ(detector.position(), std::ssize(samples));
        detector.finish(keep);
        EXPECT_EQ(cut, whole) << largest;
    }
}

// Blocks of whole sub-blocks and others; what is quiet at their beginnings separately.
Reports hear_quiet_first(DtmfDetector& detector, std::span<const std::int16_t> samples) {
    Reports reports;
    const auto keep = [&](const DtmfReport& report) { reports.push_back(report); };
    std::size_t quiet = 0;
    constexpr std::array<std::size_t, 5> sizes{160, 160, 41, 119, 400};
    std::size_t blocks = 0;
    for (std::size_t at = 0; at < samples.size();) {
        const std::size_t size = sizes[blocks++ % sizes.size()];
        const auto block = samples.subspan(at, std::min(size, samples.size() - at));
        const std::size_t heard = detector.process_quiet(block);
        EXPECT_LE(heard, block.size());
        detector.process(block.subspan(heard), keep);
        quiet += heard;
        at += block.size();
        EXPECT_EQ(detector.position(), static_cast<SampleIndex>(at));
    }
    EXPECT_GT(quiet, 0U);
    detector.finish(keep);
    return reports;
}

// Noise of any colour, some of it as loud as the keys: most of what the screen examines is near its limits.
TEST(DtmfDetector, DoesNotDependOnHowNoiseIsCut) {
    std::size_t reports = 0;
    for (unsigned seed = 0; seed < 30; ++seed) {
        std::mt19937 random(seed);
        const double correlation = -0.8 + 1.6 * seed / 30.0;
        Signal noise = test::white_noise(80'000, -20.0, seed);
        for (std::size_t n = 1; n < noise.size(); ++n) {
            noise[n] = correlation * noise[n - 1] + std::sqrt(1.0 - correlation * correlation) * noise[n];
        }
        for (std::size_t at = 0; at + 1600 <= noise.size(); at += 1600) {
            const char key = "123A456B789C*0#D"[at / 1600 % 16];
            const double level = -28.0 + 0.3 * seed;
            test::mix_into(
                noise, test::sound({.key = key, .tone_ms = 60, .low_dbm0 = level, .high_dbm0 = level}, 8000),
                at);
        }
        const Samples samples = test::to_pcm16(noise);
        const Reports whole = hear(samples);
        reports += whole.size();
        DtmfDetector detector(SampleRate::narrowband());
        EXPECT_EQ(hear(detector, samples, 7), whole) << seed;
        detector.reset();
        EXPECT_EQ(hear(detector, samples, 1 + random() % 1000), whole) << seed;
        detector.reset();
        EXPECT_EQ(hear(detector, samples, samples.size()), whole) << seed;
        detector.reset();
        EXPECT_EQ(hear_quiet_first(detector, samples), whole) << seed;
    }
    EXPECT_GT(reports, 1000U);
}

TEST_P(DtmfDetectorAt, ResetEqualsFreshAndACopyGoesOn) {
    const int rate = GetParam();
    const Samples samples = stretches({60, -60, 80}, {.key = '9'}, rate);
    DtmfDetector detector(*SampleRate::from_hz(rate));
    const Reports first = hear(detector, samples);
    detector.reset();
    EXPECT_EQ(detector.position(), 0);
    EXPECT_EQ(hear(detector, samples), first);

    detector.reset();
    const auto ignore = [](const DtmfReport&) {};
    detector.process(std::span(samples).first(samples.size() / 2), ignore);
    DtmfDetector copy = detector;
    const auto rest = std::span(samples).subspan(samples.size() / 2);
    EXPECT_EQ(hear(detector, rest), hear(copy, rest));
}

TEST(DtmfDetector, PartsToneAndPauseAtTheProfilesLimits) {
    for (const DtmfProfile& each : dtmf_profiles()) {
        const DtmfLimits& limits = each.limits;
        const double accepted = limits.min_tone_accepted.value;
        const double rejected = limits.max_tone_rejected.value;
        for (double phase_ms = 0.0; phase_ms < 5.0; phase_ms += 0.625) {
            // The limits hold wherever in the detector's 5 ms grid a tone begins.
            EXPECT_EQ(digits(hear(stretches({-phase_ms - 1.0, accepted}), 8000, limits)), "5")
                << each.name << phase_ms;
            EXPECT_EQ(digits(hear(stretches({-phase_ms - 1.0, rejected}), 8000, limits)), "")
                << each.name << phase_ms;
            EXPECT_EQ(
                digits(hear(stretches({-phase_ms - 1.0, 60, -limits.min_pause.value, 60}), 8000, limits)),
                "55")
                << each.name << phase_ms;
            EXPECT_EQ(digits(hear(stretches({-phase_ms - 1.0, 60, -limits.max_interruption.value, 60}), 8000,
                                  limits)),
                      "5")
                << each.name << phase_ms;
        }
    }
}

TEST(DtmfDetector, PartsFrequenciesAtTheProfilesLimits) {
    for (const DtmfProfile& each : dtmf_profiles()) {
        for (const char digit : {'1', '5', '9', 'D'}) {
            const Key key = *Key::from_character(digit);
            for (const double sign : {-1.0, 1.0}) {
                const auto percent = [&](const FrequencyTolerance& t, Hertz f) {
                    return sign * 100.0 * (t.at(f) / f);
                };
                KeyPress press{.key = digit, .low_dbm0 = -13, .high_dbm0 = -13};
                press.low_offset_percent = percent(each.limits.frequency_accepted, key.low());
                press.high_offset_percent = -percent(each.limits.frequency_accepted, key.high());
                EXPECT_EQ(digits(hear(stretches({50}, press), 8000, each.limits)), std::string(1, digit))
                    << each.name;
                press.low_offset_percent = percent(each.limits.frequency_rejected, key.low());
                press.high_offset_percent = 0.0;
                EXPECT_EQ(digits(hear(stretches({50}, press), 8000, each.limits)), "") << each.name;
                press.low_offset_percent = 0.0;
                press.high_offset_percent = percent(each.limits.frequency_rejected, key.high());
                EXPECT_EQ(digits(hear(stretches({50}, press), 8000, each.limits)), "") << each.name;
            }
        }
    }
}

TEST(DtmfDetector, TakesTheProfilesLevelsAndLevelDifferences) {
    for (const DtmfProfile& each : dtmf_profiles()) {
        const DtmfLimits& limits = each.limits;
        const auto heard = [&](double low, double high) {
            return digits(
                hear(stretches({50}, {.key = '8', .low_dbm0 = low, .high_dbm0 = high}), 8000, limits));
        };
        EXPECT_EQ(heard(-3.0 - limits.max_high_over_low.value, -3.0), "8") << each.name;
        EXPECT_EQ(heard(-3.0, -3.0 - limits.max_low_over_high.value), "8") << each.name;
        EXPECT_EQ(heard(limits.min_level_accepted.value, limits.min_level_accepted.value), "8") << each.name;
        EXPECT_EQ(heard(limits.max_level_rejected.value, limits.max_level_rejected.value), "") << each.name;
        EXPECT_EQ(heard(-3.0, -3.0), "8") << each.name;
    }
}

TEST(DtmfDetector, HearsKeysAsFarBelowWhiteNoiseAsItPromises) {
    // 1 dB SNR: both tones' power over that of the noise in 0-4 kHz.
    Signal signal(800, 0.0);
    std::string sent;
    for (int i = 0; i < 400; ++i) {
        const char key = test::all_keys[static_cast<std::size_t>(i * 7 % 16)];
        sent += key;
        test::append(signal, test::sound({.key = key,
                                          .tone_ms = 40,
                                          .low_dbm0 = -13,
                                          .high_dbm0 = -13,
                                          .low_phase = 0.1 * i,
                                          .high_phase = 0.17 * i},
                                         8000));
        test::append_silence(signal, 320);
    }
    test::mix_into(signal, test::white_noise(signal.size(), -10.0 - 1.0, 99), 0);
    EXPECT_EQ(digits(hear(test::to_pcm16(signal))), sent);
}

TEST(DtmfDetector, HearsNoKeyInNoiseOrASingleTone) {
    EXPECT_THAT(hear(test::to_pcm16(test::white_noise(8000 * 60, -10.0, 3))),
                testing::Each(testing::Field(&DtmfReport::kind, DtmfReport::Kind::hint)));
    Signal sweep(8000 * 20);
    double phase = 0.0;
    for (std::size_t n = 0; n < sweep.size(); ++n) {
        phase += 2.0 * 3.14159265358979 *
                 (300.0 + 3100.0 * static_cast<double>(n) / static_cast<double>(sweep.size())) / 8000.0;
        sweep[n] = 0.3 * std::sin(phase);
    }
    EXPECT_EQ(digits(hear(test::to_pcm16(sweep))), "");
}

// Fed millisecond by millisecond: a hint within 15 ms of the onset, a confirmed key within 33 ms.
TEST(DtmfDetector, ReportsInTime) {
    for (double phase_ms = 0.0; phase_ms < 5.0; phase_ms += 0.125) {
        const Samples samples =
            stretches({-phase_ms - 0.5, 100}, {.key = 'B', .low_dbm0 = -13, .high_dbm0 = -13});
        const double onset_ms = 50.5 + phase_ms;
        DtmfDetector detector(SampleRate::narrowband());
        double hint_ms = 0.0;
        double begin_ms = 0.0;
        for (std::size_t at = 0; at + 8 <= samples.size(); at += 8) {
            const double now_ms = static_cast<double>(at + 8) / 8.0;
            detector.process(std::span(samples).subspan(at, 8), [&](const DtmfReport& report) {
                EXPECT_EQ(report.key.character(), 'B');
                (report.kind == DtmfReport::Kind::hint ? hint_ms : begin_ms) =
                    report.kind == DtmfReport::Kind::end ? begin_ms : now_ms;
            });
        }
        EXPECT_GT(hint_ms, onset_ms);
        EXPECT_LE(hint_ms, onset_ms + 15.0) << phase_ms;
        EXPECT_GT(begin_ms, hint_ms);
        EXPECT_LE(begin_ms, onset_ms + 33.0) << phase_ms;
    }
}

TEST(DtmfDetector, ALossNeitherEndsNorDoublesAKey) {
    const Samples samples = stretches({100, -100, 100}, {.key = '3'});
    for (std::size_t lost_at = 0; lost_at + 160 < samples.size(); lost_at += 40) {
        DtmfDetector detector(SampleRate::narrowband());
        Reports reports;
        const auto keep = [&](const DtmfReport& report) { reports.push_back(report); };
        detector.process(std::span(samples).first(lost_at), keep);
        detector.process_lost(160, keep);
        detector.process(std::span(samples).subspan(lost_at + 160), keep);
        EXPECT_EQ(detector.position(), std::ssize(samples));
        detector.finish(keep);
        EXPECT_EQ(digits(reports), "33") << lost_at;
    }
}

TEST_P(DtmfDetectorAt, ALossIsTheSameInPiecesAndBridgedUpToItsLimit) {
    const int rate = GetParam();
    const double longest_ms = longest_bridged_loss.value;
    for (const double lost_ms : {17.0, 90.0, longest_ms - 1.0, longest_ms, longest_ms + 1.0, 333.0, 4000.0}) {
        const Samples samples = stretches({100 + lost_ms + 100}, {.key = '6'}, rate);
        const auto from = samples.size() / 2 - test::sample_count(lost_ms / 2.0, rate);
        const std::size_t lost = test::sample_count(lost_ms, rate);
        const auto hear_in_pieces = [&](std::size_t piece) {
            DtmfDetector detector(*SampleRate::from_hz(rate));
            Reports reports;
            const auto keep = [&](const DtmfReport& report) { reports.push_back(report); };
            detector.process(std::span(samples).first(from), keep);
            for (std::size_t at = 0; at < lost; at += piece) {
                detector.process_lost(static_cast<SampleCount>(std::min(piece, lost - at)), keep);
            }
            detector.process(std::span(samples).subspan(from + lost), keep);
            detector.finish(keep);
            return reports;
        };
        const Reports at_once = hear_in_pieces(lost);
        EXPECT_EQ(digits(at_once), lost_ms <= longest_ms ? "6" : "66") << lost_ms;
        for (const std::size_t piece : {std::size_t{1}, std::size_t{97}, test::sample_count(30.0, rate)}) {
            EXPECT_EQ(hear_in_pieces(piece), at_once) << lost_ms << " ms in pieces of " << piece;
        }
        for (const DtmfReport& report : at_once) {
            if (report.kind != DtmfReport::Kind::hint) {
                EXPECT_NEAR(report.low_frequency.value, 770.0, 0.5) << lost_ms;
            }
        }
    }
}

TEST(DtmfDetector, OneToneAloneIsNotEvenHinted) {
    for (std::size_t filter = 0; filter < 8; ++filter) {
        for (const double off_percent : {-1.9, -0.7, 0.0, 1.2}) {
            for (const double tone_ms : {23.0, 61.0, 500.0}) {
                const double hz = bank_frequency(filter).value * (1.0 + off_percent / 100.0);
                Samples samples(2000 + test::sample_count(tone_ms, 8000));
                for (std::size_t n = 0; n < test::sample_count(tone_ms, 8000); ++n) {
                    const double turns = hz * static_cast<double>(n) / 8000.0;
                    samples[n + 1003] = static_cast<std::int16_t>(
                        std::lround(5000.0 * std::sin(2.0 * std::numbers::pi * turns)));
                }
                EXPECT_TRUE(hear(samples, 8000).empty()) << hz << " Hz, " << tone_ms << " ms";
            }
        }
    }
}

TEST(DtmfDetector, ZerosInPlaceOfTwoLostFramesDoNotDoubleAKey) {
    // Parts of 30 ms, each of which could be a key by itself; 40 ms is the shortest key that must be
    // accepted.
    EXPECT_EQ(digits(hear(stretches({30, -40, 30}), 8000)), "5");
    EXPECT_EQ(digits(hear(stretches({30, -40, 40}), 8000)), "55");
    EXPECT_EQ(digits(hear(stretches({30, -50, 30}), 8000)), "55");
}

TEST_P(DtmfDetectorAt, ALongLossEndsAKeyAndKeepsTheClock) {
    const int rate = GetParam();
    const Samples key = stretches({100}, {.key = '7'}, rate);
    DtmfDetector detector(*SampleRate::from_hz(rate));
    Reports reports;
    const auto keep = [&](const DtmfReport& report) { reports.push_back(report); };
    const std::size_t half = key.size() / 2;
    detector.process(std::span(key).first(half), keep);
    const SampleCount day = SampleCount{24} * 3600 * rate + 13;
    detector.process_lost(day, keep);
    EXPECT_EQ(digits(reports), "7");
    detector.process(key, keep);
    detector.finish(keep);
    EXPECT_EQ(digits(reports), "77");
    const double expected = static_cast<double>(half) + static_cast<double>(day) + 0.05 * rate;
    EXPECT_NEAR(static_cast<double>(reports.back().onset), expected, 0.0005 * rate);
    detector.process_lost(-5, keep);
    detector.process_lost(0, keep);
}

TEST(DtmfDetector, KeepsItsClockOverADay) {
    DtmfDetector detector(SampleRate::narrowband());
    const auto ignore = [](const DtmfReport&) {};
    detector.process_lost(std::numeric_limits<SampleCount>::max() / 1000000, ignore);
    EXPECT_EQ(detector.position(), std::numeric_limits<SampleCount>::max() / 1000000);
}

TEST(DtmfDetector, SurvivesEverySampleValue) {
    std::mt19937 random(13);
    std::uniform_int_distribution<int> any(-32768, 32767);
    for (const int rate : SampleRate::offered_hz) {
        DtmfDetector detector(*SampleRate::from_hz(rate));
        const auto finite = [&](const DtmfReport& report) {
            EXPECT_TRUE(std::isfinite(report.low_level.value));
            EXPECT_TRUE(std::isfinite(report.snr.value));
        };
        Samples samples(static_cast<std::size_t>(rate));
        for (int trial = 0; trial < 10; ++trial) {
            for (std::size_t n = 0; n < samples.size(); ++n) {
                // Noise, full-scale square waves of the keys' frequencies, and constant full scale of both
                // signs.
                const double turns = 697.0 * static_cast<double>(n) / rate;
                samples[n] =
                    trial % 3 == 0 ? static_cast<std::int16_t>(any(random))
                    : trial % 3 == 1
                        ? (turns - std::floor(turns) < 0.5 ? std::int16_t{32767} : std::int16_t{-32768})
                        : (n / 4000 % 2 == 0 ? std::int16_t{-32768} : std::int16_t{32767});
            }
            detector.process(samples, finite);
        }
        detector.finish(finite);
    }
}

TEST(DtmfDetector, HearsAKeyThatEndsWithTheStream) {
    const Samples samples = stretches({40});
    const auto until_its_end = std::span(samples).first(samples.size() - 400);
    DtmfDetector detector(SampleRate::narrowband());
    const Reports reports = hear(detector, until_its_end);
    ASSERT_EQ(digits(reports), "5");
    EXPECT_EQ(reports.back().onset + reports.back().duration, std::ssize(until_its_end));
}

} // namespace
} // namespace keytone
