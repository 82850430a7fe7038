// SPDX-License-Identifier: MIT
//
// Connects both legs of a call: each sends what the other heard, one fixed delay later, whichever of them the
// host asks first:
//
//     b hears     | 0 | 1 | 2 | 3 |
//     a sends         | 0 | 1 | 2 | 3 |
//                 |<->| delay, no shorter than a block of the host
//
// Leg b's op at sample s connects: b sends what it hears of a from s on; a, which may be a block ahead,
// follows one delay later. Disconnecting works in the same way.
#pragma once

#include "dsp/resampler.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace keytone {

/// The last samples that one leg heard, on the clock of the other, which sends them.
class HeardHistory {
  public:
    /// Keeps the last `capacity` samples. `[control]`
    HeardHistory(SampleRate from, SampleRate to, std::size_t capacity);

    /// Sets where the sending leg's clock is at the first sample heard. `[audio]`
    void start_at(SampleIndex position) noexcept;
    /// `[audio]`
    void hear(std::span<const std::int16_t> samples) noexcept;
    /// Fetches from memory where the next `count` samples will be kept. `[audio]`
    void prefetch(SampleCount count) const noexcept;
    /// Fetches all that is kept. `[audio]`
    void prefetch_all() const noexcept;
    /// Copies what was heard from `first` on, with silence for what has not come yet or is no longer kept;
    /// returns the number of those samples. `[audio]`
    [[nodiscard]] std::size_t copy(SampleIndex first, std::span<std::int16_t> out) const noexcept;

    /// Memory in bytes, beyond the object itself. `[any]`
    [[nodiscard]] std::size_t bytes() const noexcept {
        return samples_.size() * sizeof(std::int16_t) + (resampler_ ? sizeof(Resampler) : 0);
    }

  private:
    [[gnu::noinline]] void hear_in_parts(std::span<const std::int16_t> samples) noexcept;
    std::size_t take(std::span<const std::int16_t>& samples, std::span<std::int16_t> out) noexcept;

    std::unique_ptr<Resampler> resampler_; // nothing at equal rates
    std::vector<std::int16_t> samples_;    // a sample's place is its index modulo the size
    std::size_t place_ = 0;                // of the next one
    SampleIndex begin_ = 0;
    SampleIndex end_ = 0;
};

/// Connects both legs of a call, at equal rates or not. All functions are called by the call's one audio
/// thread, unless marked otherwise.
class CallBridge {
  public:
    /// `max_block`: no leg is ever further ahead of the other than this. `delay` must be at least as long. A
    /// bridge that does not mix does nothing and needs no memory. `held_back`: hear() gets each leg's samples
    /// so many samples late, and the delay is longer by that. `[control]`
    CallBridge(PerLeg<SampleRate> rate, Milliseconds delay, Milliseconds max_block, bool mixes,
               PerLeg<SampleCount> held_back = {});

    /// The leg's first sample is at `position`. `[audio]`
    void start_at(Leg leg, SampleIndex position) noexcept;
    /// Fetches from memory what hearing the leg's block at `at` touches, and sending it. `[audio]`
    void prefetch(Leg leg, SampleIndex at) const noexcept;
    /// Takes what the leg heard next. `[audio]`
    void hear(Leg leg, std::span<const std::int16_t> samples) noexcept;
    void hear_lost(Leg leg, SampleCount count) noexcept;

    /// Connects both legs, from `at` on `leg`'s clock. `[audio]`
    void connect(Leg leg, SampleIndex at) noexcept;
    /// Disconnects them. `[audio]`
    void part(Leg leg, SampleIndex at) noexcept;
    /// Whether the leg sends what the other heard. `[audio]`
    [[nodiscard]] bool connected(Leg leg, SampleIndex at) const noexcept;
    /// When connected() changes next; `unlimited` for never. `[audio]`
    [[nodiscard]] SampleIndex next_change(Leg leg, SampleIndex now) const noexcept;
    /// Writes what the leg sends from `first` on. `[audio]`
    void send(Leg leg, SampleIndex first, std::span<std::int16_t> out) noexcept;

    /// Samples that did not come in time, and were sent as silence. `[any]`
    [[nodiscard]] std::uint64_t samples_missing() const noexcept {
        return missing_.load(std::memory_order_relaxed);
    }
    /// Memory in bytes, beyond the object itself. `[any]`
    [[nodiscard]] std::size_t bytes() const noexcept { return heard_[0].bytes() + heard_[1].bytes(); }

  private:
    /// When a leg sends what the other heard, on the sending leg's clock.
    struct Connection {
        SampleIndex from = 0;
        SampleIndex until = 0;
        SampleIndex heard_from = 0; // what the other heard before this is not sent
    };

    /// The history that `leg` sends from.
    [[nodiscard]] HeardHistory& history_for(Leg leg) noexcept {
        return heard_[static_cast<std::size_t>(leg)];
    }
    [[nodiscard]] const HeardHistory& history_for(Leg leg) const noexcept {
        return heard_[static_cast<std::size_t>(leg)];
    }

    bool mixes_;
    PerLeg<SampleRate> rate_;
    PerLeg<SampleCount> delay_;
    PerLeg<SampleCount> max_block_;
    PerLeg<Connection> connection_;
    std::array<HeardHistory, 2> heard_;
    std::atomic<std::uint64_t> missing_{0};
};

} // namespace keytone
