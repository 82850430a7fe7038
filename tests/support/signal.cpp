// SPDX-License-Identifier: MIT
#include "tests/support/signal.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace keytone::test {

namespace {

double mean_square(std::span<const double> signal) {
    double sum = 0.0;
    for (const double x : signal) {
        sum += x * x;
    }
    return signal.empty() ? 0.0 : sum / static_cast<double>(signal.size());
}

double mean_square_at(double dbm0) {
    return 0.5 * std::pow(10.0, (dbm0 - full_scale_sine_dbm0) / 10.0);
}

} // namespace

std::size_t sample_count(double ms, int rate_hz) {
    return static_cast<std::size_t>(std::llround(ms * rate_hz / 1000.0));
}

double level_dbm0(std::span<const double> signal) {
    return 10.0 * std::log10(mean_square(signal) / 0.5) + full_scale_sine_dbm0;
}

Signal at_level(Signal signal, double dbm0) {
    const double scale = std::sqrt(mean_square_at(dbm0) / mean_square(signal));
    for (double& x : signal) {
        x *= scale;
    }
    return signal;
}

Signal white_noise(std::size_t count, double dbm0, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> sample(0.0, std::sqrt(mean_square_at(dbm0)));
    Signal noise(count);
    std::generate(noise.begin(), noise.end(), [&] { return sample(random); });
    return noise;
}

void mix_into(Signal& signal, std::span<const double> added, std::size_t at) {
    signal.resize(std::max(signal.size(), at + added.size()), 0.0);
    for (std::size_t i = 0; i < added.size(); ++i) {
        signal[at + i] += added[i];
    }
}

void append(Signal& signal, std::span<const double> tail) {
    signal.insert(signal.end(), tail.begin(), tail.end());
}

void append_silence(Signal& signal, std::size_t count) {
    signal.resize(signal.size() + count, 0.0);
}

std::vector<std::int16_t> to_pcm16(std::span<const double> signal) {
    std::vector<std::int16_t> samples;
    samples.reserve(signal.size());
    for (const double x : signal) {
        samples.push_back(static_cast<std::int16_t>(std::clamp(std::round(x * 32768.0), -32768.0, 32767.0)));
    }
    return samples;
}

Signal from_pcm16(std::span<const std::int16_t> samples) {
    Signal signal;
    signal.reserve(samples.size());
    for (const std::int16_t x : samples) {
        signal.push_back(x / 32768.0);
    }
    return signal;
}

} // namespace keytone::test
