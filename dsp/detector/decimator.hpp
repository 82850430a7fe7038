// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace keytone {

struct DecimationFilter;

/// A stream through one filter of at most `most_taps`: part of a Decimator.
template <std::size_t most_taps>
class DecimationStage {
  public:
    explicit DecimationStage(const DecimationFilter* filter);

    /// See Decimator::process. `[audio]`
    std::size_t process(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept;
    void reset() noexcept;
    /// Input samples that the next `outputs` (1 or more) need, and no more. `[audio]`
    [[nodiscard]] std::size_t needed(std::size_t outputs) const noexcept;
    /// Nothing for a stage that is not used. `[any]`
    [[nodiscard]] const DecimationFilter* filter() const noexcept { return filter_; }

  private:
    const DecimationFilter* filter_;
    std::int32_t phase_ = 0; // of the next output, in 1/output_cycle of an input sample
    std::uint16_t held_ = 0; // samples in history_: the beginning of the next output's
    std::array<std::int16_t, most_taps - 1> history_{};
};

/// Converts a stream of any offered rate to 8 kHz by linear-phase filters: flat within 0.1 dB to 3100 Hz, and
/// what would fold onto that is 54 dB down. Output sample m stands for the instant of input sample m ·
/// input_cycle / output_cycle; it comes out up to 1.1 ms later. 8 kHz passes through unchanged. A plain
/// value; results do not depend on how the input is cut into calls.
class Decimator {
  public:
    /// The first construction for a rate computes its filter, which all later ones share. `[control]`
    explicit Decimator(SampleRate rate);

    /// Takes samples from the front of `in` until it is empty or `out` is full; returns how many it wrote.
    /// `[audio]`
    std::size_t process(std::span<const std::int16_t>& in, std::span<std::int16_t> out) noexcept;
    /// Forgets the stream. `[audio]`
    void reset() noexcept;

    /// The lengths of the rates' common cycle: `input_cycle` input samples give `output_cycle` output
    /// samples. `[any]`
    [[nodiscard]] int input_cycle() const noexcept;
    [[nodiscard]] int output_cycle() const noexcept;
    /// Input samples that are needed after an instant before its output can come. `[any]`
    [[nodiscard]] int lookahead() const noexcept;

  private:
    static constexpr std::size_t longest_first = 19; // to a quarter
    static constexpr std::size_t longest_last = 91;  // from 48 kHz

    DecimationStage<longest_first> first_; // above 48 kHz
    DecimationStage<longest_last> last_;   // above 8 kHz
};

} // namespace keytone
