// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace keytone {

struct DecimationFilter;

/// Brings a stream of any offered rate down to 8 kHz by a linear-phase filter: flat within 0.1 dB to 3100 Hz,
/// and what would fold onto that is 54 dB down. Output sample m stands for the instant of input sample m ·
/// input_cycle / output_cycle; it comes out up to 1 ms later. 8 kHz passes through as it is. A plain value;
/// results do not depend on how the input is cut.
class Decimator {
  public:
    /// The first construction for a rate makes its filter, which all of them share. `[control]`
    explicit Decimator(SampleRate rate);

    /// Takes samples off the front of `in` until it is empty or `out` is full; returns how many it wrote.
    /// `[audio]`
    std::size_t process(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept;
    /// Begins anew. `[audio]`
    void reset() noexcept;

    /// `input_cycle` samples in are `output_cycle` samples out. `[any]`
    [[nodiscard]] int input_cycle() const noexcept;
    [[nodiscard]] int output_cycle() const noexcept;
    /// Input samples that must follow an instant before its output can come. `[any]`
    [[nodiscard]] int lookahead() const noexcept;

  private:
    static constexpr std::size_t capacity = 128; // more than the longest filter

    const DecimationFilter* filter_; // nothing at 8 kHz
    std::uint16_t held_;             // samples in history_
    std::uint16_t needed_;           // samples that history_ must hold for the next output
    std::int32_t phase_ = 0;         // of the next output, in 1/output_cycle of an input sample
    std::array<std::int16_t, capacity> history_{};
};

} // namespace keytone
