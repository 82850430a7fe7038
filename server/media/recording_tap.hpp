// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/media/spsc_ring.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace keytone::server {

/// 20 ms of a leg, for a recording.
struct RecordedBlock {
    SampleIndex begin; ///< On the leg's clock.
    std::array<std::int16_t, 160> heard;
    std::array<std::int16_t, 160> sent;
};

/// Copies of leg a's blocks, on their way to a file. One thread puts, one takes.
class RecordingTap {
  public:
    /// Has room for so many blocks. `[control]`
    explicit RecordingTap(std::size_t blocks) : ring_(blocks) {}

    /// Where there is no room the block is left out: the next one's `begin` tells so. `[audio]`
    void put(const RecordedBlock& block) noexcept {
        if (!is_closed_.load(std::memory_order_relaxed)) {
            ring_.try_push(block);
        }
    }
    /// Takes nothing any more. `[any]`
    void close() noexcept { is_closed_.store(true, std::memory_order_relaxed); }

    /// False when there is none: then `block` stays as it was. The thread that takes.
    bool next(RecordedBlock& block) noexcept { return ring_.try_pop(block); }

  private:
    SpscRing<RecordedBlock> ring_;
    std::atomic<bool> is_closed_{false};
};

} // namespace keytone::server
