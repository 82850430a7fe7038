// SPDX-License-Identifier: MIT
//
// How late packets come. A packet's transit is its arrival minus its timestamp; what counts is by how much it
// exceeds the shortest of the last seconds:
//
//     transit      |<------ base ------>|<- delay ->|
//     packets      |                    :  ..::.. . |      .
//     base         the shortest of the last `memory`: it follows the drift of both clocks
//     spread       what `share_in_time` of the packets' delays do not exceed, rounded up to whole steps
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace keytone {

/// Measures the delays of a stream's packets. A plain value.
class DelayEstimate {
  public:
    /// The share of packets that come within spread(). docs/decisions.md says why.
    static constexpr double share_in_time = 0.99;
    /// How far back the base looks.
    static constexpr Milliseconds memory{10'000};
    /// The unit in which the spread is counted.
    static constexpr Milliseconds step{5};
    /// Taken for the spread while few packets came.
    static constexpr Milliseconds first_spread{40};

    /// `clock` is the RTP clock.
    explicit DelayEstimate(SampleRate clock) noexcept;

    /// A packet sampled at `timestamp`, extended beyond 32 bits, came at `arrival`. `[audio]`
    void hear(SampleIndex timestamp, SampleIndex arrival) noexcept KEYTONE_NONBLOCKING;
    /// A packet that counts for the base only, as it may have been sent later than its timestamp says.
    /// `[audio]`
    void hear_base(SampleIndex timestamp, SampleIndex arrival) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the base, as other timestamps follow. The spread belongs to the network, and stays. `[audio]`
    void begin_anew() noexcept;

    /// The least transit, in clock units. 0 before anything came. `[any]`
    [[nodiscard]] SampleCount base() const noexcept { return base_; }
    /// In clock units: whole steps, at least one. `[any]`
    [[nodiscard]] SampleCount spread() const noexcept { return spread_; }

  private:
    static constexpr std::size_t slices = 8;
    static constexpr std::size_t bins = 64;
    /// How many packets the spread remembers; and before how many it is `first_spread` at least.
    static constexpr int remembered = 500;
    static constexpr int few = 25;

    /// The least transit of a part of the memory.
    struct Slice {
        SampleIndex number = -1;
        SampleCount least = 0;
    };

    SampleCount slice_length_;
    SampleCount step_;
    SampleCount first_spread_;
    SampleCount base_ = 0;
    SampleCount spread_;
    int heard_ = 0;
    std::array<Slice, slices> least_{};
    std::array<float, bins> share_{}; // of the packets, by their delay
};

} // namespace keytone
