// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/error.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <span>

namespace keytone {

/// A sine of one frequency that begins at phase 0. The phase is an integer that wraps with the turn, so it
/// neither drifts nor depends on how the stream is cut into calls: within 1e-5 rad of the exact phase after
/// 24 h at 48 kHz.
class Oscillator {
  public:
    /// `frequency` above 0 and below half the rate. Errors: frequency_out_of_range. `[any]`
    static Result<Oscillator, Error> create(Hertz frequency, SampleRate rate) noexcept;

    /// Writes the next samples, their peak being `peak`. `[audio]`
    void generate(std::span<float> out, float peak) noexcept;
    /// Adds the next samples to those in `out`. `[audio]`
    void add_to(std::span<float> out, float peak) noexcept;
    /// Goes on (or back, when negative) by `count` samples, at once. `[audio]`
    void advance(SampleCount count) noexcept { phase_ += static_cast<std::uint64_t>(count) * step_; }
    /// Back to phase 0. `[audio]`
    void reset() noexcept { phase_ = 0; }

    /// Phase of the next sample in turns, 0 to 1. `[any]`
    [[nodiscard]] double phase() const noexcept;

  private:
    explicit Oscillator(std::uint64_t step) : step_(step) {}

    // In units of 2^-64 turn: unsigned overflow is the wrap at the full turn.
    std::uint64_t phase_ = 0;
    std::uint64_t step_;
};

} // namespace keytone
