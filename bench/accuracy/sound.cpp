// SPDX-License-Identifier: MIT
#include "bench/accuracy/sound.hpp"

#include "bench/accuracy/random.hpp"

#include <samplerate.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace keytone::accuracy {

double sine_peak(double dbm0) {
    return std::pow(10.0, (dbm0 - full_scale_dbm0) / 20.0);
}

double mean_square(double dbm0) {
    return 0.5 * std::pow(10.0, (dbm0 - full_scale_dbm0) / 10.0);
}

double mean_square(std::span<const float> samples) {
    double sum = 0.0;
    for (const float sample : samples) {
        sum += static_cast<double>(sample) * static_cast<double>(sample);
    }
    return samples.empty() ? 0.0 : sum / static_cast<double>(samples.size());
}

double dbm0_of(double mean_square) {
    return full_scale_dbm0 + 10.0 * std::log10(2.0 * mean_square);
}

double power_ratio(double decibels) {
    return std::pow(10.0, decibels / 10.0);
}

double active_mean_square(std::span<const float> samples, int rate_hz) {
    const std::size_t frame = sample_count(20.0, rate_hz);
    std::vector<double> powers;
    for (std::size_t at = 0; at + frame <= samples.size(); at += frame) {
        powers.push_back(mean_square(samples.subspan(at, frame)));
    }
    if (powers.empty()) {
        return 0.0;
    }
    const double least = *std::max_element(powers.begin(), powers.end()) * power_ratio(-30.0);
    double sum = 0.0;
    std::size_t active = 0;
    for (const double power : powers) {
        if (power >= least) {
            sum += power;
            ++active;
        }
    }
    return sum / static_cast<double>(active);
}

std::size_t sample_count(double ms, int rate_hz) {
    return static_cast<std::size_t>(std::llround(ms * rate_hz / 1000.0));
}

void add_noise(Sound& sound, double signal_power, double snr_db, Random& random) {
    // The noise is white up to half the rate: at rates above 8 kHz, only a part of it lies below 4 kHz.
    const double power = signal_power * power_ratio(-snr_db) * sound.rate_hz / 8000.0;
    const double deviation = std::sqrt(power);
    for (float& sample : sound.samples) {
        sample += static_cast<float>(deviation * random.normal());
    }
}

void scale(Sound& sound, double decibels) {
    const auto factor = static_cast<float>(std::sqrt(power_ratio(decibels)));
    for (float& sample : sound.samples) {
        sample *= factor;
    }
}

Pcm to_pcm(std::span<const float> samples) {
    Pcm pcm(samples.size());
    std::transform(samples.begin(), samples.end(), pcm.begin(), [](float sample) {
        return static_cast<std::int16_t>(std::lrint(std::clamp(sample * 32768.0F, -32768.0F, 32767.0F)));
    });
    return pcm;
}

std::vector<float> from_pcm(std::span<const std::int16_t> samples) {
    std::vector<float> signal(samples.size());
    std::transform(samples.begin(), samples.end(), signal.begin(),
                   [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0F; });
    return signal;
}

std::vector<float> resampled(std::span<const float> samples, double ratio) {
    if (ratio == 1.0 || samples.empty()) {
        return {samples.begin(), samples.end()};
    }
    std::vector<float> out(static_cast<std::size_t>(static_cast<double>(samples.size()) * ratio) + 1);
    SRC_DATA data{};
    data.data_in = samples.data();
    data.input_frames = static_cast<long>(samples.size());
    data.data_out = out.data();
    data.output_frames = static_cast<long>(out.size());
    data.src_ratio = ratio;
    if (const int error = src_simple(&data, SRC_SINC_FASTEST, 1); error != 0) {
        throw std::runtime_error(src_strerror(error));
    }
    out.resize(static_cast<std::size_t>(data.output_frames_gen));
    return out;
}

Sound at_rate(Sound sound, int rate_hz) {
    if (sound.rate_hz != rate_hz) {
        sound.samples = resampled(sound.samples, static_cast<double>(rate_hz) / sound.rate_hz);
        sound.rate_hz = rate_hz;
    }
    return sound;
}

} // namespace keytone::accuracy
