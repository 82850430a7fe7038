// SPDX-License-Identifier: MIT
//
// When a media thread does what. A tick of 20 ms has slots of a millisecond, and each call one of them, so
// that packets do not leave in one burst:
//
//     ms         0       1       2              19      20      21
//     calls      | a, u  | b, v  | c     …      | t     | a, u  | b, v  …
//
// A thread that was stopped, by its machine or a debugger, makes up for a delay of up to three ticks. Of a
// longer one it leaves out all whole ticks: the far end's buffer holds no more than three, and a burst is
// lost on the way.
#pragma once

#include "server/media/instant.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::server {

/// The slots, one after the other. A plain value without a clock of its own.
class TickSchedule {
  public:
    static constexpr Instant tick = std::chrono::milliseconds(20);
    static constexpr std::size_t slots = 20;
    static constexpr Instant slot_length = tick / slots;
    static constexpr Instant most_made_up = 3 * tick;

    /// The first slot begins at `begin`.
    explicit TickSchedule(Instant begin) noexcept : due_(begin) {}

    /// When the slot begins. `[audio]`
    [[nodiscard]] Instant due() const noexcept { return due_; }
    /// Its place in the tick, from 0. `[audio]`
    [[nodiscard]] std::size_t slot() const noexcept { return slot_; }
    /// Leaves out whole ticks where, at `now`, it is too late to make up for them; each call keeps its slot.
    /// Returns how many. `[audio]`
    std::int64_t leave_out(Instant now) noexcept {
        const Instant late = now - due_;
        const std::int64_t ticks = late > most_made_up ? late / tick : 0;
        due_ += ticks * tick;
        return ticks;
    }
    /// Goes on to the next slot. `[audio]`
    void next() noexcept {
        due_ += slot_length;
        slot_ = (slot_ + 1) % slots;
    }

  private:
    Instant due_;
    std::size_t slot_ = 0;
};

} // namespace keytone::server
