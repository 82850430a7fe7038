// SPDX-License-Identifier: MIT
//
// Whether the audio thread keeps pace with its device. Audio systems report lost samples by flags, but not
// all of them report all losses: so this counts the flags, and also compares the blocks with the clock.
//
//     due      |        |        |        |        |        blocks, at the pace of the device's rate
//     begins   |-|      |--|      |-|           |-|         the fourth is late if that is more than the
//                                                           device's buffers bridge; the following ones
//                                                           are then due by its begin
#pragma once

#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace keytone::io {

/// What the audio system reports about a block.
struct BlockFlags {
    bool input_underflow = false;  ///< Silence in place of samples that did not come.
    bool input_overflow = false;   ///< Samples before this block were lost.
    bool output_underflow = false; ///< There was a gap before this block.
    bool output_overflow = false;  ///< This block will not be played.
};

/// What was counted since the stream began.
struct StreamCounts {
    std::uint64_t blocks = 0;
    std::uint64_t late = 0;      ///< Blocks that began too late for the device's buffers.
    std::uint64_t over_time = 0; ///< Blocks whose processing took longer than they last.
    std::uint64_t input_underflows = 0;
    std::uint64_t input_overflows = 0;
    std::uint64_t output_underflows = 0;
    std::uint64_t output_overflows = 0;
    double busiest = 0.0; ///< Processing time over a block's duration, at most.

    /// Whether nothing was lost, as far as can be told.
    [[nodiscard]] bool sound() const {
        return late + over_time + input_underflows + input_overflows + output_underflows + output_overflows ==
               0;
    }
};

/// Counts what goes wrong in a stream. It reads no clock: times are passed in.
class StreamHealth {
  public:
    using Clock = std::chrono::steady_clock;

    /// The device's buffers bridge `latency_s` seconds. `[control]`
    StreamHealth(SampleRate rate, double latency_s) : rate_(rate), latency_s_(latency_s) {}

    /// A block of `frames` begins. `[audio]`
    void begin(Clock::time_point now, std::size_t frames,
               const BlockFlags& flags) noexcept KEYTONE_NONBLOCKING {
        begun_ = now;
        block_s_ = static_cast<double>(frames) / rate_.hz();
        if (blocks_.load(std::memory_order_relaxed) == 0) {
            first_ = now;
        }
        const double now_s = std::chrono::duration<double>(now - first_).count();
        const double lateness = now_s - due_s_;
        if (lateness > latency_s_ + blocks_bridged * block_s_) {
            add(late_, true);
            due_s_ = now_s;
        }
        due_s_ = std::min(due_s_, now_s) + block_s_ * (1.0 + clocks_apart);
        add(input_underflows_, flags.input_underflow);
        add(input_overflows_, flags.input_overflow);
        add(output_underflows_, flags.output_underflow);
        add(output_overflows_, flags.output_overflow);
        blocks_.fetch_add(1, std::memory_order_release);
    }

    /// The block that began last is done. `[audio]`
    void end(Clock::time_point now) noexcept KEYTONE_NONBLOCKING {
        if (block_s_ > 0.0) {
            const double busy = std::chrono::duration<double>(now - begun_).count() / block_s_;
            add(over_time_, busy > 1.0);
            busiest_.store(std::max(busy, busiest_.load(std::memory_order_relaxed)),
                           std::memory_order_relaxed);
        }
    }

    /// Blocks that began so far. `[any]`
    [[nodiscard]] std::uint64_t blocks() const noexcept { return blocks_.load(std::memory_order_acquire); }

    /// Each count by itself is right; while the stream runs, one may be a block ahead of another. `[any]`
    [[nodiscard]] StreamCounts counts() const noexcept {
        return {
            .blocks = blocks(),
            .late = late_.load(std::memory_order_relaxed),
            .over_time = over_time_.load(std::memory_order_relaxed),
            .input_underflows = input_underflows_.load(std::memory_order_relaxed),
            .input_overflows = input_overflows_.load(std::memory_order_relaxed),
            .output_underflows = output_underflows_.load(std::memory_order_relaxed),
            .output_overflows = output_overflows_.load(std::memory_order_relaxed),
            .busiest = busiest_.load(std::memory_order_relaxed),
        };
    }

  private:
    using Counter = std::atomic<std::uint64_t>;

    /// A device may deliver a block at the beginning or at the end of the time that the block covers.
    static constexpr double blocks_bridged = 2.0;
    /// How much slower the device's clock may be than the machine's.
    static constexpr double clocks_apart = 1e-3;

    static void add(Counter& counter, bool one) noexcept {
        counter.fetch_add(one ? 1 : 0, std::memory_order_relaxed);
    }

    SampleRate rate_;
    double latency_s_;
    // Used by the audio thread only.
    Clock::time_point first_;
    Clock::time_point begun_;
    double block_s_ = 0.0;
    double due_s_ = 0.0; ///< When the next block should begin at the latest, counted from the first.

    Counter blocks_{0};
    Counter late_{0};
    Counter over_time_{0};
    Counter input_underflows_{0};
    Counter input_overflows_{0};
    Counter output_underflows_{0};
    Counter output_overflows_{0};
    std::atomic<double> busiest_{0.0};
};

} // namespace keytone::io
