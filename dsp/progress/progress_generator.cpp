// SPDX-License-Identifier: MIT
#include "dsp/progress/progress_generator.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/generator/envelope.hpp"
#include "dsp/levels.hpp"
#include "dsp/simd/stream_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace keytone {

namespace {

constexpr SampleIndex for_ever = std::numeric_limits<SampleIndex>::max();
constexpr Dbm0 lowest_level{-60};

/// The phase of any number of turns.
std::uint64_t phase_of(double turns) {
    return phase_of_turns(turns - std::floor(turns));
}

/// The peak of each sine, for a mean power of that of one sine of peak 1.
double share(const ToneSound& sound) {
    if (sound.second.value > 0.0) {
        return std::sqrt(0.5);
    }
    const double depth = sound.modulation.value > 0.0 ? sound.modulation_depth : 0.0;
    return 1.0 / std::sqrt(1.0 + depth * depth / 2.0);
}

/// The peak of all of it.
double whole_peak(const ToneSound& sound) {
    const double sines = sound.second.value > 0.0 ? 2.0 : 1.0;
    const double most = sound.modulation.value > 0.0 ? 1.0 + sound.modulation_depth : 1.0;
    return sines * most * share(sound);
}

} // namespace

Result<ProgressGenerator, Error>
ProgressGenerator::create(const TonePattern& pattern, const ProgressSound& sound, SampleRate rate) noexcept {
    if (!(sound.level >= lowest_level && sound.level <= full_scale_sine)) {
        return Error::level_out_of_range;
    }
    for (const ToneStep& step : pattern.steps()) {
        if (step.sound.first.value > 0.0 && whole_peak(step.sound) * sine_peak(sound.level) > 1.0 + 1e-9) {
            return Error::level_clips;
        }
    }
    if (!(sound.edge.value >= 0.0 && sound.edge.value <= 1000.0)) {
        return Error::edge_out_of_range;
    }
    return ProgressGenerator(pattern, sound, rate);
}

ProgressGenerator::ProgressGenerator(const TonePattern& pattern, const ProgressSound& sound,
                                     SampleRate rate) noexcept
    : pattern_(pattern),
      rate_(rate),
      edge_(pattern.keeps_phase() ? 0 : rate.samples(sound.edge)),
      peak_(static_cast<float>(sine_peak(sound.level))) {
    const auto steps = pattern_.steps();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        (i < pattern_.repeats_from() ? lead_ms_ : round_ms_) += steps[i].length.value;
    }
    reset();
}

void ProgressGenerator::reset() noexcept {
    position_ = 0;
    enter(0, 0);
}

/// The sample at `milliseconds` from the pattern's begin, with `round` whole rounds before it.
SampleIndex ProgressGenerator::sample_at(double milliseconds, std::int64_t round) const noexcept {
    return rate_.samples(Milliseconds{milliseconds + static_cast<double>(round) * round_ms_});
}

void ProgressGenerator::enter(std::size_t place, std::int64_t round) noexcept {
    const auto steps = pattern_.steps();
    double begin = 0.0;
    for (std::size_t i = 0; i < std::min(place, steps.size()); ++i) {
        begin += steps[i].length.value;
    }
    step_ = {place, round, sample_at(begin, round), for_ever};
    if (place < steps.size() && steps[place].length.value > 0.0) {
        step_.end = sample_at(begin + steps[place].length.value, round);
    }
    make_sines();
}

void ProgressGenerator::go_on() noexcept {
    const std::size_t next = step_.place + 1;
    if (next < pattern_.steps().size()) {
        enter(next, step_.round);
    } else {
        enter(pattern_.repeats_from(), step_.round + 1);
    }
}

/// Where a sine of this frequency has to be at sample 0 to continue the phase of the step before.
std::uint64_t ProgressGenerator::kept_phase(double hertz) const noexcept {
    const auto steps = pattern_.steps();
    // Turns that the pattern makes, less those that this frequency makes in the same time.
    double before = 0.0;
    double a_round = 0.0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const double turns = (steps[i].sound.first.value - hertz) * steps[i].length.value / 1000.0;
        before += i < step_.place ? turns : 0.0;
        a_round += i < pattern_.repeats_from() ? 0.0 : turns;
    }
    return phase_of(before) + static_cast<std::uint64_t>(step_.round) * phase_of(a_round);
}

void ProgressGenerator::make_sines() noexcept {
    sines_ = {};
    modulation_ = {};
    if (step_.place >= pattern_.steps().size()) {
        return;
    }
    const ToneSound& sound = pattern_.steps()[step_.place].sound;
    const auto begin = static_cast<std::uint64_t>(step_.begin);
    const auto make = [&](Hertz frequency, double peak) {
        Sine sine{0, phase_step(frequency.value, rate_.hz()), static_cast<float>(peak)};
        // A step that does not continue the one before begins at phase 0.
        sine.start =
            pattern_.keeps_phase() ? kept_phase(frequency.value) : std::uint64_t{0} - begin * sine.step;
        sine.start += sound.reversed ? 2 * quarter_turn : 0;
        return sine;
    };
    const double peak = static_cast<double>(peak_) * share(sound);
    if (sound.first.value > 0.0) {
        sines_[0] = make(sound.first, peak);
    }
    if (sound.second.value > 0.0) {
        sines_[1] = make(sound.second, peak);
    }
    if (sound.modulation.value > 0.0) {
        modulation_ = {pattern_.keeps_phase()
                           ? 0
                           : std::uint64_t{0} - begin * phase_step(sound.modulation.value, rate_.hz()),
                       phase_step(sound.modulation.value, rate_.hz()),
                       static_cast<float>(sound.modulation_depth)};
    }
}

/// Samples of the current step, from `position_` on.
void ProgressGenerator::render(std::span<float> out) const noexcept {
    const auto first = static_cast<std::uint64_t>(position_);
    std::ranges::fill(out, 0.0F);
    for (const Sine& sine : sines_) {
        if (sine.peak > 0.0F) {
            for (std::size_t i = 0; i < out.size(); ++i) {
                out[i] += sine.peak * sine_of_phase(sine.start + (first + i) * sine.step);
            }
        }
    }
    if (modulation_.peak > 0.0F) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] *=
                1.0F + modulation_.peak * sine_of_phase(modulation_.start + (first + i) * modulation_.step);
        }
    }
    if (edge_ > 0 && sines_[0].peak > 0.0F) {
        const SampleCount length = step_.end == for_ever ? for_ever / 2 : step_.end - step_.begin;
        Envelope(length, edge_).apply(out, position_ - step_.begin);
    }
}

void ProgressGenerator::generate(std::span<float> out) noexcept {
    while (!out.empty()) {
        while (position_ >= step_.end) {
            go_on();
        }
        const auto count =
            static_cast<std::size_t>(std::min(static_cast<SampleCount>(out.size()), step_.end - position_));
        render(out.first(count));
        position_ += static_cast<SampleCount>(count);
        out = out.subspan(count);
    }
}

void ProgressGenerator::generate(std::span<std::int16_t> out) noexcept {
    std::array<float, 256> block{};
    while (!out.empty()) {
        const std::size_t count = std::min(out.size(), block.size());
        generate(std::span(block).first(count));
        simd::stream_kernels().to_pcm16(block.data(), static_cast<int>(count), out.data());
        out = out.subspan(count);
    }
}

} // namespace keytone
