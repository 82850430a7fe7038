// SPDX-License-Identifier: MIT
#include "engine/ringback.hpp"

#include "dsp/levels.hpp"
#include "dsp/units.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

namespace keytone {

namespace {

constexpr double low_hz = 440.0;
constexpr double high_hz = 480.0;
constexpr Dbm0 level{-19.0};
constexpr Milliseconds sounds{2000};
constexpr Milliseconds cadence{6000};

} // namespace

PromptPtr ringback(SampleRate rate) {
    const double peak = full_scale_pcm16 * sine_peak(level);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(rate.samples(cadence)));
    const auto sounding = static_cast<std::size_t>(rate.samples(sounds));
    for (std::size_t i = 0; i < sounding; ++i) {
        const double turn = 2.0 * std::numbers::pi * static_cast<double>(i) / rate.hz();
        samples[i] = static_cast<std::int16_t>(
            std::lround(peak * (std::sin(low_hz * turn) + std::sin(high_hz * turn))));
    }
    return std::make_shared<const Prompt>(Prompt{rate, std::move(samples)});
}

} // namespace keytone
