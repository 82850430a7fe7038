// SPDX-License-Identifier: MIT
#include "engine/ringback.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/levels.hpp"
#include "dsp/units.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace keytone {

namespace {

constexpr double low_hz = 440.0;
constexpr double high_hz = 480.0;
constexpr Dbm0 level{-19.0};
constexpr Milliseconds sounds{2000};
constexpr Milliseconds one_cadence{6000};

} // namespace

PromptPtr ringback(SampleRate rate) {
    const double peak = full_scale_pcm16 * sine_peak(level);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(rate.samples(one_cadence)));
    const std::uint64_t low_step = phase_step(low_hz, rate.hz());
    const std::uint64_t high_step = phase_step(high_hz, rate.hz());
    const auto sounding = static_cast<std::size_t>(rate.samples(sounds));
    for (std::size_t i = 0; i < sounding; ++i) {
        const float both = sine_of_phase(i * low_step) + sine_of_phase(i * high_step);
        samples[i] = static_cast<std::int16_t>(std::lround(peak * static_cast<double>(both)));
    }
    return std::make_shared<const Prompt>(Prompt{rate, std::move(samples)});
}

} // namespace keytone
