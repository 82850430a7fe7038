// SPDX-License-Identifier: MIT
#pragma once

#include "engine/media/spsc_ring.hpp"
#include "engine/media_report.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace keytone {

/// Whether the report belongs to the life of an op. Each op has two such reports: that it started, and how it
/// ended; an op that never starts only has the second. `[any]`
constexpr bool is_of_op_life(MediaReport::Kind kind) {
    return kind <= MediaReport::Kind::op_cancelled;
}
/// Whether it is the last report of its op. `[any]`
constexpr bool ends_op(MediaReport::Kind kind) {
    return is_of_op_life(kind) && kind != MediaReport::Kind::op_started;
}

/// The queue of a call's reports to its control thread. Room is reserved for those of the ops' lives, so that
/// none of them is ever lost; others are dropped, and counted, when only the reserved room is left.
class ReportOutbox {
  public:
    static constexpr std::size_t reports_per_op = 2;

    /// `ops`: how many ops may be running or queued at a time, counted until their last report is popped;
    /// whoever pushes ops has to ensure that. A capacity below what they need is raised to it. `[control]`
    ReportOutbox(std::size_t capacity, std::size_t ops)
        : ring_(std::max(capacity, reports_per_op * ops)), reserve_(reports_per_op * ops) {}

    /// `[audio]`
    void put(const MediaReport& report) noexcept {
        const bool has_room = is_of_op_life(report.kind) || ring_.free() > reserve_;
        if (!has_room || !ring_.try_push(report)) {
            lost_.fetch_add(1, std::memory_order_relaxed);
        }
    }
    /// `[control]`
    bool try_pop(MediaReport& report) noexcept { return ring_.try_pop(report); }
    /// How many were dropped so far. `[any]`
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

  private:
    SpscRing<MediaReport> ring_;
    std::size_t reserve_;
    std::atomic<std::uint64_t> lost_{0};
};

} // namespace keytone
