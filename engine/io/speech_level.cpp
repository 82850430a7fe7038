// SPDX-License-Identifier: MIT
#include "engine/io/speech_level.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace keytone::io {
namespace {

// ITU-T P.56, table 1.
constexpr double time_constant_seconds = 0.03;
constexpr double hangover_seconds = 0.2;
constexpr double margin_db = 15.9;

constexpr double trim_below_peak_db = 40.0;
constexpr double trim_margin_seconds = 0.01;
constexpr double highest_peak_db = -3.0;

double to_db(double power) {
    return 10.0 * std::log10(power);
}

float peak_of(std::span<const float> speech) {
    float peak = 0.0F;
    for (const float sample : speech) {
        peak = std::max(peak, std::abs(sample));
    }
    return peak;
}

} // namespace

Dbm0 active_speech_level(std::span<const float> speech, int rate_hz) {
    // Each threshold is twice the one before: 6 dB apart, as P.56 asks, from one 16-bit step to full scale.
    struct Threshold {
        double envelope;
        double active_samples = 0.0;
        int hangover_left = 0;
    };
    std::array<Threshold, 16> thresholds{};
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        thresholds[i].envelope = std::ldexp(1.0, static_cast<int>(i) - 16);
    }
    const double smoothing = std::exp(-1.0 / (rate_hz * time_constant_seconds));
    const int hangover = static_cast<int>(std::ceil(rate_hz * hangover_seconds));
    double energy = 0.0;
    double once_smoothed = 0.0;
    double envelope = 0.0;
    for (const float sample : speech) {
        const double x = static_cast<double>(sample);
        energy += x * x;
        once_smoothed = smoothing * once_smoothed + (1.0 - smoothing) * std::abs(x);
        envelope = smoothing * envelope + (1.0 - smoothing) * once_smoothed;
        for (Threshold& threshold : thresholds) {
            if (envelope >= threshold.envelope) {
                threshold.active_samples += 1.0;
                threshold.hangover_left = hangover;
            } else if (threshold.hangover_left > 0) {
                threshold.active_samples += 1.0;
                --threshold.hangover_left;
            }
        }
    }
    // The level whose threshold is below it by the margin, interpolated between the two thresholds around it.
    double last_level = 0.0;
    double last_excess = 0.0;
    for (std::size_t i = 0; i < thresholds.size() && thresholds[i].active_samples > 0.0; ++i) {
        const double level = to_db(energy / thresholds[i].active_samples);
        const double excess = level - 2.0 * to_db(thresholds[i].envelope) - margin_db;
        if (excess <= 0.0) {
            const double share = i == 0 ? 1.0 : last_excess / (last_excess - excess);
            return mean_square_level(
                std::pow(10.0, (i == 0 ? level : last_level + share * (level - last_level)) / 10.0));
        }
        last_level = level;
        last_excess = excess;
    }
    // Too short or too steady to reach the margin: all of it counts.
    return mean_square_level(speech.empty() ? 0.0 : energy / static_cast<double>(speech.size()));
}

std::span<const float> trim_silence(std::span<const float> speech, int rate_hz) {
    const float peak = peak_of(speech);
    if (peak == 0.0F) {
        return {};
    }
    const auto threshold = peak * static_cast<float>(amplitude_ratio(Decibels{-trim_below_peak_db}));
    const auto is_loud = [threshold](float sample) { return std::abs(sample) >= threshold; };
    const auto first = std::find_if(speech.begin(), speech.end(), is_loud) - speech.begin();
    const auto last = std::find_if(speech.rbegin(), speech.rend(), is_loud).base() - speech.begin();
    const auto margin = static_cast<std::ptrdiff_t>(trim_margin_seconds * rate_hz);
    const auto begin = std::max<std::ptrdiff_t>(0, first - margin);
    const auto end = std::min(std::ssize(speech), last + margin);
    return speech.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

void set_speech_level(std::span<float> speech, int rate_hz, Dbm0 level) {
    const float peak = peak_of(speech);
    if (peak == 0.0F) {
        return;
    }
    const double wanted = amplitude_ratio(level - active_speech_level(speech, rate_hz));
    const double most = amplitude_ratio(Decibels{highest_peak_db}) / static_cast<double>(peak);
    const auto gain = static_cast<float>(std::min(wanted, most));
    for (float& sample : speech) {
        sample *= gain;
    }
}

} // namespace keytone::io
