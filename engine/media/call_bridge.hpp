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
#include <new>
#include <span>

namespace keytone {

/// The last samples that one leg heard, on the clock of the other, which sends them.
class HeardHistory {
  public:
    /// Keeps the last `capacity` samples. `[control]`
    HeardHistory(SampleRate from, SampleRate to, SampleCount capacity);

    /// Sets where the sending leg's clock is at the first sample heard. `[audio]`
    void start_at(SampleIndex position) noexcept;
    /// `[audio]`
    void hear(std::span<const std::int16_t> samples) noexcept;
    /// Passes over samples instead: neither they nor those before will be asked for. The rates are equal.
    /// `[audio]`
    void skip(std::size_t count) noexcept {
        end_ += static_cast<SampleCount>(count);
        forget();
    }
    /// What was heard so far will not be asked for. `[audio]`
    void forget() noexcept {
        begin_ = end_;
        place_ = 0;
    }
    /// Fetches from memory where the next `count` samples will be kept, if what was heard before is forgotten
    /// or not. `[audio]`
    void prefetch(SampleCount count, bool forgets) const noexcept;
    /// Fetches all that is kept. `[audio]`
    void prefetch_all() const noexcept;
    /// Copies what was heard from `first` on, with silence for what has not come yet or is no longer kept;
    /// returns the number of those samples. `[audio]`
    [[nodiscard]] std::size_t copy(SampleIndex first, std::span<std::int16_t> out) const noexcept;

    /// Where the next sample heard is. `[audio]`
    [[nodiscard]] SampleIndex end() const noexcept { return end_; }
    [[nodiscard]] bool is_empty() const noexcept { return begin_ == end_; }
    [[nodiscard]] bool resamples() const noexcept { return resampler_ != nullptr; }
    /// Memory in bytes, beyond the object itself. `[any]`
    [[nodiscard]] std::size_t bytes() const noexcept {
        return size_ * sizeof(std::int16_t) + (resampler_ ? sizeof(Resampler) : 0);
    }

  private:
    static constexpr std::align_val_t cache_line{64};
    struct Delete {
        void operator()(std::int16_t* samples) const noexcept { ::operator delete[](samples, cache_line); }
    };

    [[nodiscard]] std::span<std::int16_t> kept() const noexcept { return {samples_.get(), size_}; }
    [[gnu::noinline]] void hear_in_parts(std::span<const std::int16_t> samples) noexcept;
    std::size_t take(std::span<const std::int16_t>& samples, std::span<std::int16_t> out) noexcept;

    std::unique_ptr<Resampler> resampler_;            // nothing at equal rates
    std::unique_ptr<std::int16_t[], Delete> samples_; // a ring
    std::uint32_t size_;
    std::uint32_t place_ = 0; // of the next one
    SampleIndex begin_ = 0;   // of what is kept, or before
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
    /// Fetches from memory what hearing the leg's block at `at` touches, and sending it, beyond the object
    /// itself. `[audio]`
    void prefetch(Leg leg, SampleIndex at) const noexcept;
    /// The end of what every block touches of the object itself. `[any]`
    [[nodiscard]] const void* often_touched_end() const noexcept { return &heard_ + 1; }
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

    CallBridge(bool mixes, PerLeg<SampleRate> rate, PerLeg<SampleCount> delay,
               PerLeg<std::int32_t> max_block);

    /// The history that `leg` sends from.
    [[nodiscard]] HeardHistory& history_for(Leg leg) noexcept {
        return heard_[static_cast<std::size_t>(leg)];
    }
    [[nodiscard]] const HeardHistory& history_for(Leg leg) const noexcept {
        return heard_[static_cast<std::size_t>(leg)];
    }

    [[nodiscard]] bool may_forget(Leg leg) const noexcept;

    // What every block touches comes first.
    PerLeg<std::int32_t> max_block_;
    bool mixes_;
    PerLeg<Connection> connection_;
    std::array<HeardHistory, 2> heard_;
    PerLeg<SampleRate> rate_;
    PerLeg<SampleCount> delay_;
    std::atomic<std::uint64_t> missing_{0};
};

} // namespace keytone
