// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

struct ResamplingFilter;

/// Converts a stream from one offered rate to another, by a linear-phase filter: within 0.1 dB up to 85 % of
/// the lower rate's half, and 65 dB down from that half on, so that neither images nor aliases are heard.
/// Equal rates pass through unchanged. After n input samples, exactly ceil(n · to / from) samples have come
/// out. A plain value of less than 300 bytes for any pair; results do not depend on how the input is cut into
/// calls.
class Resampler {
  public:
    /// The first construction for a pair of rates computes its filter, which both directions and all
    /// instances share. `[control]`
    Resampler(SampleRate from, SampleRate to);

    /// Takes samples from the front of `in` until it is empty or `out` is full; returns how many it wrote.
    /// `in` may be empty while samples are still due for which `out` had no room. Clips. `[audio]`
    std::size_t process(std::span<const std::int16_t>& in,
                        std::span<std::int16_t> out) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// How many samples the next `in` input samples (at most 10^12) give, with those still due. `[any]`
    [[nodiscard]] SampleCount output_count(SampleCount in) const noexcept;
    /// Delay in samples of the lower rate: the input's instant t comes out at t + delay() / lower rate.
    /// `[any]`
    [[nodiscard]] SampleCount delay() const noexcept;

  private:
    static constexpr std::size_t taps = 56;

    [[nodiscard]] std::size_t interpolate(std::span<const std::int16_t>& in,
                                          std::span<std::int16_t> out) noexcept;
    [[nodiscard]] std::size_t decimate(std::span<const std::int16_t>& in,
                                       std::span<std::int16_t> out) noexcept;

    const ResamplingFilter* filter_; // nothing when the rates are equal
    bool upwards_;
    float gain_;
    // Distance from the newest input to the next output, in 1/phases of a sample of the lower rate.
    int phase_ = 0;
    // Upwards, the last inputs, newest first; downwards, the sums of the next outputs, soonest first. Either
    // way one value for each sample of the lower rate: a filter of this length at the higher rate needs no
    // more.
    std::array<float, taps> line_{};

    friend struct ResamplingFilter;
};

} // namespace keytone
