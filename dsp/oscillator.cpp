// SPDX-License-Identifier: MIT
#include "dsp/oscillator.hpp"

#include "dsp/sine.hpp"

#include <cmath>
#include <cstddef>

namespace keytone {

Result<Oscillator, Error> Oscillator::create(Hertz frequency, SampleRate rate) noexcept {
    // Turns a sample. Rounding to double leaves at most 2^-55 turn, which 24 h at 48 kHz make 7e-7 rad.
    const double turns = frequency.value / rate.hz();
    if (!(turns > 0.0 && turns < 0.5)) {
        return Error::frequency_out_of_range;
    }
    return Oscillator(static_cast<std::uint64_t>(std::ldexp(turns, 64)));
}

void Oscillator::generate(std::span<float> out, float peak) noexcept {
    std::uint64_t phase = phase_;
    for (float& sample : out) {
        sample = peak * sine_of_phase(phase);
        phase += step_;
    }
    phase_ = phase;
}

void Oscillator::add_to(std::span<float> out, float peak) noexcept {
    std::uint64_t phase = phase_;
    for (float& sample : out) {
        sample += peak * sine_of_phase(phase);
        phase += step_;
    }
    phase_ = phase;
}

double Oscillator::phase() const noexcept {
    // The top 53 bits: what a double holds without rounding up to a full turn.
    return static_cast<double>(phase_ >> 11U) * 0x1p-53;
}

} // namespace keytone
